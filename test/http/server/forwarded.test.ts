/** Tests which forwarding headers the server trusts, and that a client cannot forge its address. */
import { describe, expect, it } from "vitest";
import { ConfigError, readConfig, type TrustedProxies } from "../../../src/config.ts";
import { buildAcmeApp, headersOf, picture } from "../../support/acme.ts";
import { control } from "../../support/control.ts";

const PUBLIC = "203.0.113.7";

const configured = (trustProxy: unknown): TrustedProxies | undefined =>
  readConfig([{ values: { trustProxy }, nameOf: () => "--trust-proxy" }]).trustProxy;

/** Returns the origin of a URL in an answer to the client. */
async function originSeen(trustProxy: unknown, headers: Readonly<Record<string, string>>): Promise<string> {
  const app = await buildAcmeApp({ trustProxy, control: "open" });
  const { body } = await control(app, "GET", "sandboxes/default", undefined, { headers });
  return String(body.vendors.acme.baseUrl);
}

/** Returns whether control is open to a client behind a chain of proxies; `peer` is the last proxy's address. */
async function statusOf(trustProxy: unknown, headers: Readonly<Record<string, string>>, peer = "127.0.0.1") {
  const app = await buildAcmeApp({ trustProxy });
  return (await control(app, "GET", "sandboxes", undefined, { headers, remoteAddress: peer })).status;
}

describe("--trust-proxy", () => {
  it.each([
    ["1", 1],
    [2, 2],
    ["loopback, 10.0.0.0/8", ["loopback", "10.0.0.0/8"]],
    [
      ["::1", "uniquelocal"],
      ["::1", "uniquelocal"],
    ],
    [false, undefined],
    ["false", undefined],
  ])("accepts the value %j", (given, trusted) => {
    expect(configured(given)).toEqual(trusted);
  });

  it.each([
    true,
    "true",
    "0",
    0,
    1.5,
    "",
    "everybody",
    "10.0.0.0/33",
    "10.0.0.0/0",
    "fd00::/129",
    "10.0.0/8",
    [],
    ["x"],
  ])("refuses the value %j and says what to write", (given) => {
    expect(() => configured(given)).toThrow(ConfigError);
    expect(() => configured(given)).toThrow(
      "--trust-proxy: write the trusted proxies, such as loopback,10.0.0.0/8, or their number, such as 1",
    );
  });
});

describe("a client behind a proxy", () => {
  it("cannot open control with a forged header to which a trusted proxy appends", async () => {
    const appended = { "x-forwarded-for": `127.0.0.1, ${PUBLIC}` };
    expect(await statusOf("loopback", appended)).toBe(401);
    expect(await statusOf(1, appended)).toBe(401);
    expect(await statusOf(1, { forwarded: `for=127.0.0.1, for=${PUBLIC}` })).toBe(401);
  });

  it("may use control if the trusted proxies report a private address", async () => {
    expect(await statusOf("loopback", { "x-forwarded-for": `${PUBLIC}, 10.0.0.9` })).toBe(200);
    expect(await statusOf(2, { "x-forwarded-for": `10.0.0.9, 10.0.0.1` })).toBe(200);
    expect(await statusOf(1, { forwarded: 'for="[fd00::9]:4711"' })).toBe(200);
  });

  it("has the address of the nearest untrusted hop, behind two proxies", async () => {
    const chain = { "x-forwarded-for": `10.0.0.9, ${PUBLIC}, 10.0.0.1` };
    expect(await statusOf(1, chain)).toBe(200);
    expect(await statusOf(2, chain)).toBe(401);
    expect(await statusOf("loopback,10.0.0.1", chain)).toBe(401);
  });

  it("cannot forward an address if its peer is not a trusted proxy", async () => {
    expect(await statusOf("10.0.0.1", { "x-forwarded-for": "127.0.0.1" }, PUBLIC)).toBe(401);
    expect(await statusOf(undefined, { "x-forwarded-for": "127.0.0.1" }, PUBLIC)).toBe(401);
  });

  it("has the address of a trusted proxy that names no client", async () => {
    expect(await statusOf(1, { forwarded: "for=unknown" })).toBe(200);
    expect(await statusOf(2, { forwarded: `for=${PUBLIC}, for=_hidden` })).toBe(200);
  });
});

describe("an answer behind proxies", () => {
  const host = "emulator:4600";

  it.each([
    ["no forwarded headers", 1, {}, "http://emulator:4600"],
    [
      "no trusted proxy",
      undefined,
      { "x-forwarded-proto": "https", "x-forwarded-host": "ci.example" },
      "http://emulator:4600",
    ],
    ["one proxy", 1, { "x-forwarded-proto": "https", "x-forwarded-host": "ci.example" }, "https://ci.example"],
    [
      "an outer proxy of two that ends TLS",
      2,
      {
        "x-forwarded-for": "10.0.0.9, 10.0.0.1",
        "x-forwarded-proto": "https, http",
        "x-forwarded-host": "ci.example, inner",
      },
      "https://ci.example",
    ],
    ["a host that the client made up", 1, { "x-forwarded-host": "evil.example, ci.example" }, "http://ci.example"],
    [
      "a port",
      1,
      { "x-forwarded-proto": "https", "x-forwarded-host": "ci.example", "x-forwarded-port": "8443" },
      "https://ci.example:8443",
    ],
    [
      "the usual port",
      1,
      { "x-forwarded-proto": "https", "x-forwarded-host": "ci.example", "x-forwarded-port": "443" },
      "https://ci.example",
    ],
    [
      "a prefix",
      1,
      { "x-forwarded-host": "ci.example", "x-forwarded-prefix": "/emulator/" },
      "http://ci.example/emulator",
    ],
    [
      "a prefix that is not a path",
      1,
      { "x-forwarded-host": "ci.example", "x-forwarded-prefix": "//evil.example/" },
      "http://ci.example",
    ],
    [
      "an unknown protocol",
      1,
      { "x-forwarded-proto": "javascript", "x-forwarded-host": "ci.example" },
      "http://ci.example",
    ],
    ["RFC 7239", 1, { forwarded: 'for=192.0.2.60;proto=https;host="ci.example:8443"' }, "https://ci.example:8443"],
    [
      "RFC 7239, quoted commas",
      1,
      { forwarded: 'for="a,b";host=evil.example, for=10.0.0.9;Proto=HTTPS;Host=ci.example' },
      "https://ci.example",
    ],
  ])("has URLs with the client's origin with %s", async (_case, trusted, headers, origin) => {
    expect(await originSeen(trusted, { host, ...headers })).toBe(origin);
  });

  it("has media URLs that work with the client's origin and path prefix", async () => {
    const app = await buildAcmeApp({ trustProxy: 1, timing: "instant" });
    const headers = {
      ...headersOf("proxied"),
      "x-forwarded-proto": "https",
      "x-forwarded-host": "ci.example",
      "x-forwarded-prefix": "/emulator",
    };
    const created = await app.inject({
      method: "POST",
      url: "/acme/jobs",
      headers,
      payload: picture,
    });
    const { id } = created.json<{ id: string }>();
    const read = await app.inject({ method: "GET", url: `/acme/jobs/${id}`, headers });
    expect(read.body).toMatch(/"https:\/\/ci\.example\/emulator\/_media\/proxied\//);
  });
});
