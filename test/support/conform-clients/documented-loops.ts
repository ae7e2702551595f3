/**
 * Renders as the pages of the vendors show it: create, ask until a word of the end comes, fetch the files. The loops do
 * what a page says and no more, so that their matrix shows what its reader must add. As a command: `node
 * documented-loops.ts VENDOR`.
 */
import { listAt, textAt } from "../clients/answers.ts";
import { vendorNamed } from "../clients/clients.ts";
import { surroundingsOf, type Surroundings } from "../clients/surroundings.ts";
import type { ClientVendor } from "../clients/vendor.ts";

/** The pages name 2 to 5 s; the jobs of the cases take a tenth of that. */
const GAP_MS = 200;

interface DocumentedEnd {
  /** What is added to the path of a read. */
  readonly query?: string;
  /** The words of a job's end, or of the end of each of its files. */
  readonly words: readonly string[];
  readonly success: string;
  readonly statesOf: (answer: unknown) => readonly (string | undefined)[];
  readonly linksOf: (answer: unknown) => readonly (string | undefined)[];
}

const ends: ReadonlyMap<string, DocumentedEnd> = new Map<string, DocumentedEnd>([
  [
    "sync",
    {
      // The page of the read: "await a result in a single call", and "poll again" after the time is over.
      query: "?wait=true",
      words: ["COMPLETED", "FAILED", "REJECTED"],
      success: "COMPLETED",
      statesOf: (answer) => [textAt(answer, "status")],
      linksOf: (answer) => [textAt(answer, "outputUrl")],
    },
  ],
  [
    "oxen",
    {
      words: ["succeeded", "failed", "cancelled"],
      success: "succeeded",
      statesOf: (answer) => [textAt(answer, "status")],
      linksOf: (answer) => [textAt(answer, "result_url")],
    },
  ],
  [
    "affogato",
    {
      words: ["success", "failed", "censored"],
      success: "success",
      statesOf: (answer) => listAt(answer, "data", "media").map((item) => textAt(item, "status")),
      linksOf: (answer) => listAt(answer, "data", "media").map((item) => textAt(item, "url")),
    },
  ],
  [
    "vivix",
    {
      words: ["completed", "failed"],
      success: "completed",
      statesOf: (answer) => [textAt(answer, "status")],
      // "The primary asset"; `output_urls` is for several results.
      linksOf: (answer) => [textAt(answer, "output_url")],
    },
  ],
]);

/** Renders one job at a vendor; throws if an answer is an error, or the job did not succeed. */
export async function renderAsDocumented(vendor: ClientVendor, around: Surroundings): Promise<void> {
  const end = ends.get(vendor.name);
  if (end === undefined) throw new Error(`No loop is known for ${vendor.name}.`);
  const headers = vendor.headers(around.apiKey);
  const json = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await around.fetch(`${around.origin}${path}`, {
      ...init,
      headers: { ...headers, ...init.headers },
    });
    if (!response.ok) throw new Error(`Answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const { path, body } = vendor.order({ text: "A lighthouse", count: 1 }, around.unique());
  const created = await json(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const [id] = vendor.idsOf(created);
  if (id === undefined) throw new Error(`No id in ${JSON.stringify(created)}.`);
  for (;;) {
    const answer = await json(`${vendor.readPath(id)}${end.query ?? ""}`);
    const states = end.statesOf(answer);
    if (states.length === 0 || !states.every((state) => state !== undefined && end.words.includes(state))) {
      await around.sleep(GAP_MS);
      continue;
    }
    if (states.some((state) => state !== end.success)) throw new Error(`The job ended as ${states.join(", ")}.`);
    for (const link of end.linksOf(answer)) await fetchFile(around, link);
    return;
  }
}

async function fetchFile(around: Surroundings, link = ""): Promise<void> {
  const file = await around.fetch(link);
  if (!file.ok) throw new Error(`The file was answered ${file.status}.`);
  await file.arrayBuffer();
}

if (import.meta.main) {
  const [name = ""] = process.argv.slice(2);
  const vendor = vendorNamed(name);
  if (vendor === undefined) throw new Error(`Usage: documented-loops.ts VENDOR; no vendor is called "${name}"`);
  await renderAsDocumented(vendor, surroundingsOf(name, process.env));
}
