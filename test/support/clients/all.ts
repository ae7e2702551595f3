/**
 * Renders one job as a client that uses all that a vendor offers: webhooks where it has a receiver, else held reads or
 * events, and polls beside them.
 */
import { Api } from "./api.ts";
import { Events } from "./events.ts";
import { collect, finishAll, order, poll } from "./jobs.ts";
import { waitFor } from "./long-poll.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ClientVendor } from "./vendor.ts";
import { hear, runWebhook } from "./webhook.ts";

export async function runAll(vendor: ClientVendor, around: Surroundings): Promise<void> {
  if (around.webhook !== undefined && (vendor.name === "sync" || vendor.name === "vivix")) {
    await runWebhook(vendor, around);
    return;
  }
  const api = new Api(vendor, around);
  const events = vendor.name === "oxen" ? new Events(api) : undefined;
  // Events are not kept, so the client listens before it orders.
  await events?.open();
  try {
    const jobs = await order(api, { text: `A lighthouse, ${around.unique()}`, count: 1 });
    await finishAll(jobs, async (job) => {
      const end =
        vendor.name === "sync" ? waitFor(api, job) : events === undefined ? poll(api, job) : hear(api, events, job);
      return collect(api, job, await end);
    });
  } finally {
    events?.close();
  }
}
