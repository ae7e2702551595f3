/** Tests the board's reducer over events that a server recorded, and over lists that arrive in any order. */
import { describe, expect, it } from "vitest";
import { foldPolls } from "../../../src/board/state/fold.ts";
import { emptyState, sandboxNow, type BoardState } from "../../../src/board/state/model.ts";
import { reduce } from "../../../src/board/state/reduce.ts";
import type { JournalRequest, SandboxEvent } from "../../../src/client/documents.ts";
import { followEvents } from "../../../src/client/events.ts";
import { ControlClient } from "../../../src/client/control-client.ts";
import { exchange } from "../../../src/client/exchange.ts";
import { createGeneration, marked, readGeneration, buildAcmeWorld } from "../../support/acme.ts";
import { control } from "../../support/control.ts";
import { listenOn } from "../../support/socket.ts";

const at = "2026-01-01T00:00:00.000Z";

const event = (kind: string, detail: Record<string, unknown>, time = at): SandboxEvent => ({
  sandbox: "world",
  kind,
  at: time,
  ...detail,
});

const afterEvents = (events: readonly SandboxEvent[], state: BoardState = emptyState): BoardState =>
  reduce(state, { kind: "events", events, readAt: 0 });

/** Returns the events that a server sends while `act` runs, up to the first of the kind `last`. */
async function record(
  act: (world: Awaited<ReturnType<typeof buildAcmeWorld>>) => Promise<unknown>,
  last: string,
): Promise<SandboxEvent[]> {
  const world = await buildAcmeWorld();
  const origin = await listenOn(world.app);
  const stop = new AbortController();
  const events: SandboxEvent[] = [];
  const options = { signal: stop.signal, onConnection: (isOpen: boolean) => void (isOpen && act(world)) };
  for await (const each of followEvents(new ControlClient(origin, exchange), "/sandboxes/world/events", options)) {
    events.push(each);
    if (each.kind === last) stop.abort();
  }
  return events;
}

describe("the reducer over recorded events", () => {
  it("knows a generation, its phases and its requests without reading a list", async () => {
    let id = "";
    const events = await record(async (world) => {
      id = await createGeneration(world, marked("label=hero"));
      await readGeneration(world, id);
      await readGeneration(world, id);
      await world.advance("2s");
    }, "clock.moved");
    const state = afterEvents(events);
    const row = state.generations.get(id);
    expect(row).toMatchObject({ vendor: "acme", label: "hero", phase: "succeeded", isOpen: false });
    expect(row?.steps.map(({ phase }) => phase)).toEqual(["queued", "processing", "succeeded"]);
    expect(state.requestsOf.get(id)).toEqual([1, 2, 3]);
    expect(foldPolls(state.requests).map(({ count, last }) => [count, last.method, last.status])).toEqual([
      [2, "GET", 200],
      [1, "POST", 201],
    ]);
    expect(state.clock).toMatchObject({ mode: "frozen" });
  });

  it("is the same however the events are grouped, and does not change an earlier state", async () => {
    const events = await record(async (world) => {
      const id = await createGeneration(world);
      await readGeneration(world, id);
      await control(world.app, "POST", `sandboxes/world/generations/${id}/hold`, {});
      await control(world.app, "POST", `sandboxes/world/generations/${id}/fail`, {});
      await world.advance("1s");
    }, "clock.moved");
    const whole = afterEvents(events);
    let state = emptyState;
    for (const each of events) {
      const before = JSON.stringify([...state.generations]);
      const next = afterEvents([each], state);
      expect(JSON.stringify([...state.generations])).toBe(before);
      state = next;
    }
    expect(state).toEqual(whole);
    expect(emptyState.generations.size + emptyState.requests.length).toBe(0);
    expect([...whole.generations.values()].map(({ phase }) => phase)).toEqual(["failed"]);
  });

  it("forgets everything at a reset, and counts it", async () => {
    const events = await record(async (world) => {
      await createGeneration(world);
      await control(world.app, "POST", "sandboxes/world/reset");
    }, "sandbox.reset");
    const state = afterEvents(events);
    expect([state.generations.size, state.requests.length, state.resets]).toEqual([0, 0, 1]);
  });
});

