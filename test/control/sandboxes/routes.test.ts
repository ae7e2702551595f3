/** Tests the routes that create, read, change, delete and reset sandboxes. */
import { describe, expect, it } from "vitest";
import { buildAcmeApp, buildAcmeWorld, readCredits } from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { keyHeaders } from "../../support/app.ts";
import { control } from "../../support/control.ts";

describe("a sandbox", () => {
  it("is created by PUT, which answers URLs and keys for clients", async () => {
    const app = await buildAcmeApp();
    const made = await control(app, "PUT", "sandboxes/checkout", { timing: "instant", clock: { mode: "frozen" } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: "checkout",
      clock: { mode: "frozen" },
      vendors: { acme: { baseUrl: "http://localhost:80", apiKey: "acme_fx_checkout_main" } },
    });
    const { apiKey } = made.body.vendors.acme;
    const headers = keyHeaders(acme, apiKey);
    expect((await app.inject({ method: "GET", url: "/acme/credits", headers })).statusCode).toBe(200);
  });

  it("returns its document by GET in the form that PUT accepts", async () => {
    const app = await buildAcmeApp();
    await control(app, "PUT", "sandboxes/a", { timing: { queued: "1s", processing: "2m" }, scenario: "fail" });
    const { document } = (await control(app, "GET", "sandboxes/a")).body;
    expect(document).toEqual({ timing: { queued: 1000, processing: 120_000 }, scenario: "fail" });
    expect((await control(app, "PUT", "sandboxes/a", document)).body.document).toEqual(document);
  });

  it("applies a new document at once", async () => {
    const app = await buildAcmeApp();
    await control(app, "PUT", "sandboxes/a", {});
    const changed = await control(app, "PUT", "sandboxes/a", {
      clock: { mode: "frozen" },
      accounts: { broke: { keys: ["literal-key"], vendors: { acme: { credits: 777 } } } },
    });
    expect(changed).toMatchObject({ status: 200, body: { clock: { mode: "frozen" } } });
    const headers = keyHeaders(acme, "acme_fx_a_broke");
    const credits = await app.inject({ method: "GET", url: "/acme/credits", headers });
    expect(credits.json()).toMatchObject({ credits: 777 });
  });

  it("is deleted by DELETE, and created again by a request with its key", async () => {
    const app = await buildAcmeApp();
    await control(app, "PUT", "sandboxes/a", { scenario: "fail" });
    expect((await control(app, "DELETE", "sandboxes/a")).status).toBe(204);
    expect((await control(app, "GET", "sandboxes/a")).body.code).toBe("no-such-sandbox");
    await app.inject({ method: "GET", url: "/acme/credits", headers: keyHeaders(acme, "acme_fx_a_main") });
    expect((await control(app, "GET", "sandboxes/a")).body.document).toEqual({});
  });

  it.each([
    [undefined, { limited: 429, broke: 200 }],
    ["enforced", { limited: 429, broke: 429 }],
    ["off", { limited: 200, broke: 200 }],
  ])("with limits %j answers one call too many of its accounts with %j", async (limits, expected) => {
    const world = await buildAcmeWorld();
    await control(world.app, "PUT", "sandboxes/world", { clock: { mode: "frozen" }, ...(limits && { limits }) });
    for (const [account, status] of Object.entries(expected)) {
      // The plan of both accounts allows 60 calls in a minute.
      for (let sent = 0; sent < 60; sent += 1) expect((await readCredits(world, { account })).statusCode).toBe(200);
      expect((await readCredits(world, { account })).statusCode).toBe(status);
    }
  });

  it.each([
    [{ vendors: { acne: {} } }, "unknown-name", "Did you mean acme?"],
    [{ vendors: { acme: { patience: "soon" } } }, "invalid-request", "body.vendors.acme.patience"],
    [{ vendors: { acme: { pateince: "3d" } } }, "invalid-request", "pateince"],
    [
      { accounts: { main: { vendors: { acme: { plan: "gold" } } } } },
      "invalid-request",
      "body.accounts.main.vendors.acme.plan",
    ],
    [{ accounts: { Main: {} } }, "invalid-request", "body.accounts.Main"],
    [{ vintages: { acme: "2031" } }, "unknown-name", "There are: 1, 2"],
    [{ scenario: "sucess" }, "unknown-name", "Did you mean succeed"],
    [{ timing: "fats" }, "invalid-request", "body.timing"],
    [{ timming: "fast" }, "invalid-request", "timming"],
  ])("refuses the document %j and names the field", async (document, code, detail) => {
    const app = await buildAcmeApp();
    const refused = await control(app, "PUT", "sandboxes/a", document);
    expect(refused).toMatchObject({ status: 400, body: { code } });
    expect(refused.body.detail).toContain(detail);
    expect((await control(app, "GET", "sandboxes/a")).status).toBe(404);
  });

  it("refuses a literal key of another sandbox, or a key that names another sandbox", async () => {
    const app = await buildAcmeApp();
    await control(app, "PUT", "sandboxes/a", { accounts: { main: { keys: ["shared"] } } });
    const taken = await control(app, "PUT", "sandboxes/b", { accounts: { main: { keys: ["shared"] } } });
    expect(taken).toMatchObject({ status: 409, body: { code: "key-taken" } });
    const stolen = await control(app, "PUT", "sandboxes/b", { accounts: { main: { keys: ["fx_a_main"] } } });
    expect(stolen).toMatchObject({ status: 409, body: { code: "key-taken" } });
  });

  it("needs a name of a-z, 0-9 and -", async () => {
    const app = await buildAcmeApp();
    expect(await control(app, "PUT", "sandboxes/No_Such")).toMatchObject({
      status: 400,
      body: { code: "invalid-request" },
    });
  });
});
