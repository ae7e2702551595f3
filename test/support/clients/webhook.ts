/** Renders one job as a client with a receiver of webhooks, and a slow poll for those that never come. */
import { textAt } from "./answers.ts";
import { Api } from "./api.ts";
import { collect, finishAll, look, order, type Job } from "./jobs.ts";
import { WebhookReceiver } from "./receiver.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ClientVendor, JobState } from "./vendor.ts";

/** The first and the longest gap of the polls that make up for a lost webhook. */
const FALLBACK_MS = 20_000;
const LONGEST_FALLBACK_MS = 60_000;

export async function runWebhook(vendor: ClientVendor, around: Surroundings): Promise<void> {
  const api = new Api(vendor, around);
  const receiver = await receive(api);
  try {
    const text = `A lighthouse, ${around.unique()}`;
    const jobs = await order(api, { text, count: 1, webhookUrl: receiver.url });
    await finishAll(jobs, async (job) => collect(api, job, await hear(api, receiver, job)));
  } finally {
    await receiver.stop();
  }
}

/** Starts the client's receiver; the secret is of the environment, or of the account. */
async function receive(api: Api): Promise<WebhookReceiver> {
  const { around, vendor } = api;
  const { port = 0, secret = await secretOf(api), register } = around.webhook ?? {};
  const receiver = new WebhookReceiver({ vendor, secret, port, now: around.now });
  await receiver.start();
  await register?.(receiver.url);
  return receiver;
}

async function secretOf(api: Api): Promise<string> {
  const secret = textAt((await api.read("/v2/organizations/webhook/secret")).body, "secret");
  if (secret === undefined) throw new Error("The client needs the secret of its webhooks.");
  return secret;
}

/** What tells the ends of jobs by itself. */
export interface EndSource {
  readonly endOf: (id: string) => JobState | undefined;
  readonly whenTold: (id: string, tell: () => void) => void;
}

/** Waits until the end of a job is told; reads the job now and then in case that is lost. */
export async function hear(api: Api, source: EndSource, job: Job): Promise<JobState> {
  for (let gapMs = FALLBACK_MS; ; gapMs = Math.min(gapMs * 1.5, LONGEST_FALLBACK_MS)) {
    const told = new AbortController();
    source.whenTold(job.id, () => {
      told.abort();
    });
    await api.pause(api.jittered(gapMs), told.signal);
    const heard = source.endOf(job.id);
    if (heard !== undefined) return heard;
    const state = await look(api, job);
    if (state.end !== undefined) return state;
  }
}
