/** Holds small clients that use webhooks and lists carelessly, which no change of a sound client makes. */
import { createServer } from "node:http";
import { Api } from "../clients/api.ts";
import { listAt } from "../clients/answers.ts";
import { collect, order } from "../clients/jobs.ts";
import type { Render } from "./in-process.ts";

/** Believes every webhook, also a forged one, and fetches what each names; it never asks the vendor. */
export const believesWebhooks: Render = async ({ vendor, around }) => {
  const api = new Api(vendor, around);
  const told = Promise.withResolvers<unknown>();
  const fetched: Promise<unknown>[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      response.writeHead(200).end();
      const event: unknown = JSON.parse(text);
      const { links } = vendor.stateOf(event);
      fetched.push(...links.map(async (link) => fetchQuietly(around.fetch, link)));
      told.resolve(event);
    });
  });
  await new Promise<void>((resolve) => server.listen(around.webhook?.port, "127.0.0.1", resolve));
  try {
    const webhookUrl = `http://127.0.0.1:${around.webhook?.port ?? 0}/hooks`;
    await around.webhook?.register?.(webhookUrl);
    await order(api, { text: "A lighthouse", count: 1, webhookUrl });
    const state = vendor.stateOf(await told.promise);
    // It stays a while for what comes later.
    await around.sleep(1500);
    await Promise.all(fetched);
    if (state.end !== "succeeded") throw new Error("The job failed.");
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

async function fetchQuietly(get: typeof fetch, link: string): Promise<void> {
  await get(link)
    .then((response) => response.arrayBuffer())
    .catch(() => undefined);
}

/** Looks for its job on the first page of the list only, and takes the list for right at its first look. */
export const readsOnePage: Render = async ({ vendor, around }) => {
  const api = new Api(vendor, around);
  const [job] = await order(api, { text: "A lighthouse", count: 1 });
  if (job === undefined) throw new Error("No job was made.");
  for (;;) {
    await around.sleep(200);
    const { body } = await api.read(LISTS.get(vendor.name) ?? "");
    const rows = Array.isArray(body) ? body : [...listAt(body, "data"), ...listAt(body, "generations")];
    const own = rows.find((row) => JSON.stringify(row).includes(job.id));
    if (own === undefined) throw new Error("The job is not in the list.");
    const state = vendor.stateOf(vendor.name === "affogato" ? { data: own } : own);
    if (state.end === undefined) continue;
    await collect(api, job, state);
    return;
  }
};

const LISTS: ReadonlyMap<string, string> = new Map([
  ["sync", "/v2/generations?limit=100"],
  ["oxen", "/api/ai/generations"],
  ["affogato", "/pub/v1/generations?page_size=50"],
]);
