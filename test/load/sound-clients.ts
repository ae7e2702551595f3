/**
 * Runs the reference clients again and again with random times, ends, faults and webhooks, over real sockets and on each
 * sandbox's own clock, and judges their conduct: a sound client must have no finding above a note.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectFauxgen, type Fauxgen } from "../../src/client/fauxgen.ts";
import type { NewRule, NewScenario } from "../../src/client/documents.ts";
import { clients, vendorNamed } from "../support/clients/clients.ts";
import { VirtualTime } from "../support/clients/virtual-time.ts";
import { createRandom, type Random } from "./random.ts";
import { startServer } from "./server.ts";

export interface SoundRunsOptions {
  readonly runs: number;
  readonly seed: number;
  readonly cli?: string | undefined;
  readonly say?: (line: string) => void;
  /** The part of its time that a client sleeps: 1 by default. Less makes the clients hasty, so that they are found. */
  readonly pace?: number;
}

export interface SoundRuns {
  readonly violations: readonly string[];
  /** Runs by client and vendor. */
  readonly runs: Readonly<Record<string, number>>;
  /** How many runs finished their jobs; the others gave up, as their vendor's answers made them. */
  readonly finished: number;
  /** Notes by the id of the finding. */
  readonly notes: Readonly<Record<string, number>>;
  readonly requests: number;
}

const AT_ONCE = 4;
const DEADLINE_MS = 12 * 60_000;
const SECRET = "whsec_reference";

const kinds = [...clients].flatMap(([client, { vendors }]) => vendors.map((vendor) => ({ client, vendor })));

