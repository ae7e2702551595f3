/** Tests how long and how much the history of events keeps, and what a reader gets that comes back. */
import { describe, expect, it, onTestFinished } from "vitest";
import { buildApp } from "../../../src/app.ts";
import { readConfig } from "../../../src/config.ts";
import { EventHistory } from "../../../src/control/reference/event-history.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { madeUpVendors } from "../../support/acme.ts";
import { ManualWallClock } from "../../support/engine.ts";

async function startHistory() {
  const wall = new ManualWallClock();
  const config = readConfig([{ values: { logLevel: "silent" }, nameOf: String }]);
  const app = await buildApp({ config, vendors: madeUpVendors, wall });
  const { sandboxes } = app.httpContext;
  const history = new EventHistory(sandboxes);
  onTestFinished(async () => {
    history.close();
    await app.close();
  });
  const read = (sandbox?: Sandbox, lastId?: string) => {
    const seen: unknown[] = [];
    const ids: string[] = [];
    const stop = history.follow({
      ...(sandbox !== undefined && { sandbox }),
      lastId,
      onEvent: ({ event, id }) => {
        seen.push(event["number"]);
        ids.push(id);
      },
      onLost: () => {
        seen.push("lost");
      },
    });
    return { seen, ids, stop };
  };
  const publish = (sandbox: Sandbox, number: number, detail = ""): void => {
    sandbox.events.publish({ kind: "clock.moved", at: 0, number, detail });
  };
  return { wall, sandboxes, history, read, publish, one: sandboxes.obtain("one"), two: sandboxes.obtain("two") };
}

describe("a reader that comes back", () => {
  it("gets the events of its absence once and in order, and nothing of another sandbox", async () => {
    const { read, publish, one, two } = await startHistory();
    const first = read(one);
    publish(one, 1);
    publish(one, 2);
    first.stop();
    publish(one, 3);
    publish(two, 4);
    const again = read(one, first.ids[0]);
    publish(one, 5);
    expect(first.seen).toEqual([1, 2]);
    expect(again.seen).toEqual([2, 3, 5]);
  });

  it("gets each event once, even if its sandbox is also followed alone", async () => {
    const { read, publish, one, two } = await startHistory();
    const all = read();
    read(one);
    publish(one, 1);
    publish(two, 2);
    expect(all.seen).toEqual([1, 2]);
    expect(read(undefined, all.ids[0]).seen).toEqual([2]);
    expect(new Set(all.ids).size).toBe(2);
  });

  it("is told that events are lost if the sandbox was not recorded meanwhile, or its id is of another server", async () => {
    const { wall, read, publish, one } = await startHistory();
    const first = read(one);
    publish(one, 1);
    first.stop();
    wall.pass(29_000);
    const soon = read(one, first.ids[0]);
    expect(soon.seen).toEqual([]);
    soon.stop();
    wall.pass(31_000);
    publish(one, 2);
    expect(read(one, first.ids[0]).seen).toEqual(["lost"]);
    for (const foreign of ["zzz-1", "nonsense", `${first.ids[0]}9`])
      expect(read(one, foreign).seen).toEqual(["lost", 1]);
  });

  it("is told that events are lost if the bound of bytes dropped them", async () => {
    const { read, publish, one } = await startHistory();
    const first = read(one);
    publish(one, 0);
    for (let number = 1; number <= 50; number += 1) publish(one, number, "x".repeat(100_000));
    const again = read(one, first.ids[0]);
    expect(again.seen[0]).toBe("lost");
    expect(again.seen.at(-1)).toBe(50);
    expect(again.seen.length).toBeLessThan(45);
    expect(read(one, first.ids[49]).seen).toEqual([50]);
  });
});

describe("a sandbox without followers", () => {
  it("is recorded for 30 s of real time, or until it is deleted", async () => {
    const { wall, sandboxes, read, one, two } = await startHistory();
    read(one).stop();
    expect(one.events.isFollowed).toBe(true);
    wall.pass(20_000);
    read(one).stop();
    wall.pass(20_000);
    expect(one.events.isFollowed).toBe(true);
    wall.pass(10_000);
    expect(one.events.isFollowed).toBe(false);
    const reader = read(two);
    sandboxes.delete(two);
    reader.stop();
    expect(two.events.isFollowed).toBe(false);
  });
});
