/** Tests which URLs may stand before the paths of a server's own URLs. */
import { expect, it } from "vitest";
import { baseUrl } from "../../../src/engine/base/web-url.ts";

const flawOf = (text: string): string | undefined => baseUrl.safeParse(text).error?.issues[0]?.message;
const EXAMPLE = "write an http or https URL, such as https://fauxgen.example.com";

it.each(["http://127.0.0.1:4600", "https://fauxgen.example.com/below", "HTTPS://[::1]:4600/"])(
  "%s may stand before paths",
  (text) => {
    expect(flawOf(text)).toBeUndefined();
  },
);

it.each([
  ["localhost:4600", "the scheme is missing; write http://localhost:4600"],
  ["[::1]:4600/x", "the scheme is missing; write http://[::1]:4600/x"],
  ["ftp://x", EXAMPLE],
  ["http://", EXAMPLE],
  ["not a host", EXAMPLE],
  ["http://a?x=1", "a URL with a query or a fragment cannot have paths below it; write http://a"],
  ["http://a/b#", "a URL with a query or a fragment cannot have paths below it; write http://a/b"],
  ["http://u:p@a", "write the URL without a user and a password"],
  ["http://u@a", "write the URL without a user and a password"],
])("%s is refused, with what to write", (text, flaw) => {
  expect(flawOf(text)).toBe(flaw);
});
