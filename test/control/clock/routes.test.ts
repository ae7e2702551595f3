/** Tests the routes that read, set, freeze, resume and advance the clock of a sandbox. */
import { describe, expect, it } from "vitest";
import { buildAcmeApp, buildAcmeWorld, postGeneration } from "../../support/acme.ts";
import { control } from "../../support/control.ts";

const NOW = "2026-11-22T10:00:00.000Z";

describe("the clock of a sandbox", () => {
  it("shows no due time once the planned transition is cancelled", async () => {
    const world = await buildAcmeWorld();
    const made = await control(world.app, "POST", "sandboxes/world/generations", { vendor: "acme" });
    const clock = async () => (await control(world.app, "GET", "sandboxes/world/clock")).body.nextDue;
    expect(await clock()).toBe(made.body.nextAt);
    await control(world.app, "POST", `sandboxes/world/generations/${made.body.id}/finish`);
    expect(await clock()).toBeNull();
  });

  it("is read, frozen, set, sped up and resumed", async () => {
    const app = await buildAcmeApp();
    await control(app, "PUT", "sandboxes/a", { now: NOW, clock: { mode: "frozen" } });
    expect((await control(app, "GET", "sandboxes/a/clock")).body).toEqual({
      mode: "frozen",
      rate: 1,
      now: NOW,
      nextDue: null,
    });
    const set = await control(app, "PUT", "sandboxes/a/clock", { now: "2026-11-23T00:00:00Z", rate: 60 });
    expect(set.body).toMatchObject({ mode: "frozen", rate: 60, now: "2026-11-23T00:00:00.000Z" });
    expect((await control(app, "POST", "sandboxes/a/clock/resume", { rate: 2 })).body).toMatchObject({
      mode: "running",
      rate: 2,
    });
    expect((await control(app, "POST", "sandboxes/a/clock/freeze")).body).toMatchObject({ mode: "frozen", rate: 2 });
  });

  it("refuses to go back", async () => {
    const app = await buildAcmeApp();
    await control(app, "PUT", "sandboxes/a", { now: NOW, clock: { mode: "frozen" } });
    const earlier = { now: "2026-11-22T09:00:00Z" };
    expect(await control(app, "PUT", "sandboxes/a/clock", earlier)).toMatchObject({
      status: 409,
      body: { code: "clock-backwards" },
    });
    const to = { to: earlier.now };
    expect(await control(app, "POST", "sandboxes/a/clock/advance", to)).toMatchObject({
      status: 409,
      body: { code: "clock-backwards" },
    });
  });

  it.each([{}, { by: "soon" }, { by: "1s", to: NOW }, { by: -1 }])("refuses to advance by %j", async (body) => {
    const app = await buildAcmeApp();
    expect(await control(app, "POST", "sandboxes/default/clock/advance", body)).toMatchObject({
      status: 400,
      body: { code: "invalid-request" },
    });
  });

  it("advances through everything that is due, in order, and lists what fired", async () => {
    const world = await buildAcmeWorld();
    const { app } = world;
    await control(app, "PUT", "sandboxes/world", { timing: { queued: "1m", processing: "9m" } });
    await postGeneration(world);
    const began = performance.now();
    const { body } = await control(app, "POST", "sandboxes/world/clock/advance", { by: "10m" });
    expect(performance.now() - began).toBeLessThan(200);
    const from = Date.parse(body.from);
    expect(body.fired.map(({ at, kind }: { at: string; kind: string }) => [Date.parse(at) - from, kind])).toEqual([
      [60_000, "transition"],
      [600_000, "transition"],
    ]);
    expect(Date.parse(body.now) - from).toBe(600_000);
    expect(body.unsettled).toEqual([]);
  });
});
