/** Tests which addresses, tokens and pages may use control. */
import { describe, expect, it } from "vitest";
import { buildAcmeApp } from "../support/acme.ts";
import { control } from "../support/control.ts";

describe("control access", () => {
  it.each(["127.0.0.1", "10.1.2.3", "172.17.0.1", "192.168.65.1", "::1", "fd00::1", "::ffff:172.18.0.4"])(
    "allows the private address %s without a token",
    async (remoteAddress) => {
      const app = await buildAcmeApp();
      expect(await control(app, "GET", "sandboxes", undefined, { remoteAddress })).toMatchObject({ status: 200 });
    },
  );

  it.each(["8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8"])(
    "refuses the public address %s and says how to send a token",
    async (remoteAddress) => {
      const app = await buildAcmeApp();
      const refused = await control(app, "GET", "sandboxes", undefined, { remoteAddress });
      expect(refused).toMatchObject({ status: 401, body: { code: "unauthorized" } });
      expect(refused.body.detail).toContain("FAUXGEN_CONTROL_TOKEN");
      expect(refused.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    },
  );

  it("allows a public address only with the right token", async () => {
    const app = await buildAcmeApp({ controlToken: "s3cret" });
    const call = async (authorization: string) =>
      control(app, "GET", "sandboxes", undefined, { remoteAddress: "8.8.8.8", headers: { authorization } });
    expect((await call("Bearer s3cret")).status).toBe(200);
    expect((await call("Bearer s3cre")).status).toBe(401);
    expect((await call("s3cret")).status).toBe(401);
  });

  it("refuses a page of another origin, even on this machine, and allows its own pages", async () => {
    const app = await buildAcmeApp();
    const call = async (origin: string) =>
      control(app, "POST", "sandboxes/default/reset", undefined, { headers: { origin, host: "localhost:4600" } });
    expect((await call("http://evil.example")).status).toBe(401);
    expect((await call("null")).status).toBe(401);
    expect((await call("http://localhost:4600")).status).toBe(200);
  });

  it.each([
    ["127.0.0.1:4600", 200],
    ["[::1]:4600", 200],
    ["localhost:4600", 200],
    ["emulator:4600", 200],
    ["host.docker.internal:4600", 200],
    ["fauxgen.ci.svc:4600", 200],
    ["fauxgen.ci.svc.cluster.local:4600", 200],
    ["fauxgen.my_network:4600", 200],
    ["emulator.:4600", 200],
    ["rebound.evil.example:4600", 401],
  ])("answers a request for the host %s with %i", async (host, status) => {
    const app = await buildAcmeApp();
    expect(await control(app, "GET", "sandboxes", undefined, { headers: { host } })).toMatchObject({ status });
  });

  it("with --control open, refuses only pages of another origin", async () => {
    const app = await buildAcmeApp({ control: "open" });
    const options = { remoteAddress: "8.8.8.8", headers: { host: "fauxgen.example.com" } };
    expect((await control(app, "GET", "sandboxes", undefined, options)).status).toBe(200);
    const page = { ...options, headers: { ...options.headers, origin: "https://evil.example" } };
    expect((await control(app, "GET", "sandboxes", undefined, page)).status).toBe(401);
  });

  it("with --control token, refuses every request without the token", async () => {
    const app = await buildAcmeApp({ control: "token" });
    expect((await control(app, "GET", "sandboxes")).status).toBe(401);
  });

  it("allows health and readiness requests from any address", async () => {
    const app = await buildAcmeApp({ control: "token" });
    const options = { remoteAddress: "8.8.8.8", headers: { host: "rebound.evil.example" } };
    expect(await control(app, "GET", "health", undefined, options)).toMatchObject({
      status: 200,
      body: { status: "ok" },
    });
    expect(await control(app, "GET", "ready", undefined, options)).toMatchObject({
      status: 200,
      body: { status: "ready" },
    });
  });

  it("sends no CORS headers", async () => {
    const app = await buildAcmeApp();
    const answer = await control(app, "GET", "health", undefined, {
      headers: { origin: "http://localhost:80", host: "localhost:80" },
    });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("answers an unknown path with a problem", async () => {
    const app = await buildAcmeApp();
    expect(await control(app, "GET", "nothing")).toMatchObject({ status: 404, body: { code: "no-such-route" } });
  });
});
