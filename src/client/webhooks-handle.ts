import type { ControlClient } from "./control-client.ts";
import type { Delivery, DeliveryDetail, DeliveryMatch, Match, WebhookEndpoint } from "./documents.ts";
import { ListReader, type Within } from "./lists.ts";
import type { VendorName } from "./vendor-names.ts";

/** Webhooks of a sandbox: who gets them, what was sent, and how it was taken. */
export class WebhooksHandle {
  readonly endpoints: EndpointsHandle;
  readonly deliveries: DeliveriesHandle;
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/webhooks`;
    this.endpoints = new EndpointsHandle(control, `${this.#path}/endpoints`);
    this.deliveries = new DeliveriesHandle(control, `${this.#path}/deliveries`);
  }

  /** Sends webhooks (`deliver`), or keeps them for a test to read (`collect`), until the next reset. */
  async mode(mode: "deliver" | "collect"): Promise<void> {
    await this.#control.call("PUT", `${this.#path}/mode`, { body: { mode } });
  }
}

/** Endpoints that accounts have at vendors that keep them. */
export class EndpointsHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, path: string) {
    this.#control = control;
    this.#path = path;
  }

  /** Gives an account an endpoint; the secret is the vendor's published constant by default. */
  async add(endpoint: {
    readonly vendor: VendorName;
    readonly url: string;
    readonly account?: string;
    readonly secret?: string;
  }): Promise<WebhookEndpoint> {
    return this.#control.call("POST", this.#path, { body: endpoint });
  }

  async list({ vendor, account }: Pick<Match, "vendor" | "account"> = {}): Promise<WebhookEndpoint[]> {
    const query = { vendor, account };
    return (await this.#control.call<{ items: WebhookEndpoint[] }>("GET", this.#path, { query })).items;
  }

  /** Rotates its secret, switches it off or on, or points it elsewhere; what was told before stays as it was. */
  async change(
    id: string,
    change: { readonly url?: string; readonly secret?: string; readonly isEnabled?: boolean },
  ): Promise<WebhookEndpoint> {
    return this.#control.call("PATCH", `${this.#path}/${encodeURIComponent(id)}`, { body: change });
  }

  async remove(id: string): Promise<void> {
    await this.#control.call("DELETE", `${this.#path}/${encodeURIComponent(id)}`);
  }
}

export class DeliveriesHandle {
  readonly #control: ControlClient;
  readonly #path: string;
  readonly #list: ListReader<Delivery>;

  constructor(control: ControlClient, path: string) {
    this.#control = control;
    this.#path = path;
    this.#list = new ListReader(control, path, ({ id }) => id);
  }

  /** Those that match, oldest first. */
  async list(match: DeliveryMatch = {}): Promise<Delivery[]> {
    return this.#list.all(match);
  }

  /** The same, once there are `count` of them. */
  async atLeast(count: number, match: DeliveryMatch = {}, { within }: Within = {}): Promise<Delivery[]> {
    return this.#list.atLeast(count, match, within);
  }

  /** The oldest one that matches and that no earlier call of this handle has answered, waiting for it. */
  async next(match: DeliveryMatch = {}, { within }: Within = {}): Promise<DeliveryDetail> {
    return this.get((await this.#list.next(match, within)).id);
  }

  /** One with the exact bytes and headers that were sent, or would be. */
  async get(id: string): Promise<DeliveryDetail> {
    return this.#control.call("GET", `${this.#path}/${encodeURIComponent(id)}`);
  }

  /** Sends it again, now, whatever became of it. */
  async redeliver(id: string): Promise<DeliveryDetail> {
    return this.#control.call("POST", `${this.#path}/${encodeURIComponent(id)}/redeliver`);
  }

  /** Has {@link next} begin anew. */
  forget(): void {
    this.#list.forget();
  }
}
