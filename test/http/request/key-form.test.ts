/** Tests what is said of a refused key, and of an account that a key made. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, readCredits } from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { bolt } from "../../support/acme/bolt.ts";
import { control } from "../../support/control.ts";

const strict = { ...acme, keyPrefix: "acme_" };
const strictWorld = async () => buildAcmeWorld({ seed: "keys" }, "world", [strict, bolt]);

describe("a refused key", () => {
  it.each([
    [{}, "KEY_MISSING: The request carries no API key; send authorization: Bearer acme_fx_<sandbox>_<account>."],
    [
      { "x-api-key": "acme_fx_world_main" },
      "KEY_MISSING: The key was sent in x-api-key, and acme reads it from authorization",
    ],
    [
      { authorization: "acme_fx_world_main" },
      'KEY_MISSING: The header authorization does not have the form "Bearer <key>"',
    ],
    [{ authorization: "Bearer fx_world_main" }, "KEY_UNKNOWN: acme's keys begin with acme_: send acme_fx_world_main."],
    [{ authorization: "Bearer acme_12345678" }, "is not registered for acme; send acme_fx_<sandbox>_<account>"],
    [{ authorization: "Bearer acme_fx_world_login_main" }, "KEY_MALFORMED: The key has 3 parts after fx_"],
    [{ authorization: "acme_fx_world_main" }, "send authorization: Bearer acme_fx_world_main."],
    [{ "x-api-key": "fx_world_free" }, "reads it from authorization; send authorization: Bearer acme_fx_world_free."],
    [{ authorization: "Bearer acme_FX_World_Main" }, "is not registered for acme; send acme_fx_world_main, register"],
    [{ authorization: "Bearer ACME_fx_world_main" }, "acme's keys begin with acme_: send acme_fx_world_main."],
    [{ authorization: "Bearer acme_short" }, "KEY_UNKNOWN: The key ... is not registered"],
    [
      { authorization: "Bearer acme_fx_world_main,acme_fx_world_free" },
      "KEY_MALFORMED: The header has two keys; send only one of them, such as acme_fx_world_main.",
    ],
    [
      { authorization: `Bearer acme_fx_world_main${Buffer.from("\u200b").toString("latin1")}` },
      'KEY_MALFORMED: "main\\u200b" is not a name',
    ],
  ])("is explained: %j", async (headers, said) => {
    const { app } = await strictWorld();
    const { statusCode, headers: answered } = await app.inject({ url: "/acme/credits", headers });
    expect([statusCode, answered["x-fauxgen-diagnostic"]]).toEqual([401, expect.stringContaining(said)]);
  });

  it("of another vendor names both vendors", async () => {
    const { app } = await strictWorld();
    const response = await app.inject({
      method: "GET",
      url: "/bolt/tasks",
      headers: { "x-bolt-key": "acme_fx_world_main" },
    });
    expect(response.headers["x-fauxgen-diagnostic"] ?? "").toContain(
      "is acme's, by its beginning acme_; bolt's is fx_world_main",
    );
  });

  it("cannot be registered, because no request could use it", async () => {
    const { app } = await strictWorld();
    const register = async (body: object) => control(app, "POST", "sandboxes/world/accounts/main/keys", body);
    expect((await register({ key: "secret-1", vendor: "acme" })).body.detail).toContain("acme's keys begin with acme_");
    expect((await register({ key: "acme_1234", vendor: "bolt" })).body.detail).toContain("are acme's");
    expect((await register({ key: "Bearer x1234" })).body.detail).toContain("without a scheme");
    for (const key of ["schlüssel-1", " x1234", "x 1234"])
      expect((await register({ key })).body.detail).toContain("body.key: write a key without spaces and with ASCII");
    const document = { accounts: { main: { keys: [{ key: "secret-1", vendor: "acme" }] } } };
    const put = await control(app, "PUT", "sandboxes/world", document);
    expect([put.status, put.body.detail]).toEqual([400, expect.stringContaining("body.accounts.main.keys.0")]);
  });
});

describe("an account that the sandbox does not list", () => {
  it("is made and told once, with the nearest name", async () => {
    const world = await buildAcmeWorld();
    const first = await readCredits(world, { account: "mian" });
    expect([first.statusCode, first.headers["x-fauxgen-diagnostic"]]).toEqual([
      200,
      'ACCOUNT_MADE: Sandbox "world" had no account "mian"; this key made it, like main. Did you mean main?',
    ]);
    expect((await readCredits(world, { account: "mian" })).headers["x-fauxgen-diagnostic"]).toBeUndefined();
    await control(world.app, "PUT", "sandboxes/world/accounts/listed", {});
    expect((await readCredits(world, { account: "listed" })).headers["x-fauxgen-diagnostic"]).toBeUndefined();
  });

  it("is refused with --unknown-accounts refuse, unless its sandbox makes accounts", async () => {
    const world = await buildAcmeWorld({ unknownAccounts: "refuse" });
    const refused = await readCredits(world, { account: "mian" });
    expect([refused.statusCode, refused.headers["x-fauxgen-diagnostic"]]).toEqual([
      401,
      'ACCOUNT_UNKNOWN: Sandbox "world" has no account "mian". Did you mean main?',
    ]);
    expect(world.sandbox.accounts.names()).not.toContain("mian");
    expect(world.app.httpContext.journals.of(world.sandbox).entries()).toHaveLength(1);
    expect((await readCredits(world)).statusCode).toBe(200);
    await control(world.app, "PUT", "sandboxes/world", { unknownAccounts: "make" });
    expect((await readCredits(world, { account: "mian" })).statusCode).toBe(200);
  });
});
