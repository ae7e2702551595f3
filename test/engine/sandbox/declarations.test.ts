/** Tests how the rules of a document, of a folder and of a test combine in a sandbox. */
import { describe, expect, it } from "vitest";
import type { SandboxTemplate } from "../../../src/engine/sandbox/declarations.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { createEngine } from "../../support/engine.ts";

const rule = (scenario: string) => ({ when: {}, scenario });

/** Returns scenario and origin of every rule, in the order in which they are tried. */
const rulesOf = ({ rules }: Sandbox): string[] =>
  rules.list().map(({ document, origin }) => `${document.scenario ?? ""} of ${origin}`);

const template: SandboxTemplate = { rules: [rule("stuck"), rule("succeed")], accounts: { studio: {} } };

describe("for the declarations of a sandbox,", () => {
  it("the first listed rule is tried first, also after a reset", () => {
    const { sandboxes } = createEngine();
    const sandbox = sandboxes.create("declared", { rules: [rule("fail"), rule("partial")], accounts: { own: {} } });
    const declared = ["fail of document", "partial of document"];
    expect(rulesOf(sandbox)).toEqual(declared);
    sandbox.rules.add(rule("stuck"), "control");
    sandboxes.reset(sandbox);
    expect(rulesOf(sandbox)).toEqual(declared);
    expect(sandbox.accounts.names()).toContain("own");
  });

  it("a changed document replaces the rules of the old one, and keeps those of a test", () => {
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

  it("the user's folder is added to existing sandboxes, and changes nothing if it is already applied", () => {
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
