/** Tests the routes that read and change accounts and their keys. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, readCredits } from "../../support/acme.ts";
import { control } from "../../support/control.ts";

const at = "sandboxes/world/accounts";

describe("the accounts API", () => {
  it("shows the built-in accounts of a sandbox, with a key and a state at every vendor", async () => {
    const world = await buildAcmeWorld();
    const { items } = (await control(world.app, "GET", at)).body;
    expect(items.map(({ name }: { name: string }) => name)).toEqual([
      "main",
      "other",
      "free",
      "broke",
      "limited",
      "revoked",
    ]);
    expect((await control(world.app, "GET", `${at}/broke`)).body.vendors.acme).toMatchObject({
      apiKey: "acme_fx_world_broke",
      state: { credits: 1 },
    });
  });

  it("sets the plan and credits of an account by PUT, until the next reset", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "PUT", `${at}/free`, { vendors: { acme: { plan: "full", credits: 1234 } } });
    expect((await readCredits(world, { account: "free" })).json()).toMatchObject({ plan: "full", credits: 1234 });
    await control(world.app, "POST", "sandboxes/world/reset");
    expect((await readCredits(world, { account: "free" })).statusCode).toBe(403);
  });

  it("registers any literal text as an account's key, and revokes it", async () => {
    const world = await buildAcmeWorld();
    const key = "acme_my-own-secret";
    const made = await control(world.app, "POST", `${at}/main/keys`, { key, vendor: "acme" });
    expect(made).toMatchObject({
      status: 201,
      body: { keys: [{ hint: "acme…et", vendor: "acme", revokedAt: null }] },
    });
    expect((await readCredits(world, { key })).statusCode).toBe(200);
    await control(world.app, "POST", `${at}/main/keys/revoke`, { key });
    expect((await readCredits(world, { key })).json()).toMatchObject({ code: "key_revoked" });
    await control(world.app, "POST", `${at}/main/keys/revoke`, { key: "acme_fx_world_main" });
    expect((await readCredits(world)).json()).toMatchObject({ code: "key_revoked" });
    await control(world.app, "POST", "sandboxes/world/reset");
    expect((await readCredits(world)).statusCode).toBe(200);
  });

  it("refuses to register or revoke the keys of another sandbox", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "PUT", "sandboxes/elsewhere", { accounts: { main: { keys: ["literal-of-elsewhere"] } } });
    for (const key of ["literal-of-elsewhere", "fx_elsewhere_main", "acme_fx_elsewhere_main"]) {
      for (const verb of ["keys", "keys/revoke"])
        expect(await control(world.app, "POST", `${at}/main/${verb}`, { key })).toMatchObject({
          status: 409,
          body: { code: "key-taken" },
        });
    }
    const elsewhere = await readCredits(world, { key: "acme_fx_elsewhere_main" });
    expect(elsewhere.statusCode).toBe(200);
  });

  it.each([
    ["PUT", "main", { vendors: { acme: { plan: "gold" } } }, 400, "invalid-request", "body.vendors.acme.plan"],
    ["PUT", "main", { vendors: { acne: {} } }, 400, "unknown-name", "Did you mean acme"],
    ["GET", "nobody", undefined, 404, "no-such-account", "it has main, other"],
    ["POST", "main/keys/revoke", { key: "never-heard-of" }, 404, "no-such-key", "is not registered"],
  ] as const)("refuses %s of the account path %s with %j", async (method, path, body, status, code, detail) => {
    const world = await buildAcmeWorld();
    const refused = await control(world.app, method, `${at}/${path}`, body);
    expect(refused).toMatchObject({ status, body: { code } });
    expect(refused.body.detail).toContain(detail);
  });
});
