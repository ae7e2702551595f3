import { describe, expect, it } from "vitest";
import { vivix } from "../../../src/vendors/vivix/index.ts";
import { buildTestApp, keyHeaders } from "../../support/app.ts";
import { control } from "../../support/control.ts";

describe("a sandbox", () => {
  it("is created by PUT, which answers URLs and keys for clients", async () => {
    const app = await buildTestApp();
    const made = await control(app, "PUT", "sandboxes/checkout", { timing: "instant", clock: { mode: "frozen" } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: "checkout",
      clock: { mode: "frozen" },
      vendors: { vivix: { baseUrl: "http://localhost:80", apiKey: "vvx_live_fx_checkout_main" } },
    });
    const { apiKey } = made.body.vendors.vivix;
    const headers = keyHeaders(vivix, apiKey);
    expect((await app.inject({ method: "GET", url: "/api/v1/credits", headers })).statusCode).toBe(200);
  });

  it("returns its document by GET in the form that PUT accepts", async () => {
    const app = await buildTestApp();
    await control(app, "PUT", "sandboxes/a", { timing: { queued: "1s", processing: "2m" }, scenario: "fail" });
    const { document } = (await control(app, "GET", "sandboxes/a")).body;
    expect(document).toEqual({ timing: { queued: 1000, processing: 120_000 }, scenario: "fail" });
    expect((await control(app, "PUT", "sandboxes/a", document)).body.document).toEqual(document);
  });

  it("applies a new document at once", async () => {
    const app = await buildTestApp();
    await control(app, "PUT", "sandboxes/a", {});
    const changed = await control(app, "PUT", "sandboxes/a", {
      clock: { mode: "frozen" },
      accounts: { broke: { keys: ["literal-key"], vendors: { vivix: { granted: 777 } } } },
    });
    expect(changed).toMatchObject({ status: 200, body: { clock: { mode: "frozen" } } });
    const headers = keyHeaders(vivix, "vvx_live_fx_a_broke");
    const credits = await app.inject({ method: "GET", url: "/api/v1/credits", headers });
    expect(credits.json()).toMatchObject({ balance: 777 });
  });

  it("is deleted by DELETE, and created again by a request with its key", async () => {
    const app = await buildTestApp();
    await control(app, "PUT", "sandboxes/a", { scenario: "fail" });
    expect((await control(app, "DELETE", "sandboxes/a")).status).toBe(204);
    expect((await control(app, "GET", "sandboxes/a")).body.code).toBe("no-such-sandbox");
    await app.inject({ method: "GET", url: "/api/v1/credits", headers: keyHeaders(vivix, "vvx_live_fx_a_main") });
    expect((await control(app, "GET", "sandboxes/a")).body.document).toEqual({});
  });

  it.each([
    [{ vendors: { vivx: {} } }, "unknown-name", "Did you mean vivix?"],
    [{ vendors: { vivix: { retention: "soon" } } }, "invalid-request", "body.vendors.vivix.retention"],
    [{ vendors: { vivix: { retension: "3d" } } }, "invalid-request", "retension"],
    [
      { accounts: { main: { vendors: { vivix: { plan: "gold" } } } } },
      "invalid-request",
      "body.accounts.main.vendors.vivix.plan",
    ],
    [{ accounts: { Main: {} } }, "invalid-request", "body.accounts.Main"],
    [{ vintages: { vivix: "2031" } }, "unknown-name", "There are: 2026-05"],
    [{ scenario: "sucess" }, "unknown-name", "Did you mean succeed"],
    [{ timing: "fats" }, "invalid-request", "body.timing"],
    [{ timming: "fast" }, "invalid-request", "timming"],
  ])("refuses the document %j and names the field", async (document, code, detail) => {
    const app = await buildTestApp();
    const refused = await control(app, "PUT", "sandboxes/a", document);
    expect(refused).toMatchObject({ status: 400, body: { code } });
    expect(refused.body.detail).toContain(detail);
    expect((await control(app, "GET", "sandboxes/a")).status).toBe(404);
  });

  it("refuses a literal key of another sandbox, or a key that names another sandbox", async () => {
    const app = await buildTestApp();
    await control(app, "PUT", "sandboxes/a", { accounts: { main: { keys: ["shared"] } } });
    const taken = await control(app, "PUT", "sandboxes/b", { accounts: { main: { keys: ["shared"] } } });
    expect(taken).toMatchObject({ status: 409, body: { code: "key-taken" } });
    const stolen = await control(app, "PUT", "sandboxes/b", { accounts: { main: { keys: ["fx_a_main"] } } });
    expect(stolen).toMatchObject({ status: 409, body: { code: "key-taken" } });
  });

  it("needs a name of a-z, 0-9 and -", async () => {
    const app = await buildTestApp();
    expect(await control(app, "PUT", "sandboxes/No_Such")).toMatchObject({
      status: 400,
      body: { code: "invalid-request" },
    });
  });
});
