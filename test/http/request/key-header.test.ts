/** Tests which headers carry a client's key. */
import { describe, expect, it } from "vitest";
import { keyHeaders } from "../../../src/http/request/key-header.ts";

describe("the headers with a client's key", () => {
  it.each([
    ["Bearer in the header authorization by default", ["authorization"], undefined, { authorization: "Bearer k" }],
    ["the key alone in any other header by default", ["x-api-key"], undefined, { "x-api-key": "k" }],
    ["the vendor's own scheme", ["authorization"], "Token", { authorization: "Token k" }],
    ["the vendor's own scheme in any header", ["x-api-key"], "Token", { "x-api-key": "Token k" }],
    ["the key alone if the scheme is empty", ["authorization"], "", { authorization: "k" }],
    ["only the first of several headers", ["x-api-key", "authorization"], undefined, { "x-api-key": "k" }],
  ])("contain %s", (_what, names, keyScheme, headers) => {
    expect(keyHeaders({ keyHeaders: names, ...(keyScheme !== undefined && { keyScheme }) }, "k")).toEqual(headers);
  });
});
