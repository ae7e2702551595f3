/** Tests how the rules of a sandbox are stored; test/control/rules tests what they do. */
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { runAtOnce } from "../../../src/engine/base/turns.ts";
import { MatchingWork } from "../../../src/engine/rule/linear-pattern.ts";
import type { MatchSubject } from "../../../src/engine/rule/request-match.ts";
import { ruleDocument } from "../../../src/engine/rule/rule-document.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { createEngine } from "../../support/engine.ts";
import { makeFolder } from "../../store/version-files.ts";

const rulesOf = (count: number, label = "a") =>
  sandboxSettings.parse({
    rules: Array.from({ length: count }, (_, index) => ({ when: { label: `${label}${index}` }, scenario: "fail" })),
  });

const usesOf = ({ rules }: Sandbox) =>
  rules.list().map(({ id, document, hits, matches }) => [id, document.when.label, hits, matches]);

const requestWith = (label: string, generations: readonly string[] = []): MatchSubject => ({
  vendor: undefined,
  operation: undefined,
  method: "POST",
  path: "/",
  query: { sent: {}, read: {} },
  headers: {},
  account: undefined,
  body: undefined,
  label: () => label,
  generations: () => generations,
  work: new MatchingWork(),
});

describe("the rules of a document", () => {
  it("are one row, however many they are, and the sandbox's row, which has the whole document, is written once", () => {
    const { sandboxes } = createEngine();
    const sandbox = sandboxes.create("world", {});
    const { rules, ruleLists, sandboxes: rows } = sandbox.store;
    const written = [vi.spyOn(rules, "insert"), vi.spyOn(rules, "saveLastNumber"), vi.spyOn(ruleLists, "save")];
    const document = vi.spyOn(rows, "saveDocument");
    sandboxes.configure(sandbox, rulesOf(5000));
    expect(written.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 1]);
    expect(document).toHaveBeenCalledOnce();
    sandboxes.configure(sandbox, rulesOf(5000, "b"));
    sandboxes.reset(sandbox);
    expect(written.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 3]);
    expect(sandbox.rules.list()).toHaveLength(5000);
  });

  it("are compiled in steps of a few rules before they are in force, and not again by what uses them", () => {
    const { sandboxes } = createEngine();
    const sandbox = sandboxes.create("world", {});
    const settings = rulesOf(5000);
    let read = 0;
    const counted = settings.rules?.map(
      (rule) => new Proxy(rule, { get: (of, field) => (field === "when" && (read += 1), Reflect.get(of, field)) }),
    );
    const steps = sandboxes.prepareRules(counted);
    const perStep: number[] = [];
    for (let isDone: boolean | undefined = false; isDone !== true;) {
      const before = read;
      isDone = steps.next().done;
      perStep.push(read - before);
    }
    expect(perStep.length).toBeGreaterThan(300);
    // A rule is read when its text is made, and when it is compiled.
    expect(Math.max(...perStep)).toBeLessThanOrEqual(2 * 16);
    const prepared = read;
    sandboxes.configure(sandbox, { ...settings, rules: counted });
    sandboxes.reset(sandbox);
    sandboxes.create("other", { rules: counted });
    // What is left is the text of the document.
    expect(read - prepared).toBeLessThanOrEqual(4 * 5000);
    read = 0;
    sandboxes.reset(sandbox);
    expect(read).toBeLessThanOrEqual(2 * 5000);
  });

  it("have the same ids after a restart, with their uses and without those that were deleted", () => {
    const file = join(makeFolder(), "data.db");
    const engine = createEngine({ file });
    const sandbox = engine.sandboxes.create("world", rulesOf(4));
    sandbox.rules.takeScenario(requestWith("a1"));
    sandbox.rules.takeScenario(requestWith("a1"));
    sandbox.write(() => sandbox.rules.delete("rule-4"));
    const before = usesOf(sandbox);
    expect(before).toEqual([
      ["rule-3", "a1", 2, 2],
      ["rule-2", "a2", 0, 0],
      ["rule-1", "a3", 0, 0],
    ]);
    engine.kill();
    const second = createEngine({ file });
    const again = second.sandboxes.obtain("world");
    expect(usesOf(again)).toEqual(before);
    expect(again.write(() => again.rules.add(ruleDocument.parse({ scenario: "fail" }), "control").id)).toBe("rule-5");
    second.kill();
  });

  it("that replace others have higher numbers and no uses, also when none or fewer follow", () => {
    const { sandboxes } = createEngine();
    const sandbox = sandboxes.create("world", rulesOf(3));
    sandbox.rules.takeScenario(requestWith("a2"));
    sandboxes.configure(sandbox, rulesOf(2, "b"));
    expect(usesOf(sandbox)).toEqual([
      ["rule-5", "b0", 0, 0],
      ["rule-4", "b1", 0, 0],
    ]);
    sandboxes.configure(sandbox, {});
    expect(usesOf(sandbox)).toEqual([]);
    sandbox.rules.load();
    expect(sandbox.rules.lastNumber).toBe(5);
    sandboxes.configure(sandbox, rulesOf(1));
    expect(usesOf(sandbox)).toEqual([["rule-6", "a0", 0, 0]]);
    sandboxes.reset(sandbox);
    expect(usesOf(sandbox)).toEqual([["rule-1", "a0", 0, 0]]);
  });

  it("for one generation are found by it, between other rules", () => {
    const { sandboxes } = createEngine();
    const rules = [{ when: { generation: "g1" }, fault: { status: 503 } }];
    const sandbox = sandboxes.create("world", sandboxSettings.parse({ rules }));
    expect(sandbox.rules.haveFaults).toBe(true);
    expect(sandbox.rules.takeFault(requestWith("", ["g2"]), () => true)).toBeUndefined();
    expect(sandbox.rules.takeFault(requestWith("", ["g1"]), () => true)).toMatchObject({ rule: "rule-1" });
  });
});

