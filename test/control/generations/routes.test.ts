/** Tests the routes that list, steer and create the generations of a sandbox. */
import { describe, expect, it } from "vitest";
import {
  buildAcmeWorld,
  createGeneration,
  picture,
  postGeneration,
  readCredits,
  readGeneration,
} from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";

async function balance(world: TestWorld): Promise<number> {
  return (await readCredits(world)).json<{ credits: number }>().credits;
}

describe("the generations API", () => {
  it("lists generations in pages, oldest first, by vendor, account, label and phase", async () => {
    const world = await buildAcmeWorld();
    const ids = [];
    for (const label of ["a", "b", "a"])
      ids.push(await createGeneration(world, { ...picture, prompt: `fauxgen:label=${label}` }));
    await postGeneration(world, picture, { account: "other" });
    const list = async (query: string) =>
      (await control(world.app, "GET", `sandboxes/world/generations?${query}`)).body;
    const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);
    expect(idsOf(await list("label=a"))).toEqual([ids[0], ids[2]]);
    expect((await list("account=other")).total).toBe(1);
    expect((await list("vendor=acme&phase=queued")).total).toBe(4);
    expect((await list("account=free")).total).toBe(0);
    const first = await list("account=main&limit=2");
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    const second = await list(`account=main&limit=2&cursor=${first.nextCursor}`);
    expect(idsOf(second)).toEqual(ids.slice(2));
    expect(second.nextCursor).toBeNull();
  });

  it("answers a list request that waits for a generation as soon as the app creates one", async () => {
    const world = await buildAcmeWorld();
    const waiting = control(world.app, "GET", "sandboxes/world/generations?count=1&within=5s");
    const id = await createGeneration(world);
    expect((await waiting).body.items).toMatchObject([{ id, phase: "queued", scenario: { source: "configured" } }]);
  });

  it("answers 422 with the current count if too few generations exist in time", async () => {
    const world = await buildAcmeWorld();
    await createGeneration(world);
    const missed = await control(world.app, "GET", "sandboxes/world/generations?count=2&within=20ms");
    expect(missed).toMatchObject({ status: 422, body: { code: "not-reached", wanted: 2, found: 1 } });
  });

  it("holds a generation in a phase, and releases it with its original durations", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    const steer = async (verb: string, body?: object) =>
      control(world.app, "POST", `sandboxes/world/generations/${id}/${verb}`, body);
    await steer("hold", { phase: "processing" });
    await world.advance("10m");
    expect((await readGeneration(world, id)).json()).toMatchObject({ state: "drawing" });
    const released = (await steer("release")).body;
    expect(Date.parse(released.nextAt) - Date.parse(released.createdAt)).toBe(600_000 + 1500);
    await world.advance("1500ms");
    expect((await readGeneration(world, id)).json()).toMatchObject({ state: "done", tookMs: 601_500 });
    expect(await steer("hold")).toMatchObject({ status: 409, body: { code: "generation-conflict" } });
  });

  it("fails a generation with a code and the vendor's refund, or finishes it at once", async () => {
    const world = await buildAcmeWorld();
    const before = await balance(world);
    const [failed, finished] = [await createGeneration(world), await createGeneration(world)];
    const at = (id: string, verb: string) => `sandboxes/world/generations/${id}/${verb}`;
    const answer = await control(world.app, "POST", at(failed, "fail"), {
      code: "smudged",
      message: "Out of paint",
    });
    expect(answer.body).toMatchObject({
      phase: "failed",
      failure: { code: "smudged", message: "Out of paint" },
    });
    expect((await readGeneration(world, failed)).json()).toMatchObject({
      state: "broken",
      code: "smudged",
      message: "Out of paint",
    });
    await control(world.app, "POST", at(finished, "finish"));
    expect((await readGeneration(world, finished)).json()).toMatchObject({ state: "done" });
    expect(await balance(world)).toBe(before - 5);
  });

  it("sets the progress that a generation shows", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    const at = `sandboxes/world/generations/${id}/progress`;
    expect((await control(world.app, "POST", at, { percent: 42 })).body).toMatchObject({ progress: 42 });
    expect((await control(world.app, "POST", at, { percent: 101 })).status).toBe(400);
  });

  it.each([
    ["fail", { code: "not a code" }, 400, "unknown-name"],
    ["fail", { phase: "rejected" }, 400, "not-expressible"],
    ["cancel", {}, 400, "not-expressible"],
    ["hold", { phase: "succeeded" }, 400, "invalid-request"],
  ])("refuses to %s a generation with %j", async (verb, body, status, code) => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    const refused = await control(world.app, "POST", `sandboxes/world/generations/${id}/${verb}`, body);
    expect(refused).toMatchObject({ status, body: { code } });
  });

  it("does not find a generation of another sandbox", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    await control(world.app, "PUT", "sandboxes/elsewhere", {});
    expect(await control(world.app, "GET", `sandboxes/elsewhere/generations/${id}`)).toMatchObject({
      status: 404,
      body: { code: "no-such-generation" },
    });
  });
});

