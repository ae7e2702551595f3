/** Cuts, replaces and removes the data file, while the server runs and before it starts. */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobs } from "../jobs.ts";
import type { LoadPart, Tried } from "../part.ts";
import { NotStarted, startServer, type LoadedServer } from "../server.ts";

const SANDBOX = "file";
const JOBS = 200;
/** The shares of the file that are left when it is cut. */
const LEFT = [0.1, 0.5, 0.9, 0.99];
/** The server looks for its file every two seconds. */
const NOTICED_MS = 5000;
const [job] = jobs;

interface Trial {
  readonly server: LoadedServer;
  readonly data: string;
  readonly made: string[];
  readonly wrong: string[];
}

/** Creates a job; returns the status of the answer, and notes what was acknowledged and what is not the vendor's error. */
async function create({ server, made, wrong }: Trial): Promise<number> {
  const { path, body } = job.create({ marker: "fauxgen:stuck" });
  const headers = { ...job.headers(SANDBOX), "content-type": "application/json" };
  const answer = await fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (answer.ok) made.push(job.idOf(JSON.parse(text)));
  else if (answer.status !== 500 || !text.includes("internal_error"))
    wrong.push(`a create was answered ${answer.status} ${text.slice(0, 200)}`);
  return answer.status;
}

/** Checks that no acknowledged job is denied. If the file is damaged, a read may fail in the vendor's words. */
async function readAll({ server, made, wrong }: Trial, when: string, mayFail: boolean): Promise<void> {
  for (const id of made) {
    const answer = await fetch(`${server.url}${job.read(id)}`, { headers: job.headers(SANDBOX) });
    const text = await answer.text();
    if (answer.status === 200 || (mayFail && answer.status === 500 && text.includes("internal_error"))) continue;
    wrong.push(`${when}: ${id} was acknowledged and reads ${answer.status} ${text.slice(0, 200)}`);
  }
}

/** Waits until the server says whether it is ready; notes it when it does not say so soon. */
async function awaitReady({ server, wrong }: Trial, status: number): Promise<void> {
  const until = performance.now() + NOTICED_MS;
  for (;;) {
    const answer = await fetch(`${server.url}/_fauxgen/ready`);
    await answer.arrayBuffer();
    if (answer.status === status) return;
    if (performance.now() > until) {
      wrong.push(`ready still says ${answer.status}`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function fill(data: string, cli: string | undefined): Promise<Trial> {
  const server = await startServer(["--data", data, "--timing", "queued=1h"], { cli });
  const trial: Trial = { server, data, made: [], wrong: [] };
  for (let count = 0; count < JOBS; count += 1) await create(trial);
  return trial;
}

/** Takes the file away while the server runs, by `take`, and puts it back. */
async function takeAway(data: string, cli: string | undefined, take: (data: string) => void): Promise<string[]> {
  const trial = await fill(data, cli);
  renameSync(data, `${data}-kept`);
  take(data);
  const { length } = trial.made;
  for (let count = 0; count < 20; count += 1) await create(trial);
  if (trial.made.length > length)
    trial.wrong.push(`${trial.made.length - length} creates were acknowledged without the file`);
  await awaitReady(trial, 503);
  renameSync(`${data}-kept`, data);
  await awaitReady(trial, 200);
  if ((await create(trial)) !== 201) trial.wrong.push("nothing can be created once the file is back");
  await readAll(trial, "with the file back", false);
  await trial.server.stop("SIGKILL");
  const server = await startServer(["--data", data], { cli });
  await readAll({ ...trial, server }, "after a kill", false);
  await server.stop("SIGKILL");
  return trial.wrong;
}

/** Cuts the file while the server runs; what was acknowledged may become unreadable, and must not be denied. */
async function cutRunning(data: string, cli: string | undefined, left: number): Promise<string[]> {
  const trial = await fill(data, cli);
  truncateSync(data, Math.floor((statSync(data).size * left) / 4096) * 4096);
  const { length } = trial.made;
  for (let count = 0; count < 20; count += 1) await create(trial);
  if (trial.made.length > length)
    trial.wrong.push(`${trial.made.length - length} creates were acknowledged into the rest of the file`);
  await awaitReady(trial, 503);
  await readAll(trial, `with ${left * 100} % of the file`, true);
  await trial.server.stop("SIGKILL");
  // The log is still there, and SQLite copies it into what is left of the file.
  await startOnCut(trial, cli, left, true);
  return trial.wrong;
}

/** Cuts the file of a server that has ended. */
async function cutStopped(data: string, cli: string | undefined, left: number): Promise<string[]> {
  const trial = await fill(data, cli);
  await trial.server.stop();
  truncateSync(data, Math.floor(statSync(data).size * left));
  await startOnCut(trial, cli, left, false);
  return trial.wrong;
}

/** Starts on a file that was cut: the server refuses it in one line, or denies nothing that was acknowledged. */
async function startOnCut(trial: Trial, cli: string | undefined, left: number, hasLog: boolean): Promise<void> {
  const before = existsSync(trial.data) ? readFileSync(trial.data) : undefined;
  try {
    const server = await startServer(["--data", trial.data], { cli });
    await readAll({ ...trial, server }, `started with ${left * 100} % of the file`, true);
    await server.stop("SIGKILL");
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    if (error.code !== 1 || error.said.trim().includes("\n"))
      trial.wrong.push(`it ended with ${String(error.code)}: ${error.said}`);
    if (!hasLog && before?.equals(readFileSync(trial.data)) === false) trial.wrong.push("the refused file was changed");
  }
}

export const damagedFiles: LoadPart = {
  name: "damaged-files",
  title: "Files that are cut, replaced or removed",
  explanation: `The file of a server with ${JOBS} jobs is replaced or removed while the server runs, and put back: until then no create may be acknowledged, and afterwards everything acknowledged must be there, also after a kill. Of other files, a part is left: each acknowledged job must be answered, or be an error in the vendor's words, and never a 404; a start with such a file succeeds likewise, or is refused in one line and changes nothing.`,
  run: async ({ cli }) => {
    const tried: Tried[] = [];
    const violations: string[] = [];
    const attempt = async (what: string, times: number, run: (data: string, round: number) => Promise<string[]>) => {
      const wrong: string[] = [];
      for (let round = 0; round < times; round += 1) {
        const folder = mkdtempSync(join(tmpdir(), "fauxgen-file-"));
        wrong.push(...(await run(join(folder, "data.db"), round)));
        rmSync(folder, { recursive: true });
      }
      tried.push({ what, times, wrong: wrong.length });
      violations.push(...wrong.map((each) => `${what}: ${each}`));
    };
    await attempt("a file that is removed", 3, async (data) => takeAway(data, cli, () => undefined));
    await attempt("a file that is replaced by an empty one", 3, async (data) =>
      takeAway(data, cli, (path) => {
        writeFileSync(path, "");
      }),
    );
    await attempt("a file that is replaced by its copy", 3, async (data) =>
      takeAway(data, cli, (path) => {
        writeFileSync(path, readFileSync(`${path}-kept`));
      }),
    );
    await attempt("a file that is cut while the server runs", LEFT.length + 1, async (data, round) =>
      cutRunning(data, cli, [0, ...LEFT][round] ?? 0),
    );
    await attempt("a file that was cut before the start", LEFT.length, async (data, round) =>
      cutStopped(data, cli, LEFT[round] ?? 0),
    );
    return { tried, violations };
  },
};
