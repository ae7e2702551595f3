/** Tests that vendors' documents are found by kind, owner and sandbox. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { documentKind, type Owner } from "../../../src/engine/sandbox/documents.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { createEngine } from "../../support/engine.ts";

const notes = documentKind("anyone", "note", z.strictObject({ text: z.string(), isRead: z.boolean().default(false) }));

function buildOwners(): { readonly main: Owner; readonly other: Owner; readonly elsewhere: Sandbox } {
  const { sandboxes } = createEngine();
  const sandbox = sandboxes.obtain("notes");
  const now = sandbox.settle();
  return {
    elsewhere: sandboxes.obtain("elsewhere"),
    main: { sandbox, account: sandbox.account("main"), now },
    other: { sandbox, account: sandbox.account("other"), now },
  };
}

describe("for stored documents,", () => {
  it("a document is found by its id in its sandbox, and as an account's own only by that account", () => {
    const { main, other } = buildOwners();
    const stored = notes.insert(main, "n1", { text: "hello", isRead: true });
    expect(stored).toMatchObject({ id: "n1", accountId: main.account.id, createdAt: main.now });
    expect(notes.find(other.sandbox, "n1")).toEqual(stored);
    expect(notes.findOwn(main, "n1")).toEqual(stored);
    expect(notes.findOwn(other, "n1")).toBeUndefined();
    expect(notes.find(main.sandbox, "n2")).toBeUndefined();
  });

  it("the same id of another kind, vendor or sandbox is another document", () => {
    const { main, elsewhere } = buildOwners();
    notes.insert(main, "n1", { text: "hello", isRead: false });
    const anything = z.unknown();
    expect(documentKind("anyone", "letter", anything).find(main.sandbox, "n1")).toBeUndefined();
    expect(documentKind("another", "note", anything).find(main.sandbox, "n1")).toBeUndefined();
    expect(notes.find(elsewhere, "n1")).toBeUndefined();
  });

  it("an account's documents are listed oldest first, with their latest content", () => {
    const { main, other } = buildOwners();
    const first = notes.insert(main, "n1", { text: "first", isRead: false });
    notes.insert(other, "n2", { text: "of another account", isRead: false });
    const third = notes.insert(main, "n3", { text: "third", isRead: false });
    notes.replace(main.sandbox, first, { text: "changed", isRead: true });
    expect(notes.ofAccount(main.sandbox, main.account).map(({ id, document }) => [id, document.text])).toEqual([
      ["n1", "changed"],
      ["n3", "third"],
    ]);
    notes.remove(main.sandbox, third);
    expect(notes.ofAccount(main.sandbox, main.account).map(({ id }) => id)).toEqual(["n1"]);
  });

  it("a document of an earlier version is parsed by the schema, and refused if it does not fit", () => {
    const { main } = buildOwners();
    const { sandbox, account, now } = main;
    const row = { sandboxId: sandbox.rowId, accountId: account.id, vendor: "anyone", kind: "note", createdAt: now };
    sandbox.store.resources.insert({ ...row, publicId: "old", document: '{"text":"old"}' });
    sandbox.store.resources.insert({ ...row, publicId: "odd", document: '{"title":"odd"}' });
    expect(notes.find(sandbox, "old")?.document).toEqual({ text: "old", isRead: false });
    expect(() => notes.find(sandbox, "odd")).toThrow("Row odd of resources cannot be read");
  });
});
