/** Tests what `fauxgen tail` prints, and that it survives a restart of the server. */
import { describe, expect, it } from "vitest";
import { tail } from "../../src/cli/tail.ts";
import { coloured, lineOf } from "../../src/cli/tail-line.ts";
import { startFauxgen } from "../../src/client/start-fauxgen.ts";

const at = "2030-01-01T10:00:00.000Z";

/** Runs `tail` until a line satisfies `isLast`, and returns its lines and notes. */
async function tailUntil(
  url: string,
  isLast: (line: string) => boolean,
  options: { sandbox?: string; isJson?: boolean } = {},
) {
  const stop = new AbortController();
  const lines: string[] = [];
  const notes: string[] = [];
  const { sandbox, isJson = false } = options;
  const settings = { url, token: undefined, sandbox, isJson, isColoured: false };
  await tail(settings, stop.signal, {
    line: (line) => {
      lines.push(line);
      if (isLast(line)) stop.abort();
    },
    note: (note) => {
      notes.push(note);
    },
  });
  return { lines, notes };
}

describe("fauxgen tail", () => {
  it("prints what happens in all sandboxes until it is stopped", async () => {
    await using fauxgen = await startFauxgen();
    const sandbox = await fauxgen.sandbox("tailed", { timing: "instant" });
    const following = tailUntil(fauxgen.url, (line) => line.includes("-> succeeded"));
    let isOver = false;
    void following.finally(() => (isOver = true));
    while (!isOver) await sandbox.generations.create({ vendor: "vivix" });
    expect((await following).lines.at(-1)).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} tailed {2}vivix {4}generation [0-9a-f-]{36} processing -> succeeded$/,
    );
  });

  it("prints the events of one sandbox as JSON, with both times, and requests that reached none", async () => {
    await using fauxgen = await startFauxgen();
    await fauxgen.sandbox("tailed", { clock: { mode: "frozen" }, now: at });
    const other = await fauxgen.sandbox("other");
    const following = tailUntil(fauxgen.url, (line) => line.includes("rule.added"), {
      sandbox: "tailed",
      isJson: true,
    });
    let isOver = false;
    void following.finally(() => (isOver = true));
    const tailed = await fauxgen.existing("tailed");
    while (!isOver) {
      await fetch(`${fauxgen.url}/nowhere`);
      await other.rules.add({ scenario: "fail" });
      await tailed.rules.add({ scenario: "fail" });
    }
    const events = (await following).lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const added = events.find(({ kind }) => kind === "rule.added");
    expect(added).toMatchObject({ sandbox: "tailed", at });
    expect(Math.abs(Date.parse(String(added?.["real"])) - Date.now())).toBeLessThan(60_000);
    expect(new Set(events.map(({ sandbox }) => sandbox)).has("other")).toBe(false);
  });

  it("connects again after a restart of the server, and says so", async () => {
    const first = await startFauxgen();
    let isRestarted = false;
    let isFollowing = false;
    const following = tailUntil(first.url, () => {
      isFollowing = true;
      return isRestarted;
    });
    const before = await first.existing("default");
    while (!isFollowing) await before.generations.create({ vendor: "vivix" });
    const { port } = new URL(first.url);
    await first.close();
    isRestarted = true;
    await using second = await startFauxgen({ port: Number(port) });
    let isOver = false;
    void following.finally(() => (isOver = true));
    // Sockets of the first server may still be in the pool.
    await expect.poll(() => second.health().catch(() => undefined)).toBeDefined();
    const sandbox = await second.existing("default");
    while (!isOver) await sandbox.generations.create({ vendor: "vivix" });
    const { notes } = await following;
    expect(notes[0]).toMatch(/^The connection to .* is lost; trying again\.$/);
    expect(notes).toContain(`Connected to ${second.url} again.`);
  });
});

describe("a line of fauxgen tail", () => {
  it.each<[Record<string, unknown>, string]>([
    [
      {
        kind: "request.finished",
        vendor: "sync",
        method: "GET",
        operation: "getGeneration",
        url: "/v2/generate/1",
        status: 200,
      },
      "sync     GET getGeneration /v2/generate/1 -> 200",
    ],
    [
      {
        kind: "request.finished",
        vendor: "sync",
        operation: "x",
        url: "/",
        status: 429,
        fault: "RATE_LIMIT (before)",
        diagnostics: ["FAULT_APPLIED", "RATE_LIMIT_ON_FROZEN_CLOCK"],
      },
      "sync     x / -> 429 (RATE_LIMIT (before), RATE_LIMIT_ON_FROZEN_CLOCK)",
    ],
    [{ kind: "request.finished", url: "/v3", state: "gone", label: "x" }, "-        no route /v3 -> gone [x]"],
    [
      { kind: "request.unassigned", method: "GET", url: "/v3", reason: "no-vendor" },
      "-        unassigned GET /v3 (no-vendor)",
    ],
    [
      {
        kind: "delivery.changed",
        vendor: "vivix",
        event: "done",
        url: "http://a/",
        status: "pending",
        attempt: 2,
        ending: "answered",
        response: 500,
      },
      "vivix    webhook done to http://a/ pending, attempt 2: answered 500",
    ],
    [
      {
        kind: "delivery.changed",
        vendor: "vivix",
        event: "done",
        url: "http://a/",
        status: "failed",
        attempt: 3,
        ending: "unreachable",
        error: "ECONNREFUSED",
      },
      "vivix    webhook done to http://a/ failed, attempt 3: ECONNREFUSED",
    ],
    [
      { kind: "waiter.held", vendor: "sync", waitsFor: "end", generationId: "g", deadline: at },
      "sync     held a request, for the end of g, until 10:00:00.000",
    ],
    [
      { kind: "waiter.released", vendor: "sync", waitsFor: "latency", release: "deadline" },
      "sync     released a request, for a delay: deadline",
    ],
    [
      { kind: "rule.hit", vendor: "sync", rule: "rule-1", scenario: "fail", method: "POST", url: "/v2/generate" },
      "sync     rule rule-1 gave fail to POST /v2/generate",
    ],
    [{ kind: "clock.moved", mode: "frozen", rate: 1 }, `-        clock frozen, ${at}`],
    [{ kind: "clock.moved", mode: "running", rate: 60 }, `-        clock running at rate 60, ${at}`],
    [{ kind: "sandbox.reset" }, "-        sandbox reset"],
    [{ kind: "sandbox.deleted" }, "-        sandbox deleted"],
    [{ kind: "generation.created", vendor: "oxen", id: "g", model: "m" }, "oxen     generation g created, m"],
    [{ kind: "generation.changed", vendor: "oxen", id: "g", isHeld: true }, "oxen     generation g steered, held"],
    [{ kind: "rule.added", rule: "rule-1" }, "-        rule rule-1 added"],
    [{ kind: "later.kind" }, "-        later.kind"],
  ])("of %j is: %s", (event, line) => {
    expect(lineOf({ sandbox: "w1", at, kind: "", ...event })).toBe(`10:00:00.000 w1  ${line}`);
  });

  it("is coloured on request", () => {
    const line = lineOf({ sandbox: "w1", at, kind: "request.finished", url: "/", status: 500 }, coloured);
    expect(line).toContain("\u001b[31m500\u001b[39m");
  });
});
