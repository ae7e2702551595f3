/** Tests that what a reset, a deletion or a bundle replaces is gone at once, and deleted later, also after a kill. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { runAtOnce } from "../../../src/engine/base/turns.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { restoring, tablesOf } from "../../support/bundle.ts";
import { createEngine, createGeneration, type EngineWorld } from "../../support/engine.ts";
import { makeFolder } from "../../store/version-files.ts";

const MANY = 300;

/** The tables whose rows belong to a sandbox by its number. */
const TABLES = ["accounts", "generations", "outputs", "rule_lists"];

/** The names of all stored sandboxes, and the number of rows of each table. */
function storedIn(file: string) {
  const database = new Database(file, { readonly: true });
  const names = database.prepare<[], string>("SELECT name FROM sandboxes ORDER BY id").pluck().all();
  const count = (table: string) => database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get();
  const counts = Object.fromEntries(TABLES.map((table) => [table, count(table)]));
  database.close();
  return { names, counts };
}

/** Fills a sandbox, and returns a file with it and with a sound neighbour. */
function buildWorld() {
  const file = join(makeFolder(), "data.db");
  const engine = createEngine({ file });
  const sandbox = engine.sandboxes.create(
    "world",
    sandboxSettings.parse({ clock: { mode: "frozen" }, rules: [{ when: {}, scenario: "fail" }] }),
  );
  for (let made = 0; made < MANY; made += 1) createGeneration(sandbox);
  createGeneration(engine.sandboxes.create("neighbour", {}));
  return { file, engine, sandbox };
}

const idsOf = (sandbox: Sandbox | undefined) =>
  sandbox?.generations.list({}, { order: "oldest" }).map(({ id }) => id) ?? [];

/** Starts again on the file, waits until everything left over is deleted, and returns the ids of both sandboxes. */
async function restart(file: string) {
  const engine = createEngine({ file });
  const { store } = engine.sandboxes.default;
  const world = engine.sandboxes.find("world");
  const found = { world: idsOf(world), neighbour: idsOf(engine.sandboxes.find("neighbour")) };
  const hidden = engine.sandboxes.all().filter(({ name }) => name.startsWith("~"));
  for (let turns = 0; turns < 1000 && store.leftovers.hasSome; turns += 1)
    await new Promise((resolve) => setImmediate(resolve));
  engine.kill();
  return { ...found, hidden, ...storedIn(file) };
}

const bundleOf = (engine: EngineWorld, sandbox: Sandbox) => ({
  settings: { ...sandbox.document, seed: "other" },
  clock: sandbox.clock.state,
  tables: tablesOf(engine, engine.sandboxes.default),
  rates: {},
  lastRule: 0,
});

describe("what a sandbox held before", () => {
  it.each<[string, (world: ReturnType<typeof buildWorld>) => void, readonly string[]]>([
    [
      "a reset",
      ({ engine, sandbox }) => {
        engine.sandboxes.reset(sandbox);
      },
      ["default", "neighbour", "world"],
    ],
    [
      "a deletion",
      ({ engine, sandbox }) => {
        engine.sandboxes.delete(sandbox);
      },
      ["default", "neighbour"],
    ],
    [
      "a bundle",
      ({ engine, sandbox }) => {
        runAtOnce(restoring(engine, sandbox, bundleOf(engine, sandbox)));
      },
      ["default", "neighbour", "world"],
    ],
  ])("is gone at once after %s, and its rows are deleted after a kill", async (_, replace, names) => {
    const { file, engine, sandbox } = buildWorld();
    const [id = ""] = idsOf(sandbox);
    const row = sandbox.generations.find("anyone", id)?.rowId ?? 0;
    replace({ file, engine, sandbox });
    expect(sandbox.generations.count({})).toBe(names.includes("world") ? 0 : MANY);
    if (names.includes("world")) {
      expect([sandbox.generations.find("anyone", id), sandbox.generations.findByRow(row)]).toEqual([
        undefined,
        undefined,
      ]);
      expect(createGeneration(sandbox).id === id).toBe(sandbox.settings.seed === "test");
    }
    engine.kill();
    expect(storedIn(file).counts["generations"]).toBeGreaterThan(MANY);
    const after = await restart(file);
    expect(after.hidden).toEqual([]);
    expect(after.names.toSorted()).toEqual(names);
    expect(after.neighbour).toHaveLength(1);
    expect(after.world).toHaveLength(names.includes("world") ? 1 : 0);
    expect(after.counts).toMatchObject({ generations: names.length - 1, outputs: names.length - 1 });
  });

  it("stays whole when the process is killed at any point while a bundle is prepared", async () => {
    let pauses = 0;
    for (let stopAt = 1; ; stopAt += 2) {
      const { file, engine, sandbox } = buildWorld();
      const before = idsOf(sandbox);
      const tables = tablesOf(engine, engine.sandboxes.obtain("world"));
      const steps = restoring(engine, sandbox, { ...bundleOf(engine, sandbox), tables });
      let isDone = false;
      for (pauses = 0; pauses < stopAt && !isDone; pauses += 1) isDone = steps.next().done === true;
      expect(idsOf(sandbox)).toEqual(before);
      engine.kill();
      const after = await restart(file);
      expect(after.world).toEqual(before);
      expect(after.counts).toMatchObject({ generations: MANY + 1, rule_lists: 1 });
      expect(after.names.toSorted()).toEqual(["default", "neighbour", "world"]);
      if (isDone) break;
    }
    expect(pauses).toBeGreaterThan(10);
  });

  it("is deleted in short steps, between which other work has its turn", async () => {
    const { engine, sandbox } = buildWorld();
    const { store } = sandbox;
    engine.sandboxes.delete(sandbox);
    let steps = 0;
    while (store.transaction(() => store.leftovers.deleteSome())) steps += 1;
    expect(steps).toBeGreaterThan(MANY / 20);
    await new Promise((resolve) => setImmediate(resolve));
    engine.kill();
  });
});
