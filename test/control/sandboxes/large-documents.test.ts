/** Tests that documents with thousands of rules are read and put in force in many turns, between which others have theirs. */
import type { FastifyInstance } from "fastify";
import { describe, expect, it } from "vitest";
import { createWallClock, type WallClock } from "../../../src/engine/base/clock.ts";
import { buildAcmeApp, postGeneration } from "../../support/acme.ts";
import { worldIn } from "../../support/app.ts";
import { control } from "../../support/control.ts";

const RULES = 5000;

const rulesOf = (label: string) =>
  Array.from({ length: RULES }, (_, index) => ({ when: { label: `${label}-${index}` }, scenario: "fail" }));

/**
 * Returns a clock on which a millisecond passes each time that it is read, as each step of long work does, and a function
 * that returns the steps of the turns since it was last called.
 */
function clockOfSteps(): { wall: WallClock; stepsOfTurns: () => number[] } {
  const host = createWallClock();
  let reads = 0;
  let turns: number[] = [0];
  const wall: WallClock = {
    ...host,
    agreesWithHost: true,
    now: () => {
      reads += 1;
      turns.push((turns.pop() ?? 0) + 1);
      return host.now() + reads;
    },
    nextTurn: async () => {
      await host.nextTurn();
      turns.push(0);
    },
  };
  return {
    wall,
    stepsOfTurns: () => {
      const steps = turns;
      turns = [0];
      return steps;
    },
  };
}

const sum = (steps: readonly number[]): number => steps.reduce((all, each) => all + each, 0);

describe("a document with 5,000 rules", () => {
  it.each([
    ["for a new sandbox", "PUT", "sandboxes/new", { rules: rulesOf("new") }],
    ["for a sandbox", "PUT", "sandboxes/world", { rules: rulesOf("other") }],
    ["of fixtures", "PUT", "sandboxes/world/fixtures", { rules: rulesOf("fixtures") }],
    ["for all sandboxes", "PUT", "template", { rules: rulesOf("template") }],
  ] as const)("%s is parsed, checked and compiled in turns of a few steps", async (_, method, path, document) => {
    const { wall, stepsOfTurns } = clockOfSteps();
    const app = await buildAcmeApp({}, wall);
    await control(app, "PUT", "sandboxes/world", { rules: rulesOf("first") });
    stepsOfTurns();
    expect((await control(app, method, path, document)).status).toBeLessThan(300);
    const steps = stepsOfTurns();
    // A step for each rule that is parsed and checked, and for each 16 rules that are compiled.
    expect(sum(steps)).toBeGreaterThan(2 * RULES + RULES / 16);
    expect(Math.max(...steps)).toBeLessThan(40);
  });

  it("is put in force again by a reset, and by a new sandbox of its template, without such steps", async () => {
    const { wall, stepsOfTurns } = clockOfSteps();
    const app = await buildAcmeApp({}, wall);
    await control(app, "PUT", "sandboxes/world", { rules: rulesOf("first") });
    await control(app, "PUT", "template", { rules: rulesOf("template") });
    stepsOfTurns();
    expect((await control(app, "POST", "sandboxes/world/reset")).status).toBe(200);
    expect((await control(app, "PUT", "sandboxes/late")).status).toBe(201);
    expect(sum(stepsOfTurns())).toBeLessThan(100);
    const { items } = (await control(app, "GET", "sandboxes/world/rules")).body as { items: unknown[] };
    expect(items).toHaveLength(2 * RULES);
  });

  it("is refused with each of its mistakes, in turns as well", async () => {
    const { wall, stepsOfTurns } = clockOfSteps();
    const app = await buildAcmeApp({}, wall);
    const rules: object[] = rulesOf("wrong");
    rules[7] = { scenaro: "fail" };
    rules[4999] = { scenario: "fail", times: 0 };
    const { status, body } = await control(app, "PUT", "sandboxes/wrong", { rules, seed: [] });
    expect(status).toBe(400);
    expect((body as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual([
      "body.seed",
      "body.rules.7.scenaro",
      "body.rules.4999.times",
    ]);
    expect(Math.max(...stepsOfTurns())).toBeLessThan(40);
  });
});

describe("while a document with 5,000 rules is prepared", () => {
  type Labelled = readonly { when: { label: string } }[];

  /** The first and the last rule of a sandbox that are in force, and its document's. */
  async function rulesIn(app: FastifyInstance, name: string): Promise<{ inForce: string[]; documented: string[] }> {
    const labelsOf = (rules: Labelled): string[] =>
      [rules[0], rules.at(-1)].map((rule) => `${rule?.when.label ?? "none"} of ${rules.length}`);
    const { items } = (await control(app, "GET", `sandboxes/${name}/rules`)).body as { items: Labelled };
    const { document } = (await control(app, "GET", `sandboxes/${name}`)).body as { document: { rules?: Labelled } };
    return { inForce: labelsOf(items), documented: labelsOf(document.rules ?? []) };
  }

  it.each([
    ["another one for the same sandbox", "PUT", "sandboxes/world", { rules: rulesOf("other") }],
    ["fixtures for the same sandbox", "PUT", "sandboxes/world/fixtures", { rules: rulesOf("other") }],
    ["a reset", "POST", "sandboxes/world/reset", undefined],
    ["a deletion", "DELETE", "sandboxes/world", undefined],
    ["a template", "PUT", "template", { accounts: { crew: {} } }],
  ] as const)("%s leaves the rules of the document that is in force", async (_, method, path, body) => {
    const app = await buildAcmeApp();
    await control(app, "PUT", "sandboxes/world", { rules: rulesOf("first") });
    const put = control(app, "PUT", "sandboxes/world", { rules: rulesOf("second") });
    const other = control(app, method, path, body);
    const served = Promise.all([1, 2, 3].map(async () => postGeneration(worldIn(app, "world"))));
    const statuses = (await Promise.all([put, other])).map(({ status }) => status);
    expect(Math.max(...statuses)).toBeLessThan(300);
    const isEmptied = method !== "PUT";
    for (const { statusCode, headers } of await served)
      // A request that a reset or a deletion overtakes says so.
      expect([statusCode, String(headers["x-fauxgen-diagnostic"])]).toEqual(
        isEmptied && statusCode !== 201 ? [500, expect.stringMatching(/^SANDBOX_WAS_RESET/)] : [201, expect.anything()],
      );
    const { inForce, documented } = await rulesIn(app, "world");
    expect(inForce).toEqual(documented);
    expect(documented[0]).toMatch(/^(?:second|other)-0 of 5000$/);
  });
});
