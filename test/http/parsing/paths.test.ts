import { describe, expect, it } from "vitest";
import { withoutKeys } from "../../../src/http/parsing/paths.ts";

const SECRET = "sk-live-0123456789abcdefghij";
const HINT = "sk-l…ij";

describe("withoutKeys", () => {
  it.each([
    ...["api_key", "apikey", "api-key", "api.key", "api_key[]", "x_api_key", "X-Api-Key", "key", "key[0]"],
    ...["token", "accessToken", "access_token", "auth_token", "auth", "authorization", "author_token", "bearer"],
    ...["client_secret", "secret_key", "subscription-key", "accessKey", "password", "signature", "X-Amz-Signature"],
    ...["api%5Fkey", "%61pi_key", "%zz_api_key", "api_key%5B%5D"],
  ])("redacts the value of the query parameter %s", (name) => {
    expect(withoutKeys(`/v2/models?${name}=${SECRET}`)).toBe(`/v2/models?${name}=${HINT}`);
    expect(withoutKeys(`/v2/models?a=b&${name}=${SECRET}&c=d`)).toBe(`/v2/models?a=b&${name}=${HINT}&c=d`);
    expect(withoutKeys(`/v2/models?a=b;${name}=${SECRET}`)).toBe(`/v2/models?a=b;${name}=${HINT}`);
  });

  it("redacts a whole key that contains separators", () => {
    expect(withoutKeys("/v2/models?key=0123456789;abcdef?g=h#ijkl&c=d")).toBe("/v2/models?key=0123…kl&c=d");
  });

  it.each([
    "/v2/models",
    "/v2/models?",
    "/v2/models?limit=10&monkey=0123456789abcdef&keyword=0123456789abcdef&author=0123456789abcdef",
    "/v2/models?key=&token",
    "/v2/key=0123456789abcdef/models",
    "/v2/models?api_key=fx_w1_main",
  ])("keeps the URL %s unchanged", (url) => {
    expect(withoutKeys(url)).toBe(url);
  });
});
