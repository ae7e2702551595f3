/**
 * `npm run bench`: what the emulator costs beside the least that could answer and beside its peers. Everything is
 * compared inside one run, in slices that take turns, as CPU time per request; absolute figures of two runs are not
 * comparable. Writes docs/benchmarks.md, and fails when a floor is missed by more than a quarter.
 *
 * Options: `--rounds N` (default 8), `--slice MS` (default 2000), `--no-peers`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureHeldRequests } from "./held.ts";
import { startAimock, startPeers, type Peer } from "./peers.ts";
import { measure, memoryOf, startServer, stopServer, type Request, type Server, type Slice } from "./process.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bare = join(root, "test/bench/references/bare.ts");
const cli = join(root, "dist/cli.js");
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "8" },
    slice: { type: "string", default: "2000" },
    "no-peers": { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const sliceMs = Number(values.slice);

/** What is promised, as a ratio to a reference; missed by more than this factor, the run fails. */
const TOLERANCE = 1.25;

const KEY = { "x-api-key": "fx_bench_main" };
const body = {
  model: "lipsync-2",
  input: [
    { type: "video", url: "https://media.test/fauxgen:stuck.mp4" },
    { type: "audio", url: "https://media.test/audio.wav" },
  ],
};
const creating: Request = { method: "POST", path: "/v2/generate", headers: KEY, body };

interface Case {
  readonly name: string;
  readonly server: Server;
  readonly request: Request;
}

const lines: string[] = [];
const missed: string[] = [];
const folder = mkdtempSync(join(tmpdir(), "fauxgen-bench-"));
const servers: Server[] = [];

try {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
  say(`# Benchmarks`, "", describeMachine(), "");
  await status();
  await creation();
  await listing();
  await startup();
  await heldRequests();
} finally {
  for (const server of servers) await stopServer(server);
  rmSync(folder, { recursive: true, force: true });
}
const report = `${lines.join("\n")}\n`;
writeFileSync(join(root, "docs/benchmarks.md"), report);
process.stdout.write(report);
if (missed.length > 0) {
  process.stderr.write(`Floors missed:\n${missed.map((floor) => `- ${floor}`).join("\n")}\n`);
  process.exitCode = 1;
}

async function status(): Promise<void> {
  const ours = await start("fauxgen");
  const id = await create(ours);
  const read: Request = { method: "GET", path: `/v2/generate/${id}`, headers: KEY };
  const references = [
    { name: "bare node:http", server: await reference("node:http", "http"), request: read },
    { name: "bare Fastify", server: await reference("Fastify", "fastify"), request: read },
  ];
  const peers: Peer[] = values["no-peers"] ? [] : await startPeers(folder);
  servers.push(...peers.map(({ server }) => server));
  const results = await compare([{ name: "fauxgen", server: ours, request: read }, ...references, ...peers]);
  table("Reading one job's status by id, with an API key", results, "bare Fastify");
  floor("a status read, to bare Fastify", ratio(results, "fauxgen", "bare Fastify"), 1.5);
  const [fastest] = peers.map(({ name }) => name).sort((a, b) => median(results, a) - median(results, b));
  if (fastest !== undefined)
    floor(`a status read, to the fastest peer (${fastest})`, ratio(results, "fauxgen", fastest), 0.85);
  for (const { server } of [...references, ...peers]) await stop(server);
  await stop(ours);
}

async function creation(): Promise<void> {
  const inMemory = await start("fauxgen");
  const onDisk = await start("fauxgen --data", ["--data", join(folder, "bench.db")]);
  const kept = await reference("Fastify", "fastify");
  const results = await compare([
    { name: "fauxgen", server: inMemory, request: creating },
    { name: "fauxgen --data", server: onDisk, request: creating },
    { name: "bare Fastify, kept in a Map", server: kept, request: { method: "POST", path: "/v2/generate", body } },
  ]);
  table("Creating a generation", results, "bare Fastify, kept in a Map");
  floor("a create, to a bare POST", ratio(results, "fauxgen", "bare Fastify, kept in a Map"), 3);
  floor("a create with --data, to a bare POST", ratio(results, "fauxgen --data", "bare Fastify, kept in a Map"), 4);
  say(
    `Memory after these creates: ${Math.round(memoryOf(inMemory) / 1024)} MB in memory, ${Math.round(memoryOf(onDisk) / 1024)} MB with --data.`,
    "",
  );
  for (const server of [inMemory, onDisk, kept]) await stop(server);
}

