/** Tests that memory agrees with the store after the store has refused a write. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { advance } from "../../../src/engine/sandbox/advance.ts";
import { runAtOnce } from "../../../src/engine/base/turns.ts";
import type { MatchSubject } from "../../../src/engine/rule/request-match.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { createEngine, createGeneration, type EngineWorld } from "../../support/engine.ts";
import { makeFolder } from "../../store/version-files.ts";

const open: EngineWorld[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.kill();
});

/** An engine on a file that can be taken away, so that no commit is accepted, and brought back. */
function engineOnFile(file = join(makeFolder(), "data.db")) {
  const engine = createEngine({ file });
  open.push(engine);
  return {
    ...engine,
    file,
    /** Runs `work` while the store refuses every write; returns what `work` threw. */
    refused: (work: () => void): unknown => {
      renameSync(file, `${file}.away`);
      try {
        work();
        return undefined;
      } catch (error) {
        return error;
      } finally {
        renameSync(`${file}.away`, file);
      }
    },
    /** Starts another engine on the file, as after a killed process. */
    restart: () => {
      engine.kill();
      open.splice(open.indexOf(engine), 1);
      return engineOnFile(file);
    },
  };
}

const settings = (document: object) => sandboxSettings.parse(document);
const rule = { when: { operation: "getGeneration" }, scenario: "fail" } as const;

/** Everything that a client or a test could see of a sandbox. */
const shown = (sandbox: Sandbox) => ({
  document: sandbox.document,
  clock: sandbox.clock.state,
  epoch: sandbox.epoch,
  accounts: sandbox.accounts.names().sort(),
  credits: sandbox.account("main").state("anyone"),
  rules: sandbox.rules.list().map(({ id, document }) => ({ id, document })),
  generations: sandbox.generations.list({}, { order: "oldest" }).map(({ id }) => id),
});

