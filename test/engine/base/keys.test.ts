/** Tests which keys are self-describing, and what a shown key reveals. */
import { describe, expect, it } from "vitest";
import { describeKey } from "../../../src/engine/base/keys.ts";
import { hintOf } from "../../../src/wording/key-hint.ts";
import { createEngine } from "../../support/engine.ts";

describe("for self-describing keys,", () => {
  it.each([
    ["fx_w1_main", { sandbox: "w1", account: "main", user: "owner" }],
    ["test-fx_w1_main", { sandbox: "w1", account: "main", user: "owner" }],
    ["acme_live_fx_checkout-spec_broke", { sandbox: "checkout-spec", account: "broke", user: "owner" }],
    ["fx_w1_main_ann", { sandbox: "w1", account: "main", user: "ann" }],
  ])("the key %s names its sandbox and account", (key, description) => {
    expect(describeKey(key)).toEqual(description);
  });

  it.each(["fx_w1", "fx_W1_main", "fx__main", `fx_${"a".repeat(41)}_main`, "fx_a_b_c_d"])("%s is malformed", (key) => {
    expect(describeKey(key)).toBe("malformed");
  });

  it("a key of another form is not self-describing", () => {
    expect(describeKey("sk-1234567890")).toBeUndefined();
  });

  it("a hint shows a self-describing key, and hides its prefix and any key that only looks like one", () => {
    for (const key of ["fx_w1_main", "test-fx_w1_main", "acme_live_fx_w1_main_ann", "fx_W1_main"])
      expect(hintOf(key)).toBe(key);
    expect(hintOf("sk-SECRET-fx_a_b")).toBe("…fx_a_b");
    expect(hintOf("sk-0123456789fx_ABCDEFGHIJ")).toBe("sk-0…IJ");
  });

  it("a self-describing key creates its sandbox and account on first use", () => {
    const { sandboxes } = createEngine();
    expect(sandboxes.find("fresh")).toBeUndefined();
    const verdict = sandboxes.judgeKey("fx_fresh_someone", "anyone");
    expect(verdict).toMatchObject({ ok: true, principal: { account: { name: "someone" } } });
    expect(sandboxes.find("fresh")?.accounts.names()).toEqual([
      "main",
      "other",
      "free",
      "broke",
      "limited",
      "revoked",
      "someone",
    ]);
  });
});
