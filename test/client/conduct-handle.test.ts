/** Tests that the library reads the conduct of clients, and fails a test for it, over a socket. */
import { afterAll, beforeAll, describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import {
  FauxgenError,
  startFauxgen,
  type ConductOptions,
  type Fauxgen,
  type FindingId,
  type SandboxHandle,
  type SandboxSettings,
} from "../../src/index.ts";

let fauxgen: Fauxgen;
let count = 0;

beforeAll(async () => {
  fauxgen = await startFauxgen({ logLevel: "error", journalEntries: "40" });
});
afterAll(async () => {
  await fauxgen.close();
});

async function newSandbox(settings: SandboxSettings = {}): Promise<SandboxHandle> {
  count += 1;
  const sandbox = await fauxgen.sandbox(`conduct-${count}`, settings);
  onTestFinished(() => sandbox.dispose());
  return sandbox;
}

/** Sends a request to sync with the key of the sandbox. */
function ask({ sync: { baseUrl, apiKey } }: SandboxHandle, path: string, body?: unknown, key?: string) {
  return fetch(`${baseUrl}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "x-api-key": apiKey,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(key !== undefined && { "idempotency-key": key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const lipsync = (name: string) => ({
  model: "lipsync-2",
  input: [
    { type: "video", url: `https://media.test/${name}.mp4` },
    { type: "audio", url: "https://media.test/speech.wav" },
  ],
});

/** Uses one idempotency key for two jobs, which is an error, and sends a mistyped parameter, which is a note. */
async function misbehave(sandbox: SandboxHandle): Promise<void> {
  await ask(sandbox, "/v2/generate", lipsync("one"), "k1");
  await ask(sandbox, "/v2/generate", lipsync("two"), "k1");
  await ask(sandbox, "/v2/generations?limt=5");
}

const messageOf = (run: Promise<void>): Promise<FauxgenError> =>
  run.then(
    () => {
      throw new Error("It did not throw.");
    },
    (error: unknown) => {
      if (error instanceof FauxgenError) return error;
      throw error;
    },
  );

describe("sandbox.conduct.expect", () => {
  it("throws for warnings and errors, with the evidence, the fix and the page of each", async () => {
    const sandbox = await newSandbox();
    await sandbox.conduct.expect();
    await misbehave(sandbox);
    const error = await messageOf(sandbox.conduct.expect());
    expect(error.code).toBe("unsound-conduct");
    expect(error.message.split("\n")).toEqual([
      `The clients of sandbox "${sandbox.name}" did not behave as the vendors ask.`,
      "error sync idempotency-key-reused: Requests 1 and 2 have one idempotency-key and different bodies.",
      "  fix: Make a new key for each job, and keep it for the repetitions of that job only.",
      "  see: requests 1, 2; /_fauxgen/conduct/idempotency-key-reused",
    ]);
    const page = await fetch(`${fauxgen.url}/_fauxgen/conduct/idempotency-key-reused`);
    expect(await page.json()).toMatchObject({ id: "idempotency-key-reused", severity: "error" });
  });

  it("fails for notes if it is asked to, and not for ignored findings", async () => {
    const sandbox = await newSandbox();
    await misbehave(sandbox);
    const ignore = ["idempotency-key-reused"] as const;
    await sandbox.conduct.expect({ ignore });
    const error = await messageOf(sandbox.conduct.expect({ severity: "note", ignore }));
    expect(error.message).toContain("note sync undocumented-query: query.limt is not known");
    await sandbox.conduct.expect({ severity: "note", ignore: [...ignore, "undocumented-query"] });
  });

  it("refuses to ignore a finding that does not exist, and names the nearest", async () => {
    const sandbox = await newSandbox();
    const mistyped: readonly string[] = ["poll-too-often"];
    const error = await messageOf(sandbox.conduct.expect({ ignore: mistyped as readonly FindingId[] }));
    expect(error.message).toContain("polls-too-often");
    expectTypeOf<"poll-too-often">().not.toExtend<NonNullable<ConductOptions["ignore"]>[number]>();
    expectTypeOf<"polls-too-often">().toExtend<NonNullable<ConductOptions["ignore"]>[number]>();
  });

  it("judges unread failures by the exit code of the client", async () => {
    const sandbox = await newSandbox({ timing: "instant" });
    await sandbox.rules.add({ when: { vendor: "sync" }, scenario: "fail" });
    await ask(sandbox, "/v2/generate", lipsync("one"));
    await sandbox.conduct.expect({ severity: "note" });
    await sandbox.conduct.expect({ severity: "note", exitCode: 1 });
    const error = await messageOf(sandbox.conduct.expect({ exitCode: 0 }));
    expect(error.message).toContain("error sync failure-not-read");
  });

  it("throws that nothing can be told of requests that have left the journal, unless that is allowed", async () => {
    const sandbox = await newSandbox();
    for (let sent = 0; sent < 41; sent += 1) await ask(sandbox, "/v2/models");
    const error = await messageOf(sandbox.conduct.expect());
    expect(error.code).toBe("cannot-tell");
    expect(error.message).toContain("cannot be told: 1 requests have left the journal");
    await sandbox.conduct.expect({ allowEvicted: true });
    expect(await sandbox.conduct.read()).toEqual({ sandbox: sandbox.name, findings: [], evicted: 1 });
  });
});

describe("settled", () => {
  it("throws for the conduct of clients only if it is asked to judge it", async () => {
    const sandbox = await newSandbox();
    await misbehave(sandbox);
    await sandbox.settled();
    await sandbox.settled({ conduct: false });
    await sandbox.settled({ conduct: { ignore: ["idempotency-key-reused"] } });
    expect((await messageOf(sandbox.settled({ conduct: true }))).message).toContain("idempotency-key-reused");
  });
});

it("a finding has the journal's ids and the times on both clocks of what it rests on", async () => {
  const sandbox = await newSandbox({ now: "2031-05-06T07:00:00Z" });
  await misbehave(sandbox);
  const [finding] = await sandbox.conduct.list();
  expect(finding?.requests.map(({ id }) => id)).toEqual([1, 2]);
  for (const { id, at, realAt } of finding?.requests ?? []) {
    const entry = (await sandbox.requests.list()).find((each) => each.id === id);
    expect(at).toBe(entry?.at);
    expect(at).toMatch(/^2031-05-06T07:/);
    expect(realAt).toBe(entry?.real.at);
  }
  expect(finding?.source).toMatch(/\[doc\]$/);
  expect(await sandbox.conduct.text()).toContain("    see: request 1, 2; /_fauxgen/conduct/idempotency-key-reused\n");
});
