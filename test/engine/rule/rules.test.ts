/** Tests how the rules of a sandbox are stored; test/control/rules tests what they do. */
import { expect, it, vi } from "vitest";
import { ruleDocument } from "../../../src/engine/rule/rules.ts";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { createEngine } from "../../support/engine.ts";

it("many rules store their highest number once, because its row also holds the sandbox's whole document", () => {
  const { sandboxes } = createEngine();
  const sandbox = sandboxes.create("world", {});
  const save = vi.spyOn(sandbox.store.rules, "saveLastNumber");
  const rules = Array.from({ length: 100 }, () => ({ scenario: "fail" }));
  sandboxes.configure(sandbox, sandboxSettings.parse({ rules }));
  expect(save.mock.calls).toEqual([[sandbox.rowId, 100]]);

  sandbox.rules.deleteOf("document");
  sandbox.rules.load();
  expect(sandbox.rules.lastNumber).toBe(100);
  const document = ruleDocument.parse({ scenario: "fail" });
  expect(sandbox.write(() => sandbox.rules.add(document, "control").id)).toBe("rule-101");
  sandbox.rules.load();
  expect(sandbox.rules.lastNumber).toBe(101);
});