describe("when the store refuses a write,", () => {
  it("a sandbox that could not be created is not in memory, and costs no other sandbox its row", () => {
    const { sandboxes, refused } = engineOnFile();
    expect(refused(() => sandboxes.obtain("ghost"))).toBeInstanceOf(Error);
    expect(sandboxes.find("ghost")).toBeUndefined();
    const victim = sandboxes.obtain("victim");
    const { id } = createGeneration(victim);
    const ghost = sandboxes.obtain("ghost");
    expect(ghost.rowId).not.toBe(victim.rowId);
    sandboxes.delete(ghost);
    expect(victim.generations.find("anyone", id)).toBeDefined();
  });

  it("a key's sandbox that could not be created is created by the next request with the key", () => {
    const { sandboxes, refused } = engineOnFile();
    expect(refused(() => sandboxes.judgeKey("fx_late_main", "anyone"))).toBeInstanceOf(Error);
    const verdict = sandboxes.judgeKey("fx_late_main", "anyone");
    expect(verdict).toMatchObject({ ok: true });
    if (!("principal" in verdict)) throw new Error("The key was refused.");
    expect(verdict.principal.sandbox).toBe(sandboxes.find("late"));
  });

  it("a sandbox that could not be deleted goes on working", () => {
    const { sandboxes, refused } = engineOnFile();
    const sandbox = sandboxes.obtain("world");
    expect(refused(() => sandboxes.delete(sandbox))).toBeInstanceOf(Error);
    expect(sandboxes.find("world")).toBe(sandbox);
    const { id } = createGeneration(sandbox);
    expect(sandbox.generations.find("anyone", id)).toBeDefined();
  });

  it.each([
    ["freeze", (sandbox: Sandbox) => sandbox.clock.freeze()],
    ["change of rate", (sandbox: Sandbox) => sandbox.clock.setRate(7)],
  ])("the clock shows its stored state after a refused %s", (_, change) => {
    const engine = engineOnFile();
    const sandbox = engine.sandboxes.obtain("world");
    const before = sandbox.clock.state;
    expect(
      engine.refused(() => {
        sandbox.steering.change(() => {
          change(sandbox);
        });
      }),
    ).toBeInstanceOf(Error);
    expect(sandbox.clock.state).toEqual(before);
    expect(engine.restart().sandboxes.obtain("world").clock.state).toEqual(before);
  });

  it("an advance that could not be stored leaves the clock where it was", async () => {
    const engine = engineOnFile();
    const sandbox = engine.sandboxes.obtain("world");
    sandbox.steering.change(() => {
      sandbox.clock.freeze();
    });
    const before = shown(sandbox);
    renameSync(engine.file, `${engine.file}.away`);
    await expect(advance(sandbox, (now) => now + 60_000)).rejects.toThrow();
    renameSync(`${engine.file}.away`, engine.file);
    expect(shown(sandbox)).toEqual(before);
    expect(sandbox.steering.isClaimed).toBe(false);
  });

  const template = { rules: [rule], accounts: { team: { vendors: { anyone: { credits: 1 } } } } };
  type Change = (engine: Pick<EngineWorld, "sandboxes">, sandbox: Sandbox) => void;
  const applyTemplate: Change = ({ sandboxes }) => {
    sandboxes.applyTemplate(template);
  };

  it.each<[string, Change, Change?]>([
    [
      "document",
      ({ sandboxes }, sandbox) => {
        const changed = { scenario: "stuck", clock: { mode: "frozen" }, rules: [rule, rule], accounts: { extra: {} } };
        sandboxes.configure(sandbox, settings(changed));
      },
    ],
    ["reset", ({ sandboxes }, sandbox) => sandboxes.reset(sandbox)],
    ["deletion of a rule", (_, sandbox) => sandbox.write(() => sandbox.rules.delete("rule-1"))],
    ["rule", (_, sandbox) => sandbox.write(() => sandbox.rules.add(rule, "control"))],
    // A server applies its template at each start.
    ["fixtures template", applyTemplate, applyTemplate],
    [
      "bundle",
      ({ sandboxes }, sandbox) => {
        const bundle = {
          settings: settings({ seed: "other" }),
          clock: { ...sandbox.clock.state, virtualAnchor: 1000 },
          tables: sandboxes.default.save(),
          rates: {},
          lastRule: 9,
        };
        runAtOnce(sandboxes.restore(sandbox, bundle));
      },
    ],
  ])("nothing of a refused %s is in memory, and the same succeeds once there is room", (_, change, restore) => {
    const engine = engineOnFile();
    const sandbox = engine.sandboxes.create("world", settings({ seed: "7", accounts: { own: {} } }));
    sandbox.write(() => sandbox.rules.add(rule, "control"));
    sandbox.write(() => {
      sandbox.account("main").updateState("anyone", { credits: 5 });
    });
    createGeneration(sandbox);
    const before = shown(sandbox);
    expect(
      engine.refused(() => {
        change(engine, sandbox);
      }),
    ).toBeInstanceOf(Error);
    expect(shown(sandbox)).toEqual(before);
    change(engine, sandbox);
    const after = shown(sandbox);
    expect(after).not.toEqual(before);
    const restarted = engine.restart();
    const again = restarted.sandboxes.obtain("world");
    restore?.(restarted, again);
    expect(shown(again)).toEqual({ ...after, accounts: again.accounts.names().sort() });
  });
});

describe("a use of a rule", () => {
  it("that the store refuses is not counted", () => {
    const engine = engineOnFile();
    const sandbox = engine.sandboxes.obtain("world");
    sandbox.rules.add({ when: {}, scenario: "fail", times: 1 }, "control");
    const subject = new Proxy({} as MatchSubject, { get: () => () => [] });
    expect(
      engine.refused(() => {
        sandbox.rules.takeScenario(subject);
      }),
    ).toBeInstanceOf(Error);
    expect(sandbox.rules.list()).toMatchObject([{ hits: 0, matches: 0 }]);
    expect(sandbox.rules.takeScenario(subject)).toEqual({ rule: "rule-1", scenario: "fail" });
    expect(sandbox.rules.takeScenario(subject)).toBeUndefined();
  });
});

describe("the id of a rule", () => {
  it("is never used again, after its deletion and a restart", () => {
    const engine = engineOnFile();
    const sandbox = engine.sandboxes.obtain("world");
    const { id } = sandbox.rules.add(rule, "control");
    sandbox.rules.delete(id);
    expect(id).toBe("rule-1");
    const again = engine.restart().sandboxes.obtain("world");
    expect(again.rules.add(rule, "control").id).toBe("rule-2");
  });

  it("begins anew in a sandbox that was reset", () => {
    const { sandboxes } = engineOnFile();
    const sandbox = sandboxes.obtain("world");
    sandbox.rules.add(rule, "control");
    sandboxes.reset(sandbox);
    expect(sandbox.rules.add(rule, "control").id).toBe("rule-1");
  });
});
