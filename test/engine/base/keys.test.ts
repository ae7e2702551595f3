/** Tests which keys are self-describing, and what a shown key reveals. */
import { describe, expect, it } from "vitest";
import { describeKey, flawOfKey } from "../../../src/engine/base/keys.ts";
import { hintOf } from "../../../src/wording/key-hint.ts";
import { createEngine } from "../../support/engine.ts";

describe("for self-describing keys,", () => {
  it.each([
    ["fx_w1_main", { sandbox: "w1", account: "main" }],
    ["test-fx_w1_main", { sandbox: "w1", account: "main" }],
    ["acme_live_fx_checkout-spec_broke", { sandbox: "checkout-spec", account: "broke" }],
  ])("the key %s names its sandbox and account", (key, description) => {
    expect(describeKey(key)).toEqual(description);
  });

  it.each([
    ["fx_w1", "names no account"],
    ["fx_W1_main", '"W1" is not a name'],
    ["fx__main", '"" is not a name'],
    [`fx_${"a".repeat(41)}_main`, "1 to 40 characters"],
    ["fx_a_b_c_d", "has 4 parts after fx_"],
    ["fx_test_login_main", "write fx_test-login_main for another sandbox, or fx_test_login-main for another account"],
    ["Bearer fx_w1_main", 'has "Bearer" before the key'],
  ])("%s is malformed, and the flaw is named", (key, flaw) => {
    expect(describeKey(key)).toBe("malformed");
    expect(flawOfKey(key)).toContain(flaw);
  });

  it("a key of another form is not self-describing", () => {
    expect(describeKey("sk-1234567890")).toBeUndefined();
  });

  it("a hint shows a self-describing key, and hides its prefix and any key that only looks like one", () => {
    for (const key of ["fx_w1_main", "test-fx_w1_main", "fx_W1_main"]) expect(hintOf(key)).toBe(key);
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
