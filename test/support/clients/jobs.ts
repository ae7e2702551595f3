/** Does what all reference clients do with a job: order it, wait for its end, and fetch its results. */
import { basename } from "node:path";
import type { Api } from "./api.ts";
import { download, LinkGone } from "./download.ts";
import type { JobState, Order } from "./vendor.ts";

/** A job that was made, and when. */
export interface Job {
  readonly id: string;
  readonly madeAt: number;
}

/** How often a client reads a job again for a fresh link. */
const MOST_FRESH_LINKS = 1;

export async function order(api: Api, wanted: Order): Promise<readonly Job[]> {
  const { uncertain, ...request } = api.vendor.order(wanted, api.around.unique());
  const ids = await api.create(request, uncertain);
  return ids.map((id) => ({ id, madeAt: api.around.now() }));
}

export async function look(api: Api, { id, madeAt }: Job): Promise<JobState & { readonly waitMs?: number }> {
  const { body, waitMs } = await api.read(api.vendor.readPath(id), { madeAt });
  return { ...api.vendor.stateOf(body), ...(waitMs !== undefined && { waitMs }) };
}

/** Reads a job with a growing gap until it has ended. */
export async function poll(api: Api, job: Job): Promise<JobState> {
  const { firstMs, longestMs } = api.vendor.gaps;
  for (let gapMs = firstMs, askedMs = 0; ; gapMs = Math.min(gapMs * 1.5, longestMs)) {
    await api.pause(Math.max(api.jittered(gapMs), askedMs));
    const { waitMs = 0, ...state } = await look(api, job);
    if (state.end !== undefined) return state;
    askedMs = waitMs;
  }
}

/** Fetches the results of a job that has ended, and then throws if the job, or a part of it, failed. */
export async function collect(api: Api, job: Job, ended: JobState, count = 1): Promise<readonly string[]> {
  const files: string[] = [];
  let { links } = ended;
  for (let index = 0, fresh = 0; index < links.length;) {
    const link = links[index] ?? "";
    try {
      files.push(await download(api, link, `${job.id}-${index}-${basename(new URL(link).pathname).slice(-40)}`));
      index += 1;
    } catch (error) {
      if (!(error instanceof LinkGone) || fresh === MOST_FRESH_LINKS) throw error;
      fresh += 1;
      links = (await look(api, job)).links;
    }
  }
  if (ended.end === "failed") throw new Error(`The job ${job.id} failed: ${ended.why ?? "no reason"}`);
  if (files.length < count) throw new Error(`The job ${job.id} has ${files.length} of ${count} results.`);
  return files;
}

/** Finishes several jobs side by side, and throws if one failed, once all have ended. */
export async function finishAll(
  jobs: readonly Job[],
  finish: (job: Job) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const settled = await Promise.allSettled(jobs.map(finish));
  const reasons = settled.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []));
  if (reasons.length > 0) throw new Error(reasons.join("\n"));
  return settled.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
}
