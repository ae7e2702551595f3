/** Tests which facts of dropped requests are remembered. */
import { describe, expect, it } from "vitest";
import { DroppedEntries } from "../../../src/http/journal/dropped-entries.ts";

const read = {
  vendor: "acme",
  operation: "getCredits",
  method: "GET",
  account: "main",
  status: 200,
  state: "answered",
};
const add = (dropped: DroppedEntries, change: object): void => {
  dropped.add({ ...read, path: "/acme/credits", ...change });
};

describe("dropped requests", () => {
  it("are counted by what is known of them", () => {
    const dropped = new DroppedEntries();
    add(dropped, {});
    add(dropped, {});
    add(dropped, { status: 401 });
    expect(dropped.groups()).toMatchObject([
      { count: 2, facts: { path: "/acme/credits", status: 200 } },
      { count: 1, facts: { status: 401 } },
    ]);
    expect(dropped.count).toBe(3);
  });

  it("do not keep paths with ids, of which there may be any number", () => {
    const dropped = new DroppedEntries();
    for (let id = 0; id < 2000; id += 1) add(dropped, { path: `/acme/jobs/job-${1000 + id}` });
    expect(dropped.groups()).toMatchObject([{ count: 2000, facts: { path: undefined } }]);
  });

  it("are counted as unknown once there are too many kinds of them", () => {
    const dropped = new DroppedEntries();
    for (let kind = 0; kind < 600; kind += 1) add(dropped, { account: `a${kind}` });
    const groups = dropped.groups();
    expect(groups).toHaveLength(501);
    expect(groups.at(-1)).toEqual({ count: 100, facts: undefined });
    dropped.clear();
    expect([dropped.count, dropped.groups()]).toEqual([0, []]);
  });
});