/** Lists and reads with ever more generations in the store. */
async function listing(): Promise<void> {
  const server = await start("fauxgen");
  const id = await create(server);
  const read: Request = { method: "GET", path: `/v2/generate/${id}`, headers: KEY };
  const list: Request = { method: "GET", path: "/v2/generations?limit=50", headers: KEY };
  let stored = 1;
  const rows: string[] = [];
  const reads: number[] = [];
  let ofTen = 0;
  for (const wanted of [100, 10_000, 100_000]) {
    const before = memoryOf(server);
    const had = stored;
    while (stored < wanted) stored += await createMany(server, Math.min(wanted - stored, 5000));
    const perGeneration = wanted > 100 ? `${(((memoryOf(server) - before) * 1024) / (stored - had)).toFixed(0)} B` : "";
    const status = [];
    const lists = [];
    for (let round = 0; round < rounds; round += 1) {
      status.push((await measure(server, read, sliceMs / 2)).cpuUsPerRequest);
      lists.push((await measure(server, list, sliceMs / 2)).cpuUsPerRequest);
    }
    reads.push(middle(status));
    ofTen = middle(lists) / middle(status);
    rows.push(
      `| ${wanted.toLocaleString("en")} | ${middle(status).toFixed(1)} | ${middle(lists).toFixed(1)} | ${ofTen.toFixed(1)} | ${perGeneration} |`,
    );
  }
  say(
    "## Ever more generations in the store",
    "",
    "| stored | status read, CPU µs | list of 50, CPU µs | list / read | memory each |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  );
  floor("listing 50 of 100,000, in status reads", ofTen, 10);
  floor("a status read among 100,000, to one among 100", (reads.at(-1) ?? 0) / (reads[0] ?? 1), 1.5);
  await stop(server);
}

async function startup(): Promise<void> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < Math.max(rounds, 5) + 1; round += 1) {
    for (const [name, startOne] of [
      ["fauxgen", () => start("fauxgen")],
      ["bare Fastify", () => reference("Fastify", "fastify")],
      ["bare node:http", () => reference("node:http", "http")],
      ...(values["no-peers"] ? [] : ([["aimock", () => aimock()]] as const)),
    ] as const) {
      const server = await startOne();
      // The first round fills the compile cache.
      if (round > 0) (times[name] ??= []).push(server.startMs);
      await stop(server);
    }
  }
  say(
    "## Start-up, from spawn to ready",
    "",
    "| server | ms, median | fastest | slowest |",
    "| --- | --- | --- | --- |",
  );
  for (const [name, all] of Object.entries(times))
    say(`| ${name} | ${middle(all).toFixed(0)} | ${Math.min(...all).toFixed(0)} | ${Math.max(...all).toFixed(0)} |`);
  say("");
  floor("ready, in units of 400 ms", middle(times.fauxgen ?? []) / 400, 1);
  if (times.aimock !== undefined) floor("ready, to aimock", middle(times.fauxgen ?? []) / middle(times.aimock), 2);
}

async function heldRequests(): Promise<void> {
  say(
    "## Held requests",
    "",
    "All held at once, all let go by one event; times are from that event to the client's first byte.",
    "",
  );
  say(
    "| held | server | KiB each | CPU while held | p50 ms | p99 ms | last ms |",
    "| --- | --- | --- | --- | --- | --- | --- |",
  );
  for (const count of [1000, 5000]) {
    const each: Record<string, number> = {};
    for (const name of ["fauxgen", "bare Fastify"] as const) {
      const server = name === "fauxgen" ? await start("fauxgen") : await reference("Fastify", "fastify");
      const { kibEach, cpuPercent, p50, p99, last } = await measureHeldRequests(server, count, name === "fauxgen");
      each[name] = kibEach;
      say(
        `| ${count.toLocaleString("en")} | ${name} | ${kibEach.toFixed(1)} | ${cpuPercent.toFixed(1)} % | ${p50.toFixed(0)} | ${p99.toFixed(0)} | ${last.toFixed(0)} |`,
      );
      await stop(server);
    }
    floor(
      `memory of one of ${count} held requests, to bare Fastify`,
      (each.fauxgen ?? 0) / (each["bare Fastify"] ?? 1),
      1.3,
    );
  }
  say("");
}

