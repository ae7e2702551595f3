/** Lists, awaits and repeats a sandbox's webhook deliveries, and changes its delivery mode and endpoints. */
import type { ControlClient } from "./control-client.ts";
import type { Delivery, DeliveryDetail, DeliveryMatch, Match, WebhookEndpoint } from "./documents.ts";
import { ListReader, type Within } from "./lists.ts";
import type { VendorName } from "./vendor-names.ts";

/** Controls a sandbox's webhooks: their endpoints and their deliveries. */
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

/** Manages the webhook endpoints of accounts, for vendors that store endpoints. */
export class EndpointsHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, path: string) {
    this.#control = control;
    this.#path = path;
  }

  /** Adds an endpoint to an account. Its secret is by default the vendor's published constant. */
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

  /** Changes the secret, the URL or the status of an endpoint. Earlier deliveries do not change. */
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

/** Lists and resends webhook deliveries. */
export class DeliveriesHandle {
  readonly #control: ControlClient;
  readonly #path: string;
  readonly #list: ListReader<Delivery>;

  constructor(control: ControlClient, path: string) {
    this.#control = control;
    this.#path = path;
    this.#list = new ListReader(control, path, ({ id }) => id);
  }

  /** Returns the matching deliveries, oldest first. */
  async list(match: DeliveryMatch = {}): Promise<Delivery[]> {
    return this.#list.all(match);
  }

  /** Waits until at least `count` deliveries match, and returns them. */
  async atLeast(count: number, match: DeliveryMatch = {}, { within }: Within = {}): Promise<Delivery[]> {
    return this.#list.atLeast(count, match, within);
  }

  /** Returns the oldest matching delivery that no earlier call of this handle returned, and waits for it. */
  async next(match: DeliveryMatch = {}, { within }: Within = {}): Promise<DeliveryDetail> {
    return this.get((await this.#list.next(match, within)).id);
  }

  /** Returns a delivery with the exact bytes and headers that were or would be sent. */
  async get(id: string): Promise<DeliveryDetail> {
    return this.#control.call("GET", `${this.#path}/${encodeURIComponent(id)}`);
  }

  /** Sends a delivery again now, in any status. */
  async redeliver(id: string): Promise<DeliveryDetail> {
    return this.#control.call("POST", `${this.#path}/${encodeURIComponent(id)}/redeliver`);
  }

  /** Forgets which deliveries {@link next} has returned. */
  forget(): void {
    this.#list.forget();
  }
}
