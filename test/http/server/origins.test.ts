/** Tests which pages may use the server, by their origin and by the host name under which they reach it. */
import { describe, expect, it } from "vitest";
import { readConfig, type ConfigInput } from "../../../src/config.ts";
import { buildAcmeWorld, createGeneration, headersOf } from "../../support/acme.ts";
import { listenToPages, type PageAnswer } from "../../support/page.ts";

const listen = async (values: ConfigInput = {}) => listenToPages(await buildAcmeWorld(values));

const preflight = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
const allowed = ({ headers }: PageAnswer): unknown => headers["access-control-allow-origin"];

describe("a page's origin", () => {
  it.each([
    "http://localhost:5173",
    "https://localhost",
    "http://127.0.0.1:4600",
    "http://127.9.9.9:1",
    "http://[::1]:3000",
    "http://app.localhost:8080",
  ])("%s is allowed without a setting, since it is loopback's", async (origin) => {
    const { ask } = await listen();
    expect(allowed(await ask("GET", "/acme/credits", { ...headersOf("world"), origin }))).toBe(origin);
    const asked = await ask("OPTIONS", "/acme/jobs", { ...preflight, origin });
    expect([asked.status, allowed(asked)]).toEqual([204, origin]);
  });

  it.each([
    "https://app.test",
    "http://192.168.1.7:3000",
    "http://localhost.evil.test",
    "http://evil-localhost",
    "http://127.0.0.1.evil.test",
    "ftp://localhost",
    "null",
    "localhost",
  ])("%s is refused unless --cors names it", async (origin) => {
    const closed = await listen();
    const refused = await closed.ask("OPTIONS", "/acme/jobs", { ...preflight, origin });
    expect([refused.status, allowed(refused)]).toEqual([403, undefined]);
    expect(JSON.parse(refused.body)).toMatchObject({ code: "origin-not-allowed" });
    expect(refused.body).toContain(`--cors ${origin}`);
    const read = await closed.ask("GET", "/acme/credits", { ...headersOf("world"), origin });
    expect([read.status, allowed(read), read.headers.vary]).toEqual([200, undefined, "Origin"]);

    for (const cors of [`https://other.test,${origin}`, "any"]) {
      if (origin === "localhost" && cors !== "any") continue;
      const open = await listen({ cors });
      expect(allowed(await open.ask("OPTIONS", "/acme/jobs", { ...preflight, origin }))).toBe(origin);
      expect(allowed(await open.ask("GET", "/acme/credits", { ...headersOf("world"), origin }))).toBe(origin);
    }
  });

  it("may ask for a private network's server where it is allowed", async () => {
    const { ask } = await listen({ cors: "https://app.test" });
    const asked = await ask("OPTIONS", "/acme/jobs", {
      ...preflight,
      origin: "https://app.test",
      "access-control-request-private-network": "true",
    });
    expect(asked.headers["access-control-allow-private-network"]).toBe("true");
  });

  it("never opens control to pages, even with --cors any", async () => {
    const { ask } = await listen({ cors: "any" });
    for (const method of ["OPTIONS", "GET"]) {
      const answer = await ask(method, "/_fauxgen/sandboxes", { ...preflight, origin: "https://app.test" });
      expect(allowed(answer)).toBeUndefined();
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });

  it.each([
    ["app.test", '"app.test" is not an origin; write https://app.test'],
    ["https://app.test/", '"https://app.test/" is not an origin; write https://app.test'],
    ["https://a.test,https://b.test/path", '"https://b.test/path" is not an origin; write https://b.test'],
    ["", '"" is not an origin; write origins, such as'],
    ["any,https://a.test", '"any" is not an origin; write origins, such as'],
  ])("is refused at the start as --cors %j, with the form to write", (cors, words) => {
    expect(() => readConfig([{ values: { cors }, nameOf: () => "--cors" }])).toThrow(`--cors: ${words}`);
  });
});

describe("a page's request to a host that is not the server's own", () => {
  it("gets no file either", async () => {
    const world = await listen();
    const id = await createGeneration(world);
    await world.advance("10s");
    const url = `/_media/world/acme/${id}.jpg`;
    const refused = await world.ask("GET", url, { host: "evil.example.com", "sec-fetch-site": "same-origin" });
    expect([refused.status, JSON.parse(refused.body)]).toEqual([
      403,
      expect.objectContaining({ code: "host-not-allowed" }),
    ]);
    expect((await world.ask("GET", url, { host: "evil.example.com" })).status).toBe(200);
  });

  it.each([
    ["an address", "192.168.1.7:4600", {}],
    ["an IPv6 address", "[fd00::7]:4600", {}],
    ["a name without dots", "fauxgen:4600", {}],
    ["a private name", "fauxgen.internal", {}],
    ["a vendor's host", "api.acme.test", {}],
    ["that of --public-url", "media.example.com", { publicUrl: "https://media.example.com/files" }],
    ["that of an origin of --cors", "app.example.com:4600", { cors: "https://app.example.com" }],
    ["any with --cors any", "whatever.example.com", { cors: "any" }],
  ])("is answered where the host is %s", async (_, host, values) => {
    const { ask } = await listen(values);
    const answer = await ask("GET", "/acme/credits", {
      ...headersOf("world"),
      host,
      "sec-fetch-site": "same-origin",
    });
    expect(answer.status).toBe(200);
  });

  it("is answered without the signs of a browser, since clients may use any name", async () => {
    const { ask } = await listen();
    const answer = await ask("GET", "/acme/credits", { ...headersOf("world"), host: "evil.example.com" });
    expect(answer.status).toBe(200);
  });
});
