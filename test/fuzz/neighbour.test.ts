/** Tests that generated documents, durations, instants and bundles in one sandbox do not affect another sandbox. */
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { vivix } from "../../src/vendors/vivix/index.ts";
import { keyHeaders } from "../support/app.ts";
import { image } from "../support/vivix.ts";
import { readOperations } from "./documents.ts";
import { exchange } from "./exchange.ts";
import { requestsTo } from "./requests.ts";
import { nastyText } from "./values.ts";
import { openWorld, type World } from "./world.ts";

const SEED = 20_261_127;
const PATIENCE_MS = 2000;
/** The timeout of requests to the mistreated sandbox, whose rules may hold them without end. */
const BRIEF_MS = 50;
/** The longest accepted duration of a request. A loaded machine stays far below it; a stalled event loop does not. */
const LONGEST_MS = 1000;

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** Durations and instants at and beyond every bound, and texts that only look like one. */
const times = fc.oneof(
  fc.constantFrom<unknown>(1e308, -1, 0.5, 2 ** 53, "100y", "36501d", "99999999999d", "400000000d", "1e9h", "-5s", "5"),
  fc.constantFrom<unknown>(
    "2027-02-30",
    "2027-02-29T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z",
    "job 7",
  ),
  fc.constantFrom<unknown>(8.64e15, 8.64e15 + 1, 253_402_300_799_999, 1_893_456_000, null, true, [], {}, "now"),
  fc.double(),
  nastyText,
);

/** A request about the sandbox `bad`: a method, a path below the sandbox, and a body. */
const steps = fc.oneof(
  fc.record({ timing: fc.record({ queued: times, processing: times }) }).map((body) => ["PUT", "", body] as const),
  fc.record({ now: times, seed: fc.oneof(nastyText, fc.integer()) }).map((body) => ["PUT", "", body] as const),
  fc.record({ by: times }).map((body) => ["POST", "/clock/advance", body] as const),
  fc.record({ to: times }).map((body) => ["POST", "/clock/advance", body] as const),
  fc.record({ rate: times }).map((body) => ["POST", "/clock/resume", body] as const),
  fc
    .record({ when: fc.dictionary(nastyText, fc.json()), scenario: nastyText })
    .map((body) => ["POST", "/rules", body] as const),
  fc.record({ fault: fc.record({ latency: times }) }).map((body) => ["POST", "/rules", body] as const),
  fc
    .record({ extends: fc.constant("succeed"), phases: fc.record({ processing: times }) })
    .map((body) => ["PUT", "/scenarios/odd", body] as const),
  fc.constant(["POST", "/reset", undefined] as const),
  fc.constant(["GET", "/report", undefined] as const),
);

async function open() {
  const world = await openWorld({ timing: "fast" });
  worlds.push(world);
  const send = (sandbox: string, method: string, url: string, body: unknown) =>
    exchange({
      port: world.port,
      agent: world.agent,
      method,
      url,
      headers: { ...keyHeaders(vivix, vivix.keyFrom(`fx_${sandbox}_main`)), "content-type": "application/json" },
      // A generated body is text already, and may be nested too deeply to be written again.
      body: body === undefined ? undefined : Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body),
      patienceMs: sandbox === "bad" && !url.startsWith("/_fauxgen") ? BRIEF_MS : PATIENCE_MS,
    });
  /** Uses the sandbox `good` as a client does, and returns the errors in its answers. */
  const useNeighbour = async (): Promise<string[]> => {
    const wrong: string[] = [];
    const ask = async (method: string, url: string, body: unknown, status: number) => {
      const began = performance.now();
      const answer = await send("good", method, url, body);
      const took = performance.now() - began;
      if (answer?.status !== status)
        wrong.push(`${method} ${url}: ${answer?.status ?? "no answer"} ${answer?.body ?? ""}`);
      if (took > LONGEST_MS) wrong.push(`${method} ${url}: it took ${Math.round(took)} ms`);
      return answer?.body ?? "{}";
    };
    const created = JSON.parse(await ask("POST", "/api/v1/generate", image, 201)) as { generation_id?: string };
    await ask("GET", `/api/v1/generations/${created.generation_id ?? ""}`, undefined, 200);
    await ask("GET", "/_fauxgen/sandboxes/good/clock", undefined, 200);
    return wrong;
  };
  return { send, useNeighbour };
}

