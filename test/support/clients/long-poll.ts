/** Renders one job as a client that lets the vendor hold its reads, with a slower poll where holding does not work. */
import { Api, Refused } from "./api.ts";
import { collect, finishAll, order, poll, type Job } from "./jobs.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ClientVendor, JobState } from "./vendor.ts";

/** The longest time for which any version of the page holds a read. */
const LONGEST_HOLD_MS = 60_000;
/** An answer that comes sooner was not held. */
const HELD_MS = 900;

export async function runLongPoll(vendor: ClientVendor, around: Surroundings): Promise<void> {
  const api = new Api(vendor, around);
  const jobs = await order(api, { text: `A lighthouse, ${around.unique()}`, count: 1 });
  await finishAll(jobs, async (job) => collect(api, job, await waitFor(api, job)));
}

/** Waits with held reads; the query names no time, because the versions of the page differ in its bounds. */
export async function waitFor(api: Api, job: Job): Promise<JobState> {
  const path = `${api.vendor.readPath(job.id)}?wait=true`;
  for (let quick = 0; ;) {
    const answer = await api.read(path, { madeAt: job.madeAt, holdMs: LONGEST_HOLD_MS }).catch((error: unknown) => {
      if (error instanceof Refused && error.status === 400) return undefined;
      throw error;
    });
    if (answer === undefined) return poll(api, job);
    const state = api.vendor.stateOf(answer.body);
    if (state.end !== undefined) return state;
    quick = answer.tookMs < HELD_MS ? quick + 1 : 0;
    const gapMs = quick === 0 ? 0 : api.jittered(Math.min(api.vendor.gaps.firstMs * quick, api.vendor.gaps.longestMs));
    await api.pause(Math.max(gapMs, answer.waitMs ?? 0));
  }
}
