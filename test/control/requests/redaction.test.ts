/** Tests that control shows no key that a client could use. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, readCredits } from "../../support/acme.ts";
import { control } from "../../support/control.ts";

const LITERAL = "sk-live-literal-0123456789";
const COOKIE = "session=cookie-secret-0123456789";

describe("the redaction of keys", () => {
  it("shows a self-describing key, because it names the account", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    const { items } = (await control(world.app, "GET", "sandboxes/world/requests")).body;
    expect(items[0].request.headers.authorization).toBe("Bearer acme_fx_world_main");
  });

  it.each(["requests", "report", "bundle"])(
    "hides literal keys and cookies in %s, in every place of a request",
    async (part) => {
      const world = await buildAcmeWorld();
      const registered = await control(world.app, "POST", "sandboxes/world/accounts/main/keys", { key: LITERAL });
      expect(registered.status).toBe(201);
      const headers = { authorization: `Bearer ${LITERAL}`, "x-bolt-key": LITERAL, cookie: COOKIE };
      expect((await world.app.inject({ method: "GET", url: "/acme/credits", headers })).statusCode).toBe(200);
      const shown = JSON.stringify((await control(world.app, "GET", `sandboxes/world/${part}`)).body);
      expect(shown).toContain("/acme/credits");
      expect(shown).not.toContain(LITERAL);
      expect(shown).not.toContain("cookie-secret");
    },
  );
});