describe("the rules of a template", () => {
  const template = { rules: rulesOf(3).rules ?? [], accounts: {} };

  it("keep their ids and uses when the server starts again with the same template, and are gone without it", () => {
    const file = join(makeFolder(), "data.db");
    const engine = createEngine({ file });
    const sandbox = engine.sandboxes.create("world", {});
    engine.sandboxes.applyTemplate(template);
    sandbox.rules.takeScenario(requestWith("a0"));
    const before = usesOf(sandbox);
    expect(before[0]).toEqual(["rule-3", "a0", 1, 1]);
    engine.kill();
    const second = createEngine({ file });
    const again = second.sandboxes.obtain("world");
    expect(usesOf(again)).toEqual([]);
    second.sandboxes.applyTemplate({ ...template, rules: rulesOf(3).rules ?? [] });
    expect(usesOf(again)).toEqual(before);
    second.sandboxes.applyTemplate({ ...template, rules: rulesOf(2).rules ?? [] });
    expect(usesOf(again).map(([id]) => id)).toEqual(["rule-5", "rule-4"]);
    second.sandboxes.applyTemplate({ rules: [], accounts: {} });
    expect(usesOf(again)).toEqual([]);
    second.kill();
  });

  it("are rules of its own in a bundle, because another server may have another template", () => {
    const { sandboxes } = createEngine();
    const sandbox = sandboxes.create("world", rulesOf(2, "b"));
    sandboxes.applyTemplate(template);
    for (const label of ["a1", "b0"]) sandbox.rules.takeScenario(requestWith(label));
    const before = usesOf(sandbox);
    const tables = sandbox.save();
    const other = createEngine().sandboxes;
    const restored = other.create("world", {});
    const { settings, lastRule } = { settings: sandbox.document, lastRule: sandbox.rules.lastNumber };
    runAtOnce(other.restore(restored, { settings, clock: sandbox.clock.state, tables, rates: {}, lastRule }));
    expect(usesOf(restored)).toEqual(before);
    expect(before).toHaveLength(5);
    // The same template changes none of them; another one replaces them.
    other.applyTemplate(template);
    expect(usesOf(restored)).toEqual(before);
    other.applyTemplate({ rules: rulesOf(1, "c").rules ?? [], accounts: {} });
    expect(usesOf(restored).map(([, label]) => label)).toEqual(["c0", "b0", "b1"]);
  });
});

it("a bundle whose list does not fit its document is refused", () => {
  const { sandboxes } = createEngine();
  const sandbox = sandboxes.create("world", rulesOf(2));
  const bundle = { settings: rulesOf(1), clock: sandbox.clock.state, tables: sandbox.save(), rates: {}, lastRule: 2 };
  expect(() => {
    runAtOnce(sandboxes.restore(sandbox, bundle));
  }).toThrow("Row document of rule_lists cannot be read: the document has 1 rules, and not 2.");
  expect(usesOf(sandbox)).toHaveLength(2);
});
