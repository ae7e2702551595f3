/** Tests which answers are counted, and in which sandbox. */
import { describe, expect, it } from "vitest";
import type { ControlOptions } from "../../../src/control/scope.ts";
import {
  buildAcmeWorld,
  createGeneration,
  get,
  headersOf,
  listenWithAcme,
  postGeneration,
  readCredits,
  readGeneration,
} from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";

type Context = ControlOptions["context"];

const counted = ({ app, sandbox }: Pick<TestWorld, "app" | "sandbox">, of: "sandbox" | "run" = "sandbox") => {
  const { coverage, journals }: Context = app.httpContext;
  const counts = of === "run" ? coverage.run : journals.of(sandbox).answers;
  return counts
    .all()
    .map(([{ operation, status, code, phase, isListed }, count]) =>
      [operation, status, phase, code, isListed ? undefined : "unlisted", `x${count}`]
        .filter((part) => part !== undefined)
        .join(" "),
    );
};

const addRule = async ({ app }: TestWorld, rule: Readonly<Record<string, unknown>>): Promise<void> => {
  expect(await control(app, "POST", "sandboxes/world/rules", rule)).toMatchObject({ status: 201 });
};

describe("an answer", () => {
  it("is counted in its sandbox and in the run, each time that it is sent", async () => {
    const world = await buildAcmeWorld();
    await createGeneration(world);
    await readCredits(world);
    await readCredits(world);
    await readCredits(world, { account: "free" });
    const expected = ["createGeneration 201 queued waiting x1", "getCredits 200 x2", "getCredits 403 no_plan x1"];
    expect(counted(world)).toEqual(expected);
    expect(counted(world, "run")).toEqual(expected);
  });

  it("shows the phase of a generation that was read", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    await readGeneration(world, id);
    await world.advance("1h");
    await readGeneration(world, id, "?wait=true");
    expect(counted(world).slice(1)).toEqual([
      "getGeneration 200 unlisted x1",
      "getGeneration 200 succeeded unlisted x1",
    ]);
  });

  it("stays counted when the journal drops or deletes its entry", async () => {
    const world = await buildAcmeWorld({ journalEntries: "1" });
    for (let sent = 0; sent < 4; sent += 1) await readCredits(world);
    expect(world.app.httpContext.journals.of(world.sandbox).evicted).toBe(3);
    await control(world.app, "DELETE", "sandboxes/world/requests");
    expect(counted(world)).toEqual(["getCredits 200 x4"]);
  });

  it("leaves the counts of its sandbox at a reset and at a deletion, and stays counted in the run", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    await control(world.app, "POST", "sandboxes/world/reset");
    expect(counted(world)).toEqual([]);
    await control(world.app, "DELETE", "sandboxes/world");
    expect(counted(world, "run")).toEqual(["getCredits 200 x1"]);
  });

  it("to a HEAD, to a preflight or to an unknown path is not counted", async () => {
    const world = await buildAcmeWorld();
    await get(world, "/acme/unknown");
    for (const method of ["HEAD", "OPTIONS"] as const)
      await world.app.inject({ method, url: "/acme/credits", headers: { "x-fauxgen-sandbox": "world" } });
    expect(counted(world)).toEqual([]);
  });

  it("of a rule counts as the listed answer with the vendor's body, and as unlisted with a body of its own", async () => {
    const world = await buildAcmeWorld();
    const fault = (status: number, body?: unknown) =>
      addRule(world, {
        when: { operation: "createGeneration" },
        times: 1,
        fault: { status, ...(body !== undefined && { body }) },
      });
    await fault(402);
    await postGeneration(world);
    await fault(402, { oops: true });
    await postGeneration(world);
    expect(counted(world)).toEqual(["createGeneration 402 no_credits x1", "createGeneration 402 unlisted x1"]);
  });

  it("that a fault replaces counts as what was sent, and one that a fault edits is unlisted", async () => {
    const world = await buildAcmeWorld();
    const when = { operation: "getCredits" };
    await addRule(world, { when, times: 1, fault: { status: 403, when: "after" } });
    await readCredits(world);
    await addRule(world, { when, times: 1, fault: { edit: { set: { credits: "many" } } } });
    await readCredits(world);
    expect(counted(world)).toEqual(["getCredits 403 no_plan x1", "getCredits 200 unlisted x1"]);
  });

  it("that a fault breaks off is not counted, and a slow one is once it is complete", async () => {
    const { url, app } = await listenWithAcme();
    const ask = async (): Promise<void> => {
      const answer = await fetch(`${url}/acme/credits`, { headers: headersOf("cut") });
      await answer.text();
    };
    await ask();
    const sandbox = app.httpContext.sandboxes.obtain("cut");
    const rule = (fault: unknown) => control(app, "POST", "sandboxes/cut/rules", { times: 1, fault });
    for (const fault of ["EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER", "TRUNCATED_BODY", "MALFORMED_RESPONSE_CHUNK"]) {
      expect(await rule(fault)).toMatchObject({ status: 201 });
      await expect(ask()).rejects.toThrow();
    }
    expect(counted({ app, sandbox })).toEqual(["getCredits 200 x1"]);
    await rule({ kind: "SLOW_BODY", during: "20ms" });
    await ask();
    await expect.poll(() => counted({ app, sandbox })).toEqual(["getCredits 200 x2"]);
  });
});
