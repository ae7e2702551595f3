/** Calls the control API of a local or remote server; every function of the library uses it. */

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
    this.code = typeof this.problem["code"] === "string" ? this.problem["code"] : undefined;
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
  readonly #token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url.replace(/\/+$/, "");
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

  /** Calls `/_fauxgen<path>` and returns the successful response. Throws {@link FauxgenError}. */
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
  ): Promise<Response> {
    const url = new URL(`${this.url}/_fauxgen${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers = new Headers();
    if (this.#token !== undefined) headers.set("authorization", `Bearer ${this.#token}`);
    if (accept !== undefined) headers.set("accept", accept);
    if (lastEventId !== undefined) headers.set("last-event-id", lastEventId);
    if (body !== undefined) headers.set("content-type", "application/json");
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal !== undefined && { signal }),
      });
    } catch (error) {
      throw new FauxgenError(`No fauxgen server answers at ${this.url}: ${reasonOf(error)}`, {}, { cause: error });
    }
    if (!response.ok) throw await refusal(method, url, response);
    return response;
  }
}

async function refusal(method: Method, url: URL, response: Response): Promise<FauxgenError> {
  const { status } = response;
  const text = await response.text();
  const problem = response.headers.get("content-type")?.includes("json") === true ? objectIn(text) : {};
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

/** Returns the cause of fetch's error, whose own message is only `fetch failed`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join("; ");
  return cause instanceof Error ? cause.message : error.message;
}
