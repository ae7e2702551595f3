/** Renders many jobs at once, as each vendor's pages offer it. */
import { readFile } from "node:fs/promises";
import { at, listAt, textAt } from "./answers.ts";
import { Api } from "./api.ts";
import { download } from "./download.ts";
import { collect, finishAll, order, poll, type Job } from "./jobs.ts";
import type { Surroundings } from "./surroundings.ts";
import { inputOf } from "./sync.ts";
import type { ClientVendor } from "./vendor.ts";

/** The least records of a batch of sync., by its page. */
const RECORDS = 20;
const COUNT = 4;
const FIRST_GAP_MS = 10_000;
const LONGEST_GAP_MS = 60_000;

export async function runBatch(vendor: ClientVendor, around: Surroundings): Promise<void> {
  const api = new Api(vendor, around);
  if (vendor.name === "sync") {
    await runBatchOfRows(api);
    return;
  }
  const jobs = await order(api, { text: `A lighthouse, ${around.unique()}`, count: COUNT });
  if (vendor.name === "oxen") await waitForQueue(api, jobs);
  const each = COUNT / jobs.length;
  await finishAll(jobs, async (job) => collect(api, job, await poll(api, job), each));
}

/** Orders a batch of sync., waits for it, and fetches the results that its lines name. */
async function runBatchOfRows(api: Api): Promise<void> {
  const rows = Array.from({ length: RECORDS }, (_none, index) => ({
    request_id: `row-${index}`,
    endpoint: "/v2/generate",
    payload: { model: "lipsync-2", input: inputOf(`line ${index}`) },
  }));
  // The page of idempotency leaves batches out, so a batch whose answer is lost is not repeated.
  const [id = ""] = await api.create({ path: "/v2/batch", body: { rows } }, { kind: "give-up" });
  const madeAt = api.around.now();
  for (let gapMs = FIRST_GAP_MS; ; gapMs = Math.min(gapMs * 1.5, LONGEST_GAP_MS)) {
    await api.pause(api.jittered(gapMs));
    const { body } = await api.read(`/v2/batch/${encodeURIComponent(id)}`, { madeAt });
    const link = textAt(body, "outputUrl");
    const status = textAt(body, "status");
    if (link !== undefined && (status === "COMPLETED" || status === "FAILED")) {
      await fetchRows(api, link);
      return;
    }
  }
}

async function fetchRows(api: Api, link: string): Promise<void> {
  const lines = await readFile(await download(api, link, "batch.jsonl"), "utf8");
  const generations = lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => at(JSON.parse(line), "response"));
  const failed = generations.filter((each) => api.vendor.stateOf(each).end !== "succeeded");
  for (const [index, each] of generations.entries())
    for (const url of api.vendor.stateOf(each).links) await download(api, url, `row-${index}.mp4`);
  if (failed.length > 0) throw new Error(`${failed.length} of ${generations.length} records failed.`);
}

/** Waits until none of the jobs is in the list of the queue, which shows active jobs only. */
async function waitForQueue(api: Api, jobs: readonly Job[]): Promise<void> {
  const own = new Set(jobs.map(({ id }) => id));
  for (let gapMs = api.vendor.gaps.firstMs; ; gapMs = Math.min(gapMs * 1.5, LONGEST_GAP_MS)) {
    await api.pause(api.jittered(gapMs));
    const { body } = await api.read("/api/ai/queue");
    const isActive = listAt(body, "generations").some((row) => own.has(textAt(row, "generation_id") ?? ""));
    if (!isActive) return;
  }
}