async function compare(cases: readonly Case[]): Promise<Map<string, Slice[]>> {
  const results = new Map<string, Slice[]>(cases.map(({ name }) => [name, []]));
  for (const { server, request } of cases) await measure(server, request, sliceMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, server, request } of cases) results.get(name)?.push(await measure(server, request, sliceMs));
  }
  return results;
}

function table(title: string, results: Map<string, Slice[]>, referenceName: string): void {
  say(
    `## ${title}`,
    "",
    `| server | CPU µs per request | ratio to ${referenceName} | requests per second |`,
    "| --- | --- | --- | --- |",
  );
  for (const [name, slices] of results) {
    const perSecond = middle(slices.map(({ requestsPerSecond }) => requestsPerSecond));
    say(
      `| ${name} | ${median(results, name).toFixed(1)} | ${ratio(results, name, referenceName).toFixed(2)} | ${Math.round(perSecond).toLocaleString("en")} |`,
    );
  }
  say("");
}

/** The median of the ratios inside each round, which what happens to the machine between rounds does not touch. */
function ratio(results: Map<string, Slice[]>, name: string, referenceName: string): number {
  const theirs = results.get(referenceName) ?? [];
  return middle(
    (results.get(name) ?? []).map(
      ({ cpuUsPerRequest }, round) => cpuUsPerRequest / (theirs[round]?.cpuUsPerRequest ?? Number.NaN),
    ),
  );
}

function median(results: Map<string, Slice[]>, name: string): number {
  return middle((results.get(name) ?? []).map(({ cpuUsPerRequest }) => cpuUsPerRequest));
}

function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function floor(what: string, measured: number, promised: number): void {
  const verdict =
    measured <= promised ? "met" : measured <= promised * TOLERANCE ? "missed, within tolerance" : "missed";
  say(`Floor: ${what}: ${measured.toFixed(2)}, promised at most ${promised}: ${verdict}.`, "");
  if (verdict === "missed") missed.push(`${what}: ${measured.toFixed(2)} instead of ${promised}`);
}

async function start(name: string, options: readonly string[] = []): Promise<Server> {
  const server = await startServer(name, [process.execPath, cli, "--port", "0", "--json", ...options]);
  servers.push(server);
  return server;
}

async function reference(name: string, kind: "http" | "fastify"): Promise<Server> {
  const server = await startServer(name, [process.execPath, bare, kind]);
  servers.push(server);
  return server;
}

async function aimock(): Promise<Server> {
  const { server } = await startAimock(folder);
  servers.push(server);
  return server;
}

async function stop(server: Server): Promise<void> {
  servers.splice(servers.indexOf(server), 1);
  await stopServer(server);
}

async function create({ port }: Server): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/v2/generate`, {
    method: "POST",
    headers: { ...KEY, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { id } = (await response.json()) as { id: string };
  return id;
}

async function createMany(server: Server, count: number): Promise<number> {
  for (let made = 0; made < count; made += 100)
    await Promise.all(Array.from({ length: Math.min(100, count - made) }, () => create(server)));
  return count;
}

function describeMachine(): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const model = cpus()[0]?.model ?? "unknown processor";
  const date = new Date().toISOString().slice(0, 10);
  return `fauxgen ${version}, Node.js ${process.versions.node}, ${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${date}. Medians of ${rounds} rounds of ${sliceMs} ms, interleaved; server and load on a core each, 64 connections.`;
}

function say(...more: readonly string[]): void {
  lines.push(...more);
}
