/** Calls the control API of a local or remote server; every function of the library uses it. */
import type { ControlAnswer, Exchange } from "./exchange.ts";

/** An error of a control call that was refused or did not reach the server. Its message is for the developer. */
export class FauxgenError extends Error {
  /** The HTTP status; undefined if no server answered. */
  readonly status: number | undefined;
  /** The stable code of the problem, such as `not-verified`; undefined if the response was not a problem document. */
  readonly code: string | undefined;
  /** The whole problem document, with its additional members (`nearest`, `items`, `errors`). */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(
    message: string,
    answer: { status?: number; problem?: Readonly<Record<string, unknown>> } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "FauxgenError";
    this.status = answer.status;
    this.problem = answer.problem ?? {};
    // Test runners print the enumerable properties of an error, and the message says all that a developer needs.
    Object.defineProperty(this, "problem", { enumerable: false });
    this.code = typeof this.problem["code"] === "string" ? this.problem["code"] : undefined;
  }

  /** Returns what vitest prints of the error, so that no document of a problem follows each failure. */
  toJSON(): { readonly name: string; readonly message: string } {
    return { name: this.name, message: this.message };
  }
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Query parameters; undefined values are omitted. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  readonly query?: Query | undefined;
  readonly body?: unknown;
}

export class ControlClient {
  /** The origin of the server, without a trailing slash. */
  readonly url: string;
  readonly #exchange: Exchange;
  readonly #token: string | undefined;

  /** `exchange` sends the requests: with Node's own client in a program, with `fetch` in a browser. */
  constructor(url: string, exchange: Exchange, token?: string) {
    this.url = url.replace(/\/+$/, "");
    this.#exchange = exchange;
    this.#token = token;
  }

  /** Calls `/_fauxgen<path>` and returns the parsed response. Throws {@link FauxgenError}. */
  async call<Answer>(method: Method, path: string, options: CallOptions = {}): Promise<Answer> {
    const response = await this.send(method, path, options);
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  }

  /** Reads `/_fauxgen<path>` as text. Throws {@link FauxgenError}. */
  async text(path: string, query?: Query): Promise<string> {
    return (await this.send("GET", path, { query, accept: "text/plain" })).text();
  }

  /** Calls `/_fauxgen<path>` and returns the successful answer. Throws {@link FauxgenError}. */
  async send(
    method: Method,
    path: string,
    {
      query = {},
      body,
      accept,
      lastEventId,
      signal,
    }: CallOptions & {
      readonly accept?: string;
      readonly lastEventId?: string;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<ControlAnswer> {
    const url = new URL(`${this.url}/_fauxgen${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers = {
      ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
      ...(accept !== undefined && { accept }),
      ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    const text = body === undefined ? undefined : JSON.stringify(body);
    let response: ControlAnswer;
    try {
      response = await this.#exchange(url, { method, headers, text, signal });
    } catch (error) {
      throw new FauxgenError(`No fauxgen server answers at ${this.url}: ${reasonOf(error)}`, {}, { cause: error });
    }
    if (!response.isSuccess) throw await refusal(method, url, response);
    return response;
  }
}

async function refusal(method: Method, url: URL, response: ControlAnswer): Promise<FauxgenError> {
  const { status, contentType } = response;
  const text = await response.text();
  const problem = contentType.includes("json") ? objectIn(text) : {};
  const detail = problem["detail"];
  const message =
    typeof detail === "string" ? detail : `${method} ${url.pathname} answered ${status}. ${text.slice(0, 200)}`;
  return new FauxgenError(message, { status, problem });
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Returns the messages of an error that stands for one attempt per address, or the error's own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
