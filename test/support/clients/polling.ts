/** Renders one job as a client that polls. */
import { Api } from "./api.ts";
import { collect, finishAll, order, poll } from "./jobs.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ClientVendor } from "./vendor.ts";

export async function runPolling(vendor: ClientVendor, around: Surroundings): Promise<void> {
  const api = new Api(vendor, around);
  const jobs = await order(api, { text: `A lighthouse, ${around.unique()}`, count: 1 });
  await finishAll(jobs, async (job) => collect(api, job, await poll(api, job)));
}
