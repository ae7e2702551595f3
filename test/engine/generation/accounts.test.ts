/** Tests which account an API key belongs to, and that ids are reproducible. */
import { describe, expect, it } from "vitest";
import { hintOf } from "../../../src/wording/key-hint.ts";
import { uuidFrom } from "../../../src/engine/base/ids.ts";
import { KeyTaken } from "../../../src/engine/sandbox/restoring.ts";
import { createEngine, createGeneration } from "../../support/engine.ts";

describe("for API keys,", () => {
  it("an unregistered key is refused, or accepted as default/main if configured", () => {
    const { sandboxes } = createEngine();
    expect(sandboxes.judgeKey("sk-unknown", "anyone")).toEqual({ ok: false, reason: "unknown" });
  });

  it("a key belongs to one account server-wide, is stored hashed and is shown redacted", () => {
    const { sandboxes } = createEngine();
    const row = sandboxes.registerKey(sandboxes.obtain("a"), "main", "sk-live-1234567890");
    expect(JSON.stringify(row)).not.toContain("sk-live-1234567890");
    expect(hintOf("sk-live-1234567890")).toBe("sk-l…90");
    expect(sandboxes.judgeKey("sk-live-1234567890", "anyone")).toMatchObject({
      ok: true,
      principal: { sandbox: { name: "a" } },
    });
    expect(() => sandboxes.registerKey(sandboxes.obtain("b"), "main", "sk-live-1234567890")).toThrow(KeyTaken);
  });

  it("a key can be registered for one vendor only", () => {
    const { sandboxes } = createEngine();
    sandboxes.registerKey(sandboxes.obtain("a"), "main", "sk-one", { vendor: "one" });
    expect(sandboxes.judgeKey("sk-one", "one")).toMatchObject({ ok: true });
    expect(sandboxes.judgeKey("sk-one", "another")).toEqual({ ok: false, reason: "unknown" });
  });

  it("keys of the account `revoked` and revoked keys are recognised and refused", () => {
    const { sandboxes } = createEngine();
    expect(sandboxes.judgeKey("fx_a_revoked", "anyone")).toMatchObject({ ok: false, reason: "revoked" });
    expect(sandboxes.judgeKey("fx_a_main", "anyone")).toMatchObject({ ok: true });
    sandboxes.revokeKey(sandboxes.obtain("a"), "main", "fx_a_main");
    expect(sandboxes.judgeKey("fx_a_main", "anyone")).toMatchObject({ ok: false, reason: "revoked" });
    expect(sandboxes.judgeKey("fx_a_other", "anyone")).toMatchObject({ ok: true });
  });
});

describe("for ids,", () => {
  it("ids of a fresh and a reset sandbox of the same name are equal, and ids of two sandboxes differ", () => {
    const { sandboxes } = createEngine();
    const made = (name: string) => {
      const sandbox = sandboxes.obtain(name);
      return [
        createGeneration(sandbox).id,
        createGeneration(sandbox, { account: "other" }).id,
        createGeneration(sandbox).id,
      ];
    };
    const first = made("a");
    sandboxes.reset(sandboxes.obtain("a"));
    expect(made("a")).toEqual(first);
    expect(made("b").some((id) => first.includes(id))).toBe(false);
    expect(createEngine().sandboxes.obtain("a").account("main").nextDigest("anyone", "generation")).toMatch(
      /^[0-9a-f]{64}$/,
    );
  });

  it("the traffic of one account does not change the ids of another", () => {
    const quiet = createEngine().sandboxes.obtain("a");
    const busy = createEngine().sandboxes.obtain("a");
    for (let index = 0; index < 5; index += 1) createGeneration(busy, { account: "other" });
    expect(createGeneration(busy).id).toBe(createGeneration(quiet).id);
  });

  it("ids drawn by a rolled-back request are drawn again", () => {
    const sandbox = createEngine().sandboxes.obtain("a");
    const account = sandbox.account("main");
    let drawn = "";
    expect(() =>
      sandbox.write(() => {
        drawn = uuidFrom(account.nextDigest("anyone", "generation"));
        throw new Error("undone");
      }),
    ).toThrow("undone");
    expect(createGeneration(sandbox).id).toBe(drawn);
  });

  it("ids have the format of version 4 UUIDs", () => {
    expect(createGeneration(createEngine().sandboxes.default).id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe("for an account's state,", () => {
  it("the state of an account is restored when the transaction that changed it is undone", () => {
    const sandbox = createEngine().sandboxes.default;
    const account = sandbox.account("main");
    expect(() =>
      sandbox.write(() => {
        account.updateState("anyone", { credits: 1 });
        throw new Error("undone");
      }),
    ).toThrow("undone");
    expect(account.state("anyone")).toEqual({ credits: 100 });
  });
});
