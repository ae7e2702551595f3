/** Tests that deliveries are stored and read in the terms of the code. */
import { describe, expect, it } from "vitest";
import { deliveries } from "../../../src/engine/delivery/deliveries.ts";
import type { NewDelivery } from "../../../src/engine/delivery/delivery.ts";
import { receiverOf } from "../../../src/engine/delivery/receiver.ts";
import { runAtOnce } from "../../../src/engine/base/turns.ts";
import { UnreadableRow } from "../../../src/store/unreadable-row.ts";
import { createEngine } from "../../support/engine.ts";

function buildSandbox() {
  const sandbox = createEngine().sandboxes.obtain("post");
  const now = sandbox.settle();
  const draft = (id: string, change: Partial<NewDelivery> = {}): NewDelivery => ({
    id,
    accountId: sandbox.account("main").id,
    account: "main",
    vendor: "anyone",
    subject: "job-1",
    generationRow: null,
    event: "job.done",
    url: "http://127.0.0.1:9/hook?token=t",
    receiver: receiverOf("http://127.0.0.1:9/hook?token=t"),
    secret: "a secret",
    body: "{}",
    label: null,
    createdAt: now,
    status: "pending",
    nextAt: now + 1000,
    isYielding: false,
    ...change,
  });
  return { sandbox, now, draft };
}

describe("for stored deliveries,", () => {
  it("what is read is what was stored, with no attempts yet", () => {
    const { sandbox, draft } = buildSandbox();
    const faults = { webhookFaults: { copies: 2 } };
    const stored = deliveries.insert(sandbox, draft("d1", faults));
    expect(stored).toMatchObject({ ...draft("d1", faults), attempts: 0, tries: 0 });
    expect(deliveries.find(sandbox, "d1")).toEqual(stored);
    expect(deliveries.findByRow(sandbox, stored.rowId)).toEqual(stored);
    expect(deliveries.find(sandbox, "d2")).toBeUndefined();
  });

  it("a new plan replaces state, due time and counts, and only planned ones are due, earliest first", () => {
    const { sandbox, now, draft } = buildSandbox();
    const late = deliveries.insert(sandbox, draft("late", { nextAt: now + 3000 }));
    const early = deliveries.insert(sandbox, draft("early"));
    deliveries.insert(sandbox, draft("kept", { status: "collected", nextAt: null }));
    expect(deliveries.due(sandbox).map(({ id }) => id)).toEqual(["early", "late"]);
    deliveries.replan(sandbox, { ...early, status: "delivered", nextAt: null, attempts: 1, tries: 1 });
    expect(deliveries.due(sandbox)).toEqual([{ rowId: late.rowId, id: "late", nextAt: now + 3000 }]);
    expect(deliveries.find(sandbox, "early")).toMatchObject({ status: "delivered", attempts: 1, tries: 1 });
  });

  it("a delivery yields only to the next one of its own receiver", () => {
    const { sandbox, draft } = buildSandbox();
    const waiting = deliveries.insert(sandbox, draft("waiting", { isYielding: true }));
    deliveries.insert(sandbox, draft("elsewhere", { isYielding: true, receiver: "http://127.0.0.1:9/other" }));
    deliveries.insert(sandbox, draft("prompt"));
    expect(deliveries.yielding(sandbox, "http://127.0.0.1:9/hook")).toEqual([waiting]);
  });

  it("the newest are listed oldest first, and the oldest that have ended are dropped", () => {
    const { sandbox, draft } = buildSandbox();
    for (const id of ["d1", "d2", "d3"])
      deliveries.insert(sandbox, draft(id, id === "d1" ? {} : { status: "failed", nextAt: null }));
    expect(deliveries.latest(sandbox, 2).map(({ id }) => id)).toEqual(["d2", "d3"]);
    expect(deliveries.dropEnded(sandbox, 1)).toBe(1);
    expect(deliveries.list(sandbox).map(({ id }) => id)).toEqual(["d1", "d3"]);
    expect(deliveries.count(sandbox, { status: "failed" })).toBe(1);
  });

  it("a row that cannot be read is named", () => {
    const { sandbox, draft } = buildSandbox();
    deliveries.insert(sandbox, draft("broken", { url: "no URL" }));
    expect(() => deliveries.find(sandbox, "broken")).toThrow(UnreadableRow);
    expect(() => {
      runAtOnce(deliveries.check(sandbox));
    }).toThrow("broken");
  });
});
