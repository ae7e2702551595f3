/** Sends requests as clients do: with the key of an account in a test world, or to a literal URL. */
import type { Response as InjectedResponse } from "light-my-request";
import type { Vendor } from "../../src/vendors/vendor.ts";
import type { TestRequest, TestWorld } from "./app.ts";

/** The sender of a request, and its key and headers. */
export interface Sending extends Pick<TestRequest, "key" | "headers"> {
  /** The account, by default `main`; null sends no key. */
  readonly account?: string | null;
}

type Sender = Pick<TestWorld, "send">;

/** Returns functions that send a vendor's requests. They are not async, so that each settles with its response. */
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

/** POSTs JSON to a listening server. */
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

/** Returns the path and query of a URL, for a server that does not listen. */
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