describe("a sandbox beside a mistreated sandbox", { timeout: 120_000 }, () => {
  it("has no errors or delays while the other sandbox gets odd documents, durations and instants", async () => {
    const { send, useNeighbour } = await open();
    const refused = new Set<number>();
    for (const [method, path, body] of fc.sample(steps, { seed: SEED, numRuns: 250 })) {
      const answer = await send("bad", method, `/_fauxgen/sandboxes/bad${path}`, body);
      refused.add(answer?.status ?? 0);
      const made = await send("bad", "POST", "/api/v1/generate", image);
      expect([method, path, body, made?.status === 500 ? made.body : undefined]).toEqual([
        method,
        path,
        body,
        undefined,
      ]);
      expect([method, path, body, await useNeighbour()]).toEqual([method, path, body, []]);
    }
    expect([...refused].filter((status) => status >= 500)).toEqual([]);
    expect([...refused]).toEqual(expect.arrayContaining([200, 400]));
  });

  it("has no errors or delays while the other sandbox gets generated control requests", async () => {
    const { send, useNeighbour } = await open();
    const requests = fc
      .sample(requestsTo(readOperations("control")), { seed: SEED, numRuns: 400 })
      .map((request) => ({
        ...request,
        url: request.url.replace(/\/sandboxes\/(?:fuzz-[ab]|default)(?=[/?]|$)/, "/sandboxes/bad"),
      }))
      .filter(({ url }) => /\/sandboxes\/bad(?:[/?]|$)/.test(url) && !/wait=|within=|events|follow/.test(url));
    expect(requests.length).toBeGreaterThan(100);
    for (const { method, url, body } of requests) {
      await send("bad", method, url.replaceAll(/\{id:\d+\}/g, "x"), body === undefined ? undefined : Buffer.from(body));
      expect([method, url, await useNeighbour()]).toEqual([method, url, []]);
    }
  });

  it("has no errors or delays while the other sandbox gets damaged bundles", async () => {
    const { send, useNeighbour } = await open();
    await send("bad", "POST", "/api/v1/generate", image);
    const saved = (await send("bad", "GET", "/_fauxgen/sandboxes/bad/bundle", undefined))?.body ?? "{}";
    const statuses = new Set<number>();
    for (const [at, instead] of fc.sample(fc.tuple(fc.nat(), fc.oneof(times, fc.json())), {
      seed: SEED,
      numRuns: 150,
    })) {
      const bundle: unknown = JSON.parse(saved);
      replaceLeaf(bundle, at, instead);
      const answer = await send("bad", "PUT", "/_fauxgen/sandboxes/bad/bundle", bundle);
      statuses.add(answer?.status ?? 0);
      expect([at, instead, answer?.status === 500 ? answer.body : undefined]).toEqual([at, instead, undefined]);
      expect([at, instead, await useNeighbour()]).toEqual([at, instead, []]);
    }
    expect([...statuses]).toEqual(expect.arrayContaining([200]));
    expect([...statuses].some((status) => status >= 400 && status < 500)).toBe(true);
  });
});

/** Replaces a leaf of a document: the leaf at index `at`, modulo the number of leaves. */
function replaceLeaf(document: unknown, at: number, instead: unknown): void {
  const leaves: (() => void)[] = [];
  const visit = (holder: unknown): void => {
    if (typeof holder !== "object" || holder === null) return;
    for (const key of Object.keys(holder)) {
      const value: unknown = Reflect.get(holder, key);
      if (typeof value === "object" && value !== null) visit(value);
      else leaves.push(() => Reflect.set(holder, key, instead));
    }
  };
  visit(document);
  leaves[at % leaves.length]?.();
}
