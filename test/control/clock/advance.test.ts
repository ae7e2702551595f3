/** Tests that an advance completes everything that is due before it answers. */
import { describe, expect, it } from "vitest";
import { advance } from "../../../src/engine/sandbox/advance.ts";
import { buildAcmeWorld, createGeneration, postGeneration, readGeneration } from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";

const steer = async (world: TestWorld, verb: string, body?: object) =>
  control(world.app, "POST", `sandboxes/world/clock/${verb}`, body);

describe("an advance", () => {
  it("completes a ten-minute video and the requests that wait for it in milliseconds", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "PUT", "sandboxes/world", { timing: { queued: "1m", processing: "9m" } });
    const id = await createGeneration(world);
    const waiting = Array.from({ length: 20 }, async () => readGeneration(world, id, "?wait=true&timeout=55"));
    await control(world.app, "GET", "sandboxes/world/waiters?count=20&within=5s");
    const began = performance.now();
    const { body } = await steer(world, "advance", { by: "10m" });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(body.fired.map(({ kind }: { kind: string }) => kind)).toEqual([
      ...Array.from({ length: 20 }, () => "deadline"),
      "transition",
      "transition",
    ]);
    expect(body.unsettled).toEqual([]);
    const answers = await Promise.all(waiting);
    expect(new Set(answers.map((answer) => answer.json<{ state: string }>().state))).toEqual(new Set(["waiting"]));
    const read = await readGeneration(world, id);
    expect(read.json()).toMatchObject({ state: "done" });
  });

  it("answers held requests with their present state before it answers itself", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    let answered: unknown;
    void readGeneration(world, id, "?wait=true").then((answer) => (answered = answer.json()));
    await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s");
    await steer(world, "advance", { by: "10s" });
    expect(answered).toMatchObject({ state: "done" });
  });

  it("does not wait for a request that is held again after its delay", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    await control(world.app, "POST", `sandboxes/world/generations/${id}/hold`);
    await control(world.app, "POST", "sandboxes/world/rules", { fault: { latency: "2s" } });
    const asked = readGeneration(world, id, "?wait=true&timeout=10");
    await control(world.app, "GET", "sandboxes/world/waiters?count=1&within=5s&kind=latency");
    const began = performance.now();
    const { body } = await steer(world, "advance", { by: "20s" });
    expect(performance.now() - began).toBeLessThan(2000);
    expect(body.unsettled).toEqual([]);
    expect((await asked).json()).toMatchObject({ state: "waiting" });
  });

  it("refuses other changes of the clock while it runs", async () => {
    const world = await buildAcmeWorld();
    const stop = hang(world);
    const first = steer(world, "advance", { by: "1m" });
    await expect.poll(() => world.sandbox.steering.isClaimed).toBe(true);
    for (const [verb, body] of [
      ["advance", { by: "1s" }],
      ["freeze", {}],
      ["resume", {}],
    ] as const)
      expect(await steer(world, verb, body)).toMatchObject({ status: 409, body: { code: "clock-busy" } });
    const set = await control(world.app, "PUT", "sandboxes/world/clock", { rate: 2 });
    expect(set).toMatchObject({ status: 409, body: { code: "clock-busy" } });
    stop();
    expect((await first).status).toBe(200);
    expect((await steer(world, "advance", { by: "1s" })).status).toBe(200);
  });

  it.each(["reset", "delete"])("is aborted at once by a %s, and leaves nothing in the new sandbox", async (how) => {
    const world = await buildAcmeWorld();
    await postGeneration(world);
    hang(world);
    const advancing = steer(world, "advance", { by: "1h" });
    await expect.poll(() => world.sandbox.steering.isClaimed).toBe(true);
    const began = performance.now();
    if (how === "reset") await control(world.app, "POST", "sandboxes/world/reset");
    else await control(world.app, "DELETE", "sandboxes/world");
    expect(await advancing).toMatchObject({ status: 409, body: { code: "advance-aborted" } });
    expect(performance.now() - began).toBeLessThan(1000);
    await control(world.app, "PUT", "sandboxes/world", { clock: { mode: "frozen" } });
    expect((await steer(world, "advance", { by: "1s" })).status).toBe(200);
    expect((await control(world.app, "GET", "sandboxes/world/generations")).body.total).toBe(0);
  });

  it("names work that hangs, waits for it once, and continues", async () => {
    const world = await buildAcmeWorld();
    for (let made = 0; made < 5; made += 1) await postGeneration(world);
    const stop = hang(world);
    const began = performance.now();
    const { body } = await steer(world, "advance", { by: "1h", settle: "100ms" });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(body.unsettled).toEqual([{ kind: "reply", id: "hanging" }]);
    expect(body.fired).toHaveLength(10);
    stop();
  });

  it("keeps a running clock running, at its rate and from the advanced time", async () => {
    const world = await buildAcmeWorld();
    await steer(world, "resume", { rate: 3 });
    const { body } = await steer(world, "advance", { by: "1h" });
    expect(Date.parse(body.now) - Date.parse(body.from)).toBeGreaterThanOrEqual(3_600_000);
    expect((await control(world.app, "GET", "sandboxes/world/clock")).body).toMatchObject({ mode: "running", rate: 3 });
  });

  it("yields to the event loop while it fires hundreds of transitions", async () => {
    const world = await buildAcmeWorld();
    for (let made = 0; made < 300; made += 1) {
      await advance(world.sandbox, (now) => now + 1);
      await postGeneration(world);
    }
    let turns = 0;
    // eslint-disable-next-line no-restricted-syntax -- it counts the turns of the event loop
    const turn = setInterval(() => (turns += 1), 1);
    const { body } = await steer(world, "advance", { by: "1h" });
    clearInterval(turn);
    expect(body.fired).toHaveLength(600);
    const times = body.fired.map(({ at }: { at: string }) => at);
    expect(times).toEqual([...times].sort());
    expect(turns).toBeGreaterThan(0);
  });
});

/** Adds pending work that does not finish until the returned function is called. */
function hang({ sandbox }: TestWorld): () => void {
  let finish = (): void => undefined;
  sandbox.pendingWork.track(new Promise<void>((resolve) => (finish = resolve)), { kind: "reply", id: "hanging" });
  return finish;
}
