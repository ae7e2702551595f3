import { describe, expect, it } from "vitest";
import type { SandboxTemplate } from "../../../src/engine/sandbox/declarations.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { createEngine } from "../../support/engine.ts";

const rule = (scenario: string) => ({ when: {}, scenario });

/** Scenario and origin of every rule, in the order in which they are asked. */
const rulesOf = ({ rules }: Sandbox): string[] =>
  rules.list().map(({ document, origin }) => `${document.scenario ?? ""} of ${origin}`);

const template: SandboxTemplate = { rules: [rule("stuck"), rule("succeed")], accounts: { studio: {} } };

describe("what is declared for a sandbox", () => {
  it("has the first listed rule asked first, and is there again after a reset", () => {
    const { sandboxes } = createEngine();
    const sandbox = sandboxes.create("declared", { rules: [rule("fail"), rule("partial")], accounts: { own: {} } });
    const declared = ["fail of document", "partial of document"];
    expect(rulesOf(sandbox)).toEqual(declared);
    sandbox.rules.add(rule("stuck"), "control");
    sandboxes.reset(sandbox);
    expect(rulesOf(sandbox)).toEqual(declared);
    expect(sandbox.accounts.names()).toContain("own");
  });

  it("by a changed document replaces the rules of the one before, and leaves those of a test", () => {
    const { sandboxes } = createEngine();
    const sandbox = sandboxes.create("declared", { rules: [rule("fail")] });
    sandbox.rules.add(rule("stuck"), "control");
    sandboxes.configure(sandbox, {
      rules: [rule("partial")],
      accounts: { main: { vendors: { anyone: { credits: 3 } } } },
    });
    expect(rulesOf(sandbox)).toEqual(["partial of document", "stuck of control"]);
    expect(sandbox.account("main").state("anyone")).toEqual({ credits: 3 });
  });

  it("by the user's folder is added to sandboxes that are there, and changes nothing where it is in effect", () => {
    const { sandboxes } = createEngine();
    const sandbox = sandboxes.create("declared", {});
    sandboxes.applyTemplate(template);
    expect(rulesOf(sandbox)).toEqual(["stuck of fixtures", "succeed of fixtures"]);
    expect(sandbox.accounts.names()).toContain("studio");
    const ids = sandbox.rules.list().map(({ id }) => id);
    sandboxes.applyTemplate(template);
    expect(sandbox.rules.list().map(({ id }) => id)).toEqual(ids);
    sandboxes.applyTemplate({ ...template, rules: [rule("fail")] });
    expect(rulesOf(sandbox)).toEqual(["fail of fixtures"]);
  });
});