describe("the reducer", () => {
  it("holds a request from its event to its release", () => {
    const held = event("waiter.held", { id: 4, waitsFor: "end", generationId: "g", vendor: "acme", since: at });
    const state = afterEvents([held]);
    expect([...state.waiters.values()]).toMatchObject([{ id: 4, waitsFor: "end", generation: "g", deadline: null }]);
    expect(afterEvents([event("waiter.released", { id: 4 })], state).waiters.size).toBe(0);
  });

  it("adds each attempt of a webhook once", () => {
    const changed = (detail: Record<string, unknown>) =>
      event("delivery.changed", { id: "d", generationId: "g", status: "pending", ...detail });
    const first = changed({ attempt: 1, ending: "answered", response: 500 });
    const state = afterEvents([changed({}), first, first, changed({ attempt: 2, ending: "timed-out", error: "slow" })]);
    expect(state.deliveries.get("d")?.attempts.map(({ number, ending, status }) => [number, ending, status])).toEqual([
      [1, "answered", 500],
      [2, "timed-out", null],
    ]);
    expect(state.deliveriesOf.get("g")).toEqual(["d"]);
  });

  it("keeps requests in order, whether their pages come from the end or the beginning", () => {
    const page = (first: number, last: number) => ({
      kind: "requests" as const,
      items: Array.from({ length: last - first + 1 }, (_, index) => shownRequest(first + index)),
    });
    let state = reduce(emptyState, page(5, 8));
    state = afterEvents([event("request.finished", { request: 9, method: "GET", url: "/x" })], state);
    state = reduce(state, page(1, 6));
    expect(state.requests.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(state.requestsOf.get("g")).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("does not replace an answered request by an older description of it", () => {
    const finished = event("request.finished", { request: 1, method: "GET", url: "/x", status: 200 });
    const state = reduce(afterEvents([finished]), {
      kind: "requests",
      items: [{ ...shownRequest(1), state: "arrived", answeredAt: null, status: null }],
    });
    expect(state.requests[0]?.status).toBe(200);
  });

  it("drops the oldest requests above its limit", () => {
    const items = Array.from({ length: 60_001 }, (_, index) => shownRequest(index + 1));
    const { requests } = reduce(emptyState, { kind: "requests", items });
    expect([requests.length, requests.at(-1)?.id]).toEqual([54_000, 60_001]);
  });

  it("forgets which generations the dropped requests were about, so that its memory does not grow", () => {
    const items = Array.from({ length: 60_001 }, (_, index) => ({
      ...shownRequest(index + 1),
      generations: [index < 6001 ? "old" : "new", "both"],
    }));
    const before = reduce(emptyState, { kind: "requests", items: items.slice(0, 60_000) });
    const { requestsOf } = reduce(before, { kind: "requests", items: items.slice(60_000) });
    expect([...requestsOf].map(([id, numbers]) => [id, numbers[0], numbers.length])).toEqual([
      ["both", 6002, 54_000],
      ["new", 6002, 54_000],
    ]);
    expect(before.requestsOf.get("old")?.length).toBe(6001);
  });

  it("follows the sandbox's clock: running at its rate, frozen, and never behind an event", () => {
    const running = reduce(emptyState, { kind: "clock", clock: { mode: "running", rate: 10, at: 1000, readAt: 50 } });
    expect(sandboxNow(running.clock, 150)).toBe(2000);
    const moved = event("clock.moved", { mode: "frozen", rate: 10 }, new Date(5000).toISOString());
    const frozen = reduce(running, { kind: "events", events: [moved], readAt: 150 });
    expect(sandboxNow(frozen.clock, 9999)).toBe(5000);
    const late = event("generation.deleted", { id: "g" }, new Date(90_000).toISOString());
    expect(sandboxNow(reduce(running, { kind: "events", events: [late], readAt: 150 }).clock, 150)).toBe(90_000);
  });

  it("asks for rules, unassigned requests and sandboxes anew when events name them", () => {
    const kinds = ["rule.hit", "request.unassigned", "sandbox.created"];
    expect(afterEvents(kinds.map((kind) => event(kind, {}))).versions).toEqual({
      rules: 1,
      unassigned: 1,
      sandboxes: 1,
    });
  });
});

function shownRequest(id: number): JournalRequest {
  return {
    id,
    state: "answered",
    sandbox: "world",
    method: "GET",
    url: "/acme/jobs/g",
    path: "/acme/jobs/g",
    query: {},
    vendor: "acme",
    operation: "getGeneration",
    account: "main",
    label: null,
    status: 200,
    at,
    heldAt: null,
    answeredAt: at,
    real: { at, answeredAt: at, tookMs: 1 },
    scenario: null,
    rules: [],
    fault: null,
    generations: ["g"],
    diagnostics: [],
    request: { headers: {}, body: null, bytes: 0, kept: "whole" },
    response: { body: null, bytes: 0, retryAfter: null },
  };
}
