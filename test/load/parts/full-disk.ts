/** Tries every kind of write on a full disk, and compares what is answered with what is stored and shown. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobs } from "../jobs.ts";
import type { LoadPart, Tried } from "../part.ts";
import { startServer } from "../server.ts";

const TRIES = 40;
const DISK_MIB = 24;
const SHOWN = ["", "/generations", "/rules", "/accounts", "/webhooks/deliveries", "/clock"];
const [job] = jobs;
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

async function tryWrite(what: string, write: Write, disk: string, cli: string | undefined): Promise<string[]> {
  const wrong: string[] = [];
  const data = join(disk, "data.db");
  const filler = join(disk, "filler");
  const server = await startServer(["--data", data], { cli });
  const { url } = server;
  await control(url, "PUT", "", { now: "2026-11-22T10:00:00Z", clock: { mode: "frozen" } });
  const id = job.idOf(await (await create(url)).json());
  for (let at = 0, bytes = DISK_MIB * 2 ** 20; bytes >= 4096; at += 1)
    try {
      writeFileSync(`${filler}-${at}`, Buffer.alloc(bytes));
    } catch {
      bytes /= 2;
    }
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
  explanation: `The disk of the data file is full, and each write is repeated until it is refused, at most ${TRIES} times. A refused write must change nothing that is shown, and after a kill and with room the server shows the same as before. Needs the right to mount a file system.`,
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
    } finally {
      execFileSync("umount", [disk]);
      rmSync(disk, { recursive: true });
    }
    return { tried, violations };
  },
};
