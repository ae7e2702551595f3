/** Receives webhooks as a sound client does: it verifies each over its bytes, answers at once, and takes a copy once. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { textAt } from "./answers.ts";
import type { JobState } from "./vendor.ts";
import type { ClientVendor } from "./vendor.ts";

const MOST_BYTES = 8 * 1024 * 1024;
const TOLERANCE_MS = 5 * 60_000;

export interface ReceiverOptions {
  readonly vendor: ClientVendor;
  readonly secret: string;
  readonly port: number;
  readonly now: () => number;
}

export class WebhookReceiver {
  readonly #options: ReceiverOptions;
  readonly #server: Server;
  readonly #ends = new Map<string, JobState>();
  readonly #waiting = new Map<string, () => void>();

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#take(request).then(
        (status) => response.writeHead(status).end(),
        // The sender left before the webhook was whole.
        () => response.destroy(),
      );
    });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/hooks`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#options.port, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Returns how a job ended, if a webhook has told. */
  endOf(id: string): JobState | undefined {
    return this.#ends.get(id);
  }

  /** Calls back when a webhook tells the end of a job. */
  whenTold(id: string, tell: () => void): void {
    if (this.#ends.has(id)) tell();
    else this.#waiting.set(id, tell);
  }

  async #take(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request) {
      const piece = Buffer.from(chunk as Uint8Array);
      bytes += piece.length;
      if (bytes > MOST_BYTES) return 413;
      chunks.push(piece);
    }
    const body = Buffer.concat(chunks);
    if (!this.#isGenuine(request, body)) return 401;
    const event = parse(body);
    const id = textAt(event, "id") ?? textAt(event, "generation_id");
    // An event of another kind or job is taken and changes nothing, and so is a copy.
    const state = this.#options.vendor.stateOf(event);
    if (id !== undefined && state.end !== undefined && !this.#ends.has(id)) {
      this.#ends.set(id, state);
      this.#waiting.get(id)?.();
      this.#waiting.delete(id);
    }
    return 204;
  }

  #isGenuine({ headers }: IncomingMessage, body: Buffer): boolean {
    const { secret, now, vendor } = this.#options;
    const sign = (...parts: readonly (string | Buffer)[]): string => {
      const hmac = createHmac("sha256", secret);
      for (const part of parts) hmac.update(part);
      return hmac.digest("hex");
    };
    if (vendor.name === "vivix") return isEqual(String(headers["x-vivix-signature"]), `sha256=${sign(body)}`);
    const [, time = "", given = ""] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(headers["sync-signature"])) ?? [];
    // The guide does not name the unit; milliseconds would be far in the future.
    const at = Number(time) * (time.length > 11 ? 1 : 1000);
    return isEqual(given, sign(`${time}.`, body)) && Math.abs(now() - at) <= TOLERANCE_MS;
  }
}

function isEqual(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
