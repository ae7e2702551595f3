/** Tests which polls of the journal become one line. */
import { describe, expect, it } from "vitest";
import { foldPolls, intervalOf, unfolded } from "../../../src/board/state/fold.ts";
import type { RequestRow } from "../../../src/board/state/model.ts";

function row(id: number, change: Partial<RequestRow> = {}): RequestRow {
  return {
    id,
    state: "answered",
    method: "GET",
    url: "/jobs/a",
    vendor: "acme",
    operation: "getGeneration",
    account: "main",
    label: null,
    status: 200,
    at: id * 20,
    heldAt: null,
    answeredAt: id * 20,
    realAt: id * 20,
    tookMs: 1,
    scenario: null,
    rules: [],
    fault: null,
    generations: [],
    diagnostics: [],
    ...change,
  };
}

const counts = (rows: readonly RequestRow[]) => foldPolls(rows).map(({ last, count }) => [last.id, count]);

describe("folded polls", () => {
  it("are one line of equal polls, with their mean distance", () => {
    const [line] = foldPolls(Array.from({ length: 69 }, (_, index) => row(index + 1)));
    expect(line).toMatchObject({ count: 69, first: { id: 1 }, last: { id: 69 } });
    expect(line === undefined ? 0 : intervalOf(line)).toBe(20);
  });

  it("are joined across the polls of other clients", () => {
    const other = { url: "/jobs/b" };
    expect(counts([row(1), row(2, other), row(3), row(4, other)])).toEqual([
      [4, 2],
      [3, 2],
    ]);
  });

  it.each<[string, Partial<RequestRow>]>([
    ["another status", { status: 429 }],
    ["a rule", { rules: ["rule-1"] }],
    ["a fault", { fault: "STATUS 500" }],
    ["a diagnostic", { diagnostics: ["KEY_UNKNOWN"] }],
    ["another account", { account: "other" }],
    ["no answer", { state: "gone", status: null }],
  ])("are split by a poll with %s", (_name, change) => {
    expect(counts([row(1), row(2), row(3, change), row(4)])).toEqual([
      [4, 1],
      [3, 1],
      [2, 2],
    ]);
  });

  it("do not include creates or held requests", () => {
    const created = { method: "POST" };
    const held = { state: "held", answeredAt: null, status: null } as const;
    expect(counts([row(1, created), row(2, created), row(3, held), row(4, held)])).toEqual([
      [4, 1],
      [3, 1],
      [2, 1],
      [1, 1],
    ]);
  });

  it("can be shown one by one, newest first", () => {
    expect(unfolded([row(1), row(2)]).map(({ last, count }) => [last.id, count])).toEqual([
      [2, 1],
      [1, 1],
    ]);
  });

  it("of 50,000 requests to 500 URLs are 500 lines", () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => row(index + 1, { url: `/jobs/${index % 500}` }));
    expect(foldPolls(rows)).toHaveLength(500);
  });
});