describe("POST generations", () => {
  const create = async (world: TestWorld, body: object) =>
    control(world.app, "POST", "sandboxes/world/generations", body);

  it.each(["queued", "processing", "succeeded", "failed"])(
    "creates a generation that is %s, with all effects of that phase",
    async (phase) => {
      const world = await buildAcmeWorld();
      const before = await balance(world);
      const created = await create(world, { vendor: "acme", phase, label: "ordered" });
      expect(created).toMatchObject({
        status: 201,
        body: {
          phase,
          label: "ordered",
          scenario: { source: phase === "queued" || phase === "processing" ? "configured" : "control" },
        },
      });
      const shown = { queued: "waiting", processing: "drawing", succeeded: "done", failed: "broken" }[phase];
      expect((await readGeneration(world, created.body.id)).json()).toMatchObject({ state: shown });
      expect(await balance(world)).toBe(phase === "failed" ? before : before - 5);
    },
  );

  it("creates a generation that continues from its phase, unless it is held", async () => {
    const world = await buildAcmeWorld();
    const going = (await create(world, { vendor: "acme", phase: "processing" })).body.id;
    const held = (await create(world, { vendor: "acme", phase: "processing", hold: true })).body.id;
    await world.advance("1500ms");
    expect((await readGeneration(world, going)).json()).toMatchObject({ state: "done" });
    expect((await readGeneration(world, held)).json()).toMatchObject({ state: "drawing" });
  });

  it("uses the account's next generation id, as a client's request would", async () => {
    const world = await buildAcmeWorld();
    const ordered = (await create(world, { vendor: "acme" })).body.id;
    await control(world.app, "POST", "sandboxes/world/reset");
    expect(await createGeneration(world)).toBe(ordered);
  });

  it.each([
    [{ vendor: "acne" }, "unknown-name"],
    [{ vendor: "acme", phase: "rejected" }, "not-expressible"],
    [{ vendor: "acme", phase: "done" }, "invalid-request"],
    [{ vendor: "acme", scenario: "sucess" }, "unknown-name"],
    [{ vendor: "acme", scenario: "stuck", phase: "failed" }, "invalid-request"],
    [{ vendor: "acme", phase: "failed", hold: true }, "invalid-request"],
    [{ vendor: "acme", request: { model: "unknown-model" } }, "refused-by-vendor"],
    [{ vendor: "acme", request: { prompt: "" } }, "refused-by-vendor"],
  ])("refuses the body %j", async (body, code) => {
    const world = await buildAcmeWorld();
    expect(await create(world, body)).toMatchObject({ status: 400, body: { code } });
    expect((await control(world.app, "GET", "sandboxes/world/generations")).body.total).toBe(0);
  });
});