export async function runSoundClients({ runs, seed, cli, say, pace = 1 }: SoundRunsOptions): Promise<SoundRuns> {
  const server = await startServer(["--log-level", "silent"], { cli });
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-sound-"));
  const account = { violations: [] as string[], runs: {} as Record<string, number>, finished: 0, requests: 0 };
  const notes: Record<string, number> = {};
  let next = 0;
  try {
    const fauxgen = await connectFauxgen(server.url);
    const work = async (): Promise<void> => {
      for (let index = next++; index < runs; index = next++) {
        const kind = kinds[index % kinds.length] ?? { client: "polling", vendor: "sync" };
        const done = await runOnce(fauxgen, {
          ...kind,
          folder,
          pace,
          random: createRandom(seed * 1_000_003 + index),
          index,
        });
        const name = `${kind.client} ${kind.vendor}`;
        account.runs[name] = (account.runs[name] ?? 0) + 1;
        account.requests += done.requests;
        if (done.hasFinished) account.finished += 1;
        for (const id of done.notes) notes[id] = (notes[id] ?? 0) + 1;
        for (const each of done.violations) account.violations.push(`run ${index} (${name}, seed ${seed}): ${each}`);
        if (index % 100 === 99) say?.(`${index + 1} runs, ${account.violations.length} violations`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
  return { ...account, notes };
}

interface Run {
  readonly client: string;
  readonly vendor: string;
  readonly folder: string;
  readonly pace: number;
  readonly random: Random;
  readonly index: number;
}

interface Done {
  readonly violations: readonly string[];
  readonly notes: readonly string[];
  readonly hasFinished: boolean;
  readonly requests: number;
}

async function runOnce(fauxgen: Fauxgen, { client, vendor, folder, pace, random, index }: Run): Promise<Done> {
  await using sandbox = await fauxgen.sandbox(`sound-${index}`, { timing: "realistic" });
  await sandbox.scenarios.put("drawn", drawScenario(random, vendor));
  await sandbox.rules.add({ when: { method: "POST" }, scenario: "drawn" });
  for (const rule of drawFaults(random, { client, vendor })) await sandbox.rules.add(rule);
  const time = new VirtualTime(sandbox, (url) => url.includes("wait=true"));
  const known = vendorNamed(vendor);
  const access = new Map(Object.entries((await sandbox.read()).vendors)).get(vendor);
  if (known === undefined || access === undefined) throw new Error(`There is no vendor ${vendor}.`);
  const hasReceiver = client === "webhook" || (client === "all" && random.isOneIn(2));
  const error = await time.run(async () => {
    await clients.get(client)?.render(known, {
      origin: new URL(access.baseUrl).origin,
      apiKey: access.apiKey,
      folder: join(folder, String(index)),
      deadlineMs: DEADLINE_MS,
      fetch: time.fetch,
      now: time.now,
      sleep: (ms, signal) => time.sleep(ms * pace, signal),
      random: () => random.below(1000) / 1000,
      unique: () =>
        `${String(index).padStart(4, "0")}${random
          .below(2 ** 30)
          .toString(16)
          .padStart(8, "0")}`,
      ...(hasReceiver && { webhook: receiverOf(vendor, sandbox) }),
    });
  });
  const findings = await sandbox.conduct.list();
  const generations = await sandbox.generations.list();
  const wanted = client === "batch" ? ({ sync: 20, oxen: 4 }[vendor] ?? 1) : 1;
  const violations = findings
    .filter(({ severity }) => severity !== "note")
    .map(({ severity, id, what }) => `${severity} ${id}: ${what}`);
  if (generations.length > wanted) violations.push(`It made ${generations.length} jobs instead of ${wanted}.`);
  return {
    violations,
    notes: findings.filter(({ severity }) => severity === "note").map(({ id }) => id),
    hasFinished: error === undefined,
    requests: (await sandbox.requests.list({ bodies: false })).length,
  };
}

function receiverOf(vendor: string, sandbox: Awaited<ReturnType<Fauxgen["sandbox"]>>) {
  if (vendor !== "vivix") return { port: 0 };
  return {
    port: 0,
    secret: SECRET,
    register: async (url: string) => {
      await sandbox.webhooks.endpoints.add({ vendor: "vivix", url, secret: SECRET });
    },
  };
}

function drawScenario(random: Random, vendor: string): NewScenario {
  const isQuick = random.isOneIn(4);
  const phases = {
    queued: random.below(isQuick ? 500 : 20_000),
    processing: random.below(isQuick ? 2000 : random.pick([10_000, 60_000, 300_000])),
  };
  const ends = random.pick([
    "succeeded",
    "succeeded",
    "succeeded",
    "succeeded",
    "failed",
    "succeeded",
    vendor === "sync" ? "rejected" : "failed",
    random.isOneIn(2) ? "never" : "succeeded",
  ] as const);
  const webhook = random.pick<NewScenario["webhook"]>([
    undefined,
    undefined,
    { delay: `${random.below(90)}s` },
    { copies: 2 },
    { copies: 3, delay: "5s" },
    { lost: true },
    { signature: "bad" },
    { signature: "wrong-secret" },
    vendor === "sync" ? { signature: "old" } : undefined,
  ]);
  const hasWebhooks = vendor === "sync" || vendor === "vivix";
  return { phases, ends, ...(hasWebhooks && webhook !== undefined && { webhook }) };
}

function drawFaults(random: Random, { client, vendor }: Pick<Run, "client" | "vendor">): readonly NewRule[] {
  const create = vendor === "sync" && client === "batch" ? "createBatch" : "createGeneration";
  const read = vendor === "sync" && client === "batch" ? "getBatch" : "getGeneration";
  const wait = 1 + random.below(40);
  const inSeconds = { "retry-after": String(wait) };
  const passing: readonly NewRule["fault"][] = [
    { rateLimit: { retryAfterSeconds: wait } },
    { status: 503, headers: inSeconds },
    { status: 500 },
    { status: 502, body: "<html>Bad Gateway</html>", headers: { "content-type": "text/html" } },
    "CONNECTION_RESET_BY_PEER",
    "EMPTY_RESPONSE",
    "TRUNCATED_BODY",
    { kind: "CONNECTION_RESET_BY_PEER", when: "after" },
    { kind: "EMPTY_RESPONSE", when: "after" },
  ];
  const drawn = (operation: NonNullable<NewRule["when"]>["operation"], oneIn: number): NewRule[] => {
    if (!random.isOneIn(oneIn)) return [];
    const [fault = "EMPTY_RESPONSE"] = [passing[random.below(passing.length)]];
    const { when, ...rest } = { when: { ...(operation !== undefined && { operation }) }, fault };
    return [{ when, ...rest, times: 1 + random.below(3), after: operation === read ? random.below(4) : 0 }];
  };
  return [...drawn(create, 4), ...drawn(read, 3), ...drawn("downloadOutput", 4), ...drawn("listGenerations", 8)];
}
