/**
 * Sends requests to a vendor as a sound client does: it waits as Retry-After says, lets its gaps grow, stops at a
 * deadline, and never pays twice for a job whose answer was lost.
 */
import { textAt, at } from "./answers.ts";
import type { Surroundings } from "./surroundings.ts";
import type { AfterUncertainty, ClientVendor, CreateRequest } from "./vendor.ts";

const ANSWER_MS = 30_000;
const MOST_TRIES = 5;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** How long after a create a vendor may not know the job yet. */
const NOT_YET_MS = 4000;
/** Vivix's errors page: ask again 60 s after the outage of a provider. */
const OUTAGE_MS = 60_000;

/** An answer that a repetition would not change. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, body: unknown) {
    const reason = typeof body === "string" ? body : JSON.stringify(body);
    super(`The vendor answered ${status}: ${(reason ?? "").slice(0, 300)}`);
    this.status = status;
  }
}

export interface Answer {
  /** Undefined if no whole answer came. */
  readonly status?: number;
  readonly body?: unknown;
  /** For how long the vendor asked to wait. */
  readonly waitMs?: number;
  /** How long the answer took, on the client's clock. */
  readonly tookMs: number;
}

export class Api {
  readonly around: Surroundings;
  readonly vendor: ClientVendor;
  readonly endsAt: number;
  /** No request is sent before; all requests of a key share a limit. */
  #closedUntil = 0;

  constructor(vendor: ClientVendor, around: Surroundings) {
    this.vendor = vendor;
    this.around = around;
    this.endsAt = around.now() + around.deadlineMs;
  }

  /** Reads until a whole answer comes, for a generation that was made at `madeAt`. */
  async read(path: string, { madeAt = 0, holdMs = 0 } = {}): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#send("GET", path, { holdMs });
      const { status } = answer;
      if (status !== undefined && status < 400) return answer;
      const isEarly = status === 404 && this.around.now() - madeAt < NOT_YET_MS;
      if ((status !== undefined && !isEarly && !mayPass(status)) || tries === MOST_TRIES)
        throw new Refused(status ?? 0, answer.body);
      await this.pause(answer.waitMs ?? this.#growing(tries));
    }
  }

  /** Creates, and returns the ids of the jobs. */
  async create(request: CreateRequest, uncertain: AfterUncertainty): Promise<readonly string[]> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#send("POST", request.path, request);
      const { status, body } = answer;
      const ids = status !== undefined && status < 300 ? this.vendor.idsOf(body) : [];
      if (ids.length > 0) return ids;
      if (status !== undefined && status >= 400 && !mayPass(status)) throw new Refused(status, body);
      const known = textAt(body, "generationId");
      if (known !== undefined && uncertain.kind === "repeat") return [known];
      const mayRepeat =
        status === 429 || uncertain.kind === "repeat" || (uncertain.kind === "after-error" && isOwnError(answer));
      if ((!mayRepeat && uncertain.kind !== "look") || tries === MOST_TRIES) throw new Refused(status ?? 0, body);
      await this.pause(answer.waitMs ?? this.#growing(tries));
      if (status !== 429 && uncertain.kind === "look") {
        const found = await uncertain.find(async (path) => (await this.read(path)).body);
        if (found.length > 0) return found;
      }
    }
  }

  /** Sleeps, but not beyond the deadline. */
  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.around.now() + ms > this.endsAt) throw new Error("The client's deadline is over.");
    await this.around.sleep(ms, signal);
  }

  /** Returns a gap with up to a quarter more, so that clients do not ask in step. */
  jittered(ms: number): number {
    return Math.ceil(ms * (1 + this.around.random() / 4));
  }

  async #send(
    method: string,
    path: string,
    { body, headers = {}, holdMs = 0 }: { body?: unknown; headers?: Readonly<Record<string, string>>; holdMs?: number },
  ): Promise<Answer> {
    for (let left = this.#closedUntil - this.around.now(); left > 0; left = this.#closedUntil - this.around.now())
      await this.pause(left);
    const sentAt = this.around.now();
    const took = (): number => this.around.now() - sentAt;
    try {
      const response = await this.around.fetch(`${this.around.origin}${path}`, {
        method,
        headers: {
          accept: "application/json",
          ...this.vendor.headers(this.around.apiKey),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_MS + holdMs),
      });
      const text = await response.text();
      const parsed = parse(text);
      const waitMs = waitOf(response, parsed);
      if (waitMs !== undefined && response.status >= 400) this.#closedUntil = this.around.now() + waitMs;
      // A page, nothing, or half of the JSON is not the vendor's answer, whatever its status says.
      if (response.ok && (typeof parsed !== "object" || parsed === null)) return { body: text, tookMs: took() };
      return {
        status: response.status,
        body: parsed ?? text,
        tookMs: took(),
        ...(waitMs !== undefined && { waitMs }),
      };
    } catch (error) {
      return { body: String(error), tookMs: took() };
    }
  }

  #growing(tries: number): number {
    return this.jittered(Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS));
  }
}

function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Returns whether an error is the vendor's and not that of a gateway in front of it. */
function isOwnError({ status = 0, body }: Answer): boolean {
  return status >= 500 && textAt(body, "error") !== undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function waitOf({ headers, status }: Response, body: unknown): number | undefined {
  const said = headers.get("retry-after");
  if (said !== null && /^\d+$/.test(said)) return Number(said) * 1000;
  if (said !== null) {
    const wait = Date.parse(said) - Date.parse(headers.get("date") ?? "");
    if (Number.isFinite(wait)) return Math.max(0, wait);
  }
  const inBody = at(body, "retryAfterSeconds");
  if (typeof inBody === "number") return inBody * 1000;
  return status === 503 && at(body, "error") === "PROVIDER_DOWN" ? OUTAGE_MS : undefined;
}
