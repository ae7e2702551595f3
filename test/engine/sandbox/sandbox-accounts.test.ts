/** Tests which accounts a sandbox has, and that an undone transaction leaves no trace in them. */
import { describe, expect, it } from "vitest";
import { defaultAccounts } from "../../../src/engine/generation/accounts.ts";
import { createEngine } from "../../support/engine.ts";

describe("for the accounts of a sandbox,", () => {
  it("the default accounts and those of the document exist, with their documented state", () => {
    const { sandboxes } = createEngine();
    const { accounts } = sandboxes.create("listed", { accounts: { studio: { vendors: { anyone: { credits: 7 } } } } });
    expect(accounts.names()).toEqual([...defaultAccounts, "studio"]);
    expect(accounts.obtain("studio").state("anyone")).toEqual({ credits: 7 });
    expect(accounts.obtain("main").state("anyone")).toEqual({ credits: 100 });
  });

  it("an account is created once, on first use, and is found by name and by row", () => {
    const { accounts } = createEngine().sandboxes.default;
    const made = accounts.obtain("someone");
    expect(accounts.obtain("someone")).toBe(made);
    expect(accounts.byId(made.id)).toBe(made);
    expect(accounts.byId(-1)).toBeUndefined();
  });

  it("an undone transaction removes the accounts that it made, and restores the state of the others", () => {
    const sandbox = createEngine().sandboxes.default;
    expect(() =>
      sandbox.write(() => {
        sandbox.account("main").updateState("anyone", { credits: 1 });
        sandbox.account("never").updateState("anyone", { credits: 1 });
        throw new Error("undone");
      }),
    ).toThrow("undone");
    expect(sandbox.accounts.names()).toEqual([...defaultAccounts]);
    expect(sandbox.account("main").state("anyone")).toEqual({ credits: 100 });
    expect(sandbox.account("never").state("anyone")).toEqual({ credits: 100 });
  });
});
