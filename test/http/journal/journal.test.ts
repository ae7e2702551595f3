/** Tests that the journal stays within its limits of memory. */
import { describe, expect, it } from "vitest";
import { JournalRoom } from "../../../src/http/journal/journal-room.ts";
import { MemoryBudget } from "../../../src/platform/memory-budget.ts";
import { Journal, type JournalEntry } from "../../../src/http/journal/journal.ts";

/** The size of an entry without bodies and headers, with its URL of one character. */
const ENTRY_BYTES = 1026;

function open(journal: Journal): JournalEntry {
  const entry: JournalEntry = {
    id: journal.nextId(),
    method: "GET",
    url: "/",
    path: "/",
    query: { sent: {}, read: {} },
    vendor: undefined,
    operation: undefined,
    account: undefined,
    isAssigned: true,
    state: "arrived",
    status: undefined,
    retryAfter: undefined,
    clientPort: undefined,
    isFrozen: false,
    at: 0,
    wallAt: 0,
    answeredAt: undefined,
    wallAnsweredAt: undefined,
    order: undefined,
    heldAt: undefined,
    scenario: undefined,
    rules: undefined,
    fault: undefined,
    generations: undefined,
    label: undefined,
    diagnostics: undefined,
    requestHeaders: {},
    requestBody: undefined,
    requestBodyKept: "whole",
    requestBytesKept: 0,
    requestBytes: 0,
    responseBody: undefined,
    responseBytes: 0,
  };
  journal.add(entry);
  return entry;
}

const idsIn = (journal: Journal): number[] => journal.entries().map(({ id }) => id);

describe("a journal", () => {
  it("counts kept bodies in bytes, not in characters", () => {
    const journal = new Journal({ maxEntries: 10, maxBytes: 2 * ENTRY_BYTES + 8, maxBodyBytes: 100 });
    journal.keepReply(open(journal), 8, "éééé");
    const second = open(journal);
    expect(idsIn(journal)).toEqual([1, 2]);
    journal.keepRequest(second, 1, 7);
    expect(idsIn(journal)).toEqual([2]);
  });

  it("keeps only the size of a body over the body limit", () => {
    const journal = new Journal({ maxEntries: 10, maxBytes: 10_000, maxBodyBytes: 3 });
    const entry = open(journal);
    journal.keepReply(entry, 4, "éé");
    journal.keepRequest(entry, 4, "ab");
    expect(entry).toMatchObject({
      requestBytes: 4,
      requestBody: undefined,
      responseBytes: 4,
      responseBody: undefined,
    });
  });

  it("replaces the byte count of a reply that is kept again", () => {
    const journal = new Journal({ maxEntries: 10, maxBytes: 2 * ENTRY_BYTES + 10, maxBodyBytes: 100 });
    const slow = open(journal);
    for (let sent = 1; sent <= 10; sent += 1) journal.keepReply(slow, sent, "x".repeat(sent));
    open(journal);
    expect(idsIn(journal)).toEqual([1, 2]);
  });

  it("does not count a reply that comes after its entry was dropped", () => {
    const journal = new Journal({ maxEntries: 2, maxBytes: 2 * ENTRY_BYTES + 10, maxBodyBytes: 100 });
    const held = open(journal);
    open(journal);
    open(journal);
    expect(idsIn(journal)).toEqual([2, 3]);
    journal.keepReply(held, 100, "x".repeat(100));
    expect(held.responseBytes).toBe(100);
    expect(idsIn(journal)).toEqual([2, 3]);
    open(journal);
    expect(idsIn(journal)).toEqual([3, 4]);
  });

  it("counts headers and the values of parsed bodies", () => {
    const journal = new Journal({ maxEntries: 10, maxBytes: 100_000, maxBodyBytes: 65_536 });
    const before = journal.bytes;
    const entry = open(journal);
    journal.keepRequest(
      entry,
      3000,
      Array.from({ length: 1000 }, () => []),
    );
    expect(journal.bytes - before).toBeGreaterThan(ENTRY_BYTES + 3000 + 40_000);
  });

  it("drops its own entries while it has more than its fair part of the memory, then those of idle sandboxes", () => {
    const budget = new MemoryBudget(64 * 1024);
    const room = new JournalRoom(budget);
    const limits = { maxEntries: 100, maxBytes: 100_000, maxBodyBytes: 100 };
    const [quiet, loud] = [new Journal(limits, { room }), new Journal(limits, { room })];
    for (let count = 0; count < 5; count += 1) open(quiet);
    for (let count = 0; count < 50; count += 1) open(loud);
    expect(quiet.evicted).toBe(0);
    expect(loud.evicted).toBeGreaterThan(30);
    expect(budget.usedBy("journal")).toBeLessThanOrEqual(16 * 1024);
    loud.close();
    expect(budget.usedBy("journal")).toBe(quiet.bytes);
  });
});
