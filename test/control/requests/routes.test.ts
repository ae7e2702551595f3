/** Tests the routes that list, filter and empty the journal. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, picture, postGeneration, readCredits } from "../../support/acme.ts";
import { control } from "../../support/control.ts";

const hero = { ...picture, prompt: "fauxgen:label=hero a lighthouse" };

describe("the journal", () => {
  it("shows requests and their responses", async () => {
    const world = await buildAcmeWorld();
    const created = await postGeneration(world, hero);
    const { items } = (await control(world.app, "GET", "sandboxes/world/requests")).body;
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      id: 1,
      state: "answered",
      method: "POST",
      url: "/acme/jobs",
      vendor: "acme",
      operation: "createGeneration",
      account: "main",
      label: "hero",
      status: 201,
      scenario: "succeed",
      generations: [created.json<{ id: string }>().id],
      request: { body: hero },
      response: { body: created.json() },
    });
  });

  it("shows self-describing keys and redacts all other keys", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "POST", "sandboxes/world/reset");
    await readCredits(world, { key: "acme_fx_world_main" });
    await readCredits(world, { key: "acme_a-secret-of-somebody" });
    const keys = async (sandbox: string) =>
      (await control(world.app, "GET", `sandboxes/${sandbox}/requests`)).body.items.map(
        ({ request }: { request: { headers: Record<string, string> } }) => request.headers.authorization,
      );
    expect(await keys("world")).toEqual(["Bearer acme_fx_world_main"]);
    expect(await keys("default")).toEqual(["Bearer acme…dy"]);
  });

  it("can be filtered, paged, waited for and emptied", async () => {
    const world = await buildAcmeWorld();
    for (const account of ["main", "other", "free"]) await readCredits(world, { account });
    const list = async (query: string) => (await control(world.app, "GET", `sandboxes/world/requests?${query}`)).body;
    expect(await list("account=other")).toMatchObject({ total: 1, evicted: 0 });
    expect(await list("status=403")).toMatchObject({ items: [{ account: "free" }] });
    expect(await list("operation=getCredits&limit=2")).toMatchObject({
      items: [{ id: 1 }, { id: 2 }],
      nextCursor: "2",
    });
    expect(await list("limit=2&cursor=2")).toMatchObject({ items: [{ id: 3 }], nextCursor: null });
    expect((await list("bodies=false")).items[0].response).toMatchObject({ body: null });
    const waiting = list("count=4&within=5s");
    await readCredits(world);
    expect(await waiting).toMatchObject({ total: 4 });
    expect((await control(world.app, "GET", "sandboxes/world/requests/3")).body).toMatchObject({ account: "free" });
    expect((await control(world.app, "DELETE", "sandboxes/world/requests")).status).toBe(204);
    expect(await list("")).toMatchObject({ total: 0 });
    expect((await control(world.app, "GET", "sandboxes/world/requests/3")).body).toMatchObject({
      code: "no-such-request",
    });
  });

  it("counts the requests that it dropped to stay within its limits", async () => {
    const world = await buildAcmeWorld({ journalEntries: 2 });
    for (let sent = 0; sent < 5; sent += 1) await readCredits(world);
    expect((await control(world.app, "GET", "sandboxes/world/requests")).body).toMatchObject({ total: 2, evicted: 3 });
  });

  it("has no requests to control", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "GET", "sandboxes/world");
    expect((await control(world.app, "GET", "sandboxes/default/requests")).body.total).toBe(0);
  });
});
