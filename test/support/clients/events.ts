/** Listens to the events of Oxen.ai, which tell the ends of generations while the stream is open. */
import { createParser } from "eventsource-parser";
import { textAt } from "./answers.ts";
import type { Api } from "./api.ts";
import type { JobState } from "./vendor.ts";

const MOST_CONNECTIONS = 4;

export class Events {
  readonly #api: Api;
  readonly #closing = new AbortController();
  readonly #ends = new Map<string, JobState>();
  readonly #waiting = new Map<string, () => void>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** Opens the stream, and opens it again a few times when it ends; resolves once it is open or has failed. */
  async open(): Promise<void> {
    await new Promise<void>((resolve) => {
      void this.#follow(resolve).finally(resolve);
    });
  }

  close(): void {
    this.#closing.abort();
  }

  endOf(id: string): JobState | undefined {
    return this.#ends.get(id);
  }

  whenTold(id: string, tell: () => void): void {
    if (this.#ends.has(id)) tell();
    else this.#waiting.set(id, tell);
  }

  async #follow(isOpen: () => void): Promise<void> {
    const { around, vendor } = this.#api;
    const { signal } = this.#closing;
    for (let tries = 1; tries <= MOST_CONNECTIONS && !signal.aborted; tries += 1) {
      try {
        const headers = { accept: "text/event-stream", ...vendor.headers(around.apiKey) };
        const response = await around.fetch(`${around.origin}/api/events`, { headers, signal });
        if (!response.ok || response.body === null) throw new Error(`The events were answered ${response.status}.`);
        isOpen();
        const parser = createParser({
          onEvent: ({ event, data }) => {
            if (event === "media_generation_completed") this.#take(data);
          },
        });
        for await (const text of response.body.pipeThrough(new TextDecoderStream())) parser.feed(text);
      } catch {
        // The client polls beside the stream, so a stream that fails costs time and nothing else; the order need not
        // wait for it.
        isOpen();
      }
      if (!signal.aborted) await around.sleep(this.#api.jittered(1000 * 2 ** tries), signal);
    }
  }

  #take(data: string): void {
    const event: unknown = JSON.parse(data);
    const id = textAt(event, "generation_id");
    const status = textAt(event, "status");
    if (id === undefined || (status !== "succeeded" && status !== "failed")) return;
    const link = textAt(event, "url");
    const why = textAt(event, "error");
    this.#ends.set(id, { end: status, links: link === undefined ? [] : [link], ...(why !== undefined && { why }) });
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }
}
