/** Sends requests as clients send them: in a test world by the key of an account, and to a URL as it stands. */
import type { Response as InjectedResponse } from "light-my-request";
import type { Vendor } from "../../src/vendors/vendor.ts";
import type { TestRequest, TestWorld } from "./app.ts";

/** Who sends a request, and what it carries beside its body. */
export interface Sending extends Pick<TestRequest, "key" | "headers"> {
  /** `main` unless it is said; null sends no key. */
  readonly account?: string | null;
}

type Sender = Pick<TestWorld, "send">;

/** The requests of a vendor's clients, by their methods; no function is async, so that each settles when its answer does. */
export function requestsTo(vendor: Vendor) {
  const sending =
    (method: TestRequest["method"]) =>
    ({ send }: Sender, url: string, body?: unknown, { account = "main", ...more }: Sending = {}) =>
      send(vendor, account ?? undefined, { method, url, ...(body !== undefined && { body }), ...more });
  const get = sending("GET");
  return {
    get: (world: Sender, url: string, options?: Sending) => get(world, url, undefined, options),
    post: sending("POST"),
    patch: sending("PATCH"),
    remove: sending("DELETE"),
  };
}

/** POSTs JSON to a server that listens. */
export function postJson(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

/** The path and query of a URL: what reaches a server that does not listen. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

/** Fetches a file by its URL, without a key. */
export function fetchFile(
  { app }: Pick<TestWorld, "app">,
  url: string,
  { method = "GET", headers = {} }: { readonly method?: "GET" | "HEAD" } & Pick<Sending, "headers"> = {},
): Promise<InjectedResponse> {
  return app.inject({ method, url: pathOf(url), headers });
}

/** PUTs bytes to the URL of an upload slot, without a key. */
export function putFile(
  { app }: Pick<TestWorld, "app">,
  url: string,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<InjectedResponse> {
  return app.inject({ method: "PUT", url: pathOf(url), headers, payload: Buffer.from(bytes) });
}
