/** Tries every kind of write on a full disk, and compares what is answered with what is stored and shown. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, jobs } from "../jobs.ts";
import type { LoadPart, Tried } from "../part.ts";
import { openReceiver } from "../receiver.ts";
import { startServer, type LoadedServer } from "../server.ts";

const TRIES = 40;
const DISK_MIB = 24;
const SHOWN = ["", "/generations", "/rules", "/accounts", "/uploads", "/webhooks/deliveries", "/clock"];
const [job, , uploader] = jobs;
/** So many jobs end while the disk is full; each tells a receiver. */
const TOLD = 40;
const JSON_TYPE = { "content-type": "application/json" };

type Write = (url: string, id: string, round: number) => Promise<Response>;

const control = async (url: string, method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${url}/_fauxgen/sandboxes/full${path}`, {
    method,
    ...(body !== undefined && { headers: JSON_TYPE, body: JSON.stringify(body) }),
  });

async function create(url: string): Promise<Response> {
  const { path, body } = job.create({ marker: "fauxgen:stuck" });
  const headers = { ...job.headers("full"), ...JSON_TYPE };
  return fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

const WRITES: Readonly<Record<string, Write>> = {
  create,
  "finish of a job": async (url, id) => control(url, "POST", `/generations/${id}/finish`, {}),
  hold: async (url, id) => control(url, "POST", `/generations/${id}/hold`, {}),
  rule: async (url) => control(url, "POST", "/rules", { when: { label: "x".repeat(2000) }, scenario: "fail" }),
  account: async (url, _id, round) => control(url, "PUT", `/accounts/more-${round}`, {}),
  document: async (url, _id, round) =>
    control(url, "PUT", "", { seed: `${round}${"x".repeat(3000)}`, clock: { mode: "frozen" } }),
  "step of the clock": async (url) => control(url, "POST", "/clock/advance", { by: "1s" }),
  upload: async (url) => {
    const headers = { ...uploader.headers("full"), ...JSON_TYPE };
    const body = JSON.stringify({ size: { height: 8, width: 8 } });
    const slot = await fetch(`${url}/pub/v1/assets/upload`, { method: "POST", headers, body });
    if (!slot.ok) return slot;
    const { pathname, search } = new URL(String(at(await slot.json(), "data", "upload_url")));
    return fetch(`${url}${pathname}${search}`, { method: "PUT", body: randomBytes(600_000) });
  },
  bundle: async (url) =>
    control(url, "PUT", "/bundle", await (await control(url, "GET", "/bundle?secrets=include")).json()),
  reset: async (url) => control(url, "POST", "/reset"),
  deletion: async (url) => control(url, "DELETE", ""),
};

/** Returns what control shows of the sandbox, as text. */
async function shownBy(url: string): Promise<string> {
  const parts = [];
  for (const part of SHOWN) {
    const answer = await control(url, "GET", part);
    parts.push(`${part} ${answer.status} ${await answer.text()}`.replaceAll(new URL(url).host, "HOST"));
  }
  return parts.join("\n");
}

function fillDisk(filler: string): void {
  for (let part = 0, bytes = DISK_MIB * 2 ** 20; bytes >= 4096; part += 1)
    try {
      writeFileSync(`${filler}-${part}`, Buffer.alloc(bytes));
    } catch {
      bytes /= 2;
    }
}

/** Lets jobs end on a full disk; each of their webhooks must arrive once there is room, and be shown as delivered. */
async function tryDeliveries(disk: string, cli: string | undefined): Promise<string[]> {
  const wrong: string[] = [];
  const data = join(disk, "data.db");
  const filler = join(disk, "filler");
  const receiver = await openReceiver(Number.POSITIVE_INFINITY);
  const server = await startServer(["--data", data], { cli });
  await control(server.url, "PUT", "", { now: "2026-11-22T10:00:00Z", clock: { mode: "frozen" } });
  const ids: string[] = [];
  for (let count = 0; count < TOLD; count += 1) {
    const { path, body } = job.create({ marker: "", webhookUrl: receiver.url });
    const headers = { ...job.headers("full"), ...JSON_TYPE };
    const answer = await fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    ids.push(job.idOf(await answer.json()));
  }
  fillDisk(filler);
  const advance = async ({ url }: LoadedServer): Promise<number> =>
    (await control(url, "POST", "/clock/advance", { by: "1h" })).status;
  const refusal = await advance(server);
  if (refusal !== 200 && refusal !== 503) wrong.push(`delivery: an advance was answered ${refusal}`);
  await server.stop("SIGKILL");
  execFileSync("sh", ["-c", `rm -f ${filler}-*`]);
  const again = await startServer(["--data", data], { cli });
  for (let hour = 0; hour < 48; hour += 1) await advance(again);
  const shown = await (await control(again.url, "GET", `/webhooks/deliveries?limit=1000`)).json();
  const { items } = shown as { items: { status: string; generation?: string }[] };
  for (const { status } of items)
    if (status !== "delivered") wrong.push(`delivery: one is ${status} once there is room`);
  if (items.length < TOLD) wrong.push(`delivery: ${TOLD - items.length} of ${TOLD} webhooks were never planned`);
  for (const id of ids) if (!receiver.told.has(id)) wrong.push(`delivery: the receiver was never told of ${id}`);
  await again.stop("SIGKILL");
  receiver.close();
  execFileSync("sh", ["-c", `rm -f ${data}*`]);
  return wrong;
}

async function tryWrite(what: string, write: Write, disk: string, cli: string | undefined): Promise<string[]> {
  const wrong: string[] = [];
  const data = join(disk, "data.db");
  const filler = join(disk, "filler");
  const server = await startServer(["--data", data], { cli });
  const { url } = server;
  await control(url, "PUT", "", { now: "2026-11-22T10:00:00Z", clock: { mode: "frozen" } });
  const id = job.idOf(await (await create(url)).json());
  fillDisk(filler);
  for (let round = 0; round < TRIES; round += 1) {
    const before = await shownBy(url);
    const { status } = await write(url, id, round);
    const after = await shownBy(url);
    if (status >= 500 && after !== before) wrong.push(`${what}: refused with ${status}, and it shows a change`);
    if (status >= 500 || status === 404) break;
  }
  const last = await shownBy(url);
  await server.stop("SIGKILL");
  execFileSync("sh", ["-c", `rm -f ${filler}-*`]);
  const again = await startServer(["--data", data], { cli });
  if ((await shownBy(again.url)) !== last) wrong.push(`${what}: it shows something else after a kill`);
  if ((await create(again.url)).status !== 201) wrong.push(`${what}: nothing can be created once there is room`);
  await again.stop("SIGKILL");
  rmSync(data, { force: true });
  execFileSync("sh", ["-c", `rm -f ${data}*`]);
  return wrong;
}

export const fullDisk: LoadPart = {
  name: "full-disk",
  title: "A full disk at every kind of write",
  explanation: `The disk of the data file is full, and each write is repeated until it is refused, at most ${TRIES} times. A refused write must change nothing that is shown, and after a kill and with room the server shows the same as before. The webhooks of jobs that end meanwhile must all arrive once there is room. Needs the right to mount a file system.`,
  run: async ({ cli }) => {
    const disk = mkdtempSync(join(tmpdir(), "fauxgen-full-"));
    mkdirSync(disk, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", disk]);
    const tried: Tried[] = [];
    const violations: string[] = [];
    try {
      for (const [what, write] of Object.entries(WRITES)) {
        const wrong = await tryWrite(what, write, disk, cli);
        tried.push({ what, times: 1, wrong: wrong.length });
        violations.push(...wrong);
      }
      const wrong = await tryDeliveries(disk, cli);
      tried.push({ what: "webhooks of jobs that end", times: TOLD, wrong: wrong.length });
      violations.push(...wrong);
    } finally {
      execFileSync("umount", [disk]);
      rmSync(disk, { recursive: true });
    }
    return { tried, violations };
  },
};
