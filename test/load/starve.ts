/**
 * Tests troubles with the data file: a full disk, a read-only folder, and a file that is damaged, newer or in use. At
 * the start each gives one line and an exit code; while the server runs, the vendor's own 5xx. Nothing acknowledged is
 * lost.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobs } from "./jobs.ts";
import { NotStarted, startServer, type LoadedServer, type ServerOptions } from "./server.ts";

const SANDBOX = "starve";
const NOBODY = 65_534;
/** Enough for an empty database, with little room for more. */
const LIMIT_KIB = 1024;

export interface StarveAccount {
  /** The trials, and the answer to each. */
  readonly told: readonly { readonly trial: string; readonly answer: string }[];
  readonly violations: readonly string[];
}

export async function starve(options: { cli?: string | undefined } = {}): Promise<StarveAccount> {
  const { cli } = options;
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-starve-"));
  const told: { trial: string; answer: string }[] = [];
  const violations: string[] = [];
  /** Starts a server that must refuse to start, give the reason in one line, and leave the file unchanged. */
  const refused = async (trial: string, data: string, expected: RegExp, more: ServerOptions = {}): Promise<void> => {
    const before = existsSync(data) ? readFileSync(data) : undefined;
    try {
      const server = await startServer(["--data", data], { cli, ...more });
      await server.stop();
      violations.push(`${trial}: it started`);
    } catch (error) {
      if (!(error instanceof NotStarted)) throw error;
      told.push({ trial, answer: error.said.trim() });
      if (error.code !== 1) violations.push(`${trial}: exit code ${String(error.code)}`);
      if (!expected.test(error.said) || error.said.trim().includes("\n"))
        violations.push(`${trial}: said ${error.said}`);
    }
    const after = existsSync(data) ? readFileSync(data) : undefined;
    if (before === undefined ? after !== undefined : after?.equals(before) !== true)
      violations.push(`${trial}: the file was changed`);
  };
  try {
    chmodSync(folder, 0o755);
    const data = join(folder, "good.db");
    const made = await makeSome(data, cli);
    const before = readFileSync(data);

    const corrupt = join(folder, "corrupt.db");
    writeFileSync(
      corrupt,
      Buffer.concat([Buffer.from("not a database, whatever it is called"), Buffer.alloc(4096, 7)]),
    );
    await refused("a file that is not a database", corrupt, /not a usable SQLite database/);
    const torn = join(folder, "torn.db");
    writeFileSync(
      torn,
      before.map((byte, at) => (at >= 100 && at < 4096 ? 0xa5 : byte)),
    );
    await refused("a database with a damaged page", torn, /not a usable SQLite database|cannot be opened/);
    const newer = join(folder, "newer.db");
    copyFileSync(data, newer);
    // `user_version` is four bytes at 60 of the header.
    writeFileSync(newer, Buffer.concat([before.subarray(0, 60), Buffer.from([0, 0, 0, 99]), before.subarray(64)]));
    await refused("a newer database", newer, /was written by a newer fauxgen \(schema 99/);
    await refused("a folder that does not exist", join(folder, "no", "where.db"), /its folder does not exist/);

    const first = await startServer(["--data", data], { cli });
    await refused("a second process on one file", data, /is in use by another fauxgen/);
    await checkAll(first, made, "beside a second process", violations);
    await first.stop();

    if (process.getuid?.() === 0) {
      const closed = join(folder, "closed");
      mkdirSync(closed);
      copyFileSync(data, join(closed, "closed.db"));
      chmodSync(join(closed, "closed.db"), 0o444);
      chmodSync(closed, 0o555);
      await refused("a folder that is read-only", join(closed, "closed.db"), /its file or folder is read-only/, {
        user: NOBODY,
      });
    } else
      told.push({
        trial: "a folder that is read-only",
        answer: "not tried: it takes another user, which only root can be",
      });

    await fill(join(folder, "full.db"), { cli, fileLimitKiB: LIMIT_KIB }, "a file that may not grow", told, violations);
    const mounted = mountSmall(join(folder, "small"));
    if (mounted === undefined)
      told.push({ trial: "a disk that is full", answer: "not tried: nothing can be mounted here" });
    else {
      try {
        await fill(join(mounted, "full.db"), { cli }, "a disk that is full", told, violations);
      } finally {
        execFileSync("umount", [mounted]);
      }
    }
    const last = await startServer(["--data", data], { cli });
    await checkAll(last, made, "after everything", violations);
    await last.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { told, violations };
}

/** Creates until the store refuses; reads what was acknowledged then, and again after a restart with room. */
async function fill(
  data: string,
  options: ServerOptions,
  trial: string,
  told: { trial: string; answer: string }[],
  violations: string[],
): Promise<void> {
  const server = await startServer(["--data", data, "--timing", "queued=1h"], options);
  const made: string[] = [];
  let refusal: Response | undefined;
  const [job] = jobs;
  for (let tries = 0; tries < 20_000 && refusal === undefined; tries += 1) {
    const { path, body } = job.create({ marker: "fauxgen:stuck" });
    const response = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { ...job.headers(SANDBOX), "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.ok) made.push(job.idOf(await response.json()));
    else refusal = response;
  }
  if (refusal === undefined) violations.push(`${trial}: everything was stored`);
  else {
    const text = await refusal.text();
    told.push({
      trial,
      answer: `${made.length} creates, then ${refusal.status} ${text} ${refusal.headers.get("x-fauxgen-diagnostic") ?? ""}`,
    });
    if (refusal.status !== 500 || !text.includes("internal_error"))
      violations.push(`${trial}: answered ${refusal.status} ${text}`);
  }
  const readiness = await fetch(`${server.url}/_fauxgen/ready`);
  if (readiness.status !== 503) violations.push(`${trial}: ready says ${readiness.status}`);
  await checkAll(server, made, `${trial}, still running`, violations);
  await server.stop("SIGKILL");
  if (options.fileLimitKiB === undefined) execFileSync("mount", ["-o", "remount,size=64m", join(data, "..")]);
  const { fileLimitKiB: _limit, ...roomy } = options;
  const again = await startServer(["--data", data], roomy);
  await checkAll(again, made, `${trial}, restarted with room`, violations);
  await again.stop();
}

async function makeSome(data: string, cli: string | undefined): Promise<string[]> {
  const server = await startServer(["--data", data], { cli });
  const [job] = jobs;
  const made: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    const { path, body } = job.create({ marker: "" });
    const response = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { ...job.headers(SANDBOX), "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    made.push(job.idOf(await response.json()));
  }
  await server.stop();
  return made;
}

async function checkAll(
  { url }: LoadedServer,
  ids: readonly string[],
  when: string,
  violations: string[],
): Promise<void> {
  const [job] = jobs;
  for (const id of ids) {
    const response = await fetch(`${url}${job.read(id)}`, { headers: job.headers(SANDBOX) });
    await response.arrayBuffer();
    if (response.status !== 200) violations.push(`${when}: ${id} was acknowledged and reads ${response.status}`);
  }
}

/** Mounts a file system of 3 MiB; returns undefined if mounting is not allowed. */
function mountSmall(folder: string): string | undefined {
  try {
    mkdirSync(folder);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    return undefined;
  }
}
