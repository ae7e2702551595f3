/** Keeps what a server saw as files, for a CI job to store. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { coverageForms, writeCoverage } from "../../control/coverage/forms.ts";
import type { Aftermath } from "./aftermath.ts";
import { Failure } from "../failure.ts";

const ENDINGS = { json: "json", text: "txt", markdown: "md", html: "html" } as const;

/** Creates the folder before the command runs, so that a mistake shows at once. Throws {@link Failure}. */
export function createArtifactsFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(2, `exec: --artifacts: ${folder} cannot be made: ${reason}`, { cause: error });
  }
}

/** Writes the coverage of the run, the stray requests, and a folder for each sandbox that was used. */
export async function keepArtifacts(aftermath: Aftermath, folder: string): Promise<void> {
  const { control } = aftermath;
  const coverage = await aftermath.coverage();
  for (const form of coverageForms)
    writeFileSync(join(folder, `coverage.${ENDINGS[form]}`), writeCoverage(coverage, form).text);
  await keepDocument(aftermath, "/requests/unassigned", join(folder, "unassigned.json"));
  for (const name of await aftermath.usedSandboxes()) {
    const own = join(folder, name);
    const path = `/sandboxes/${encodeURIComponent(name)}`;
    mkdirSync(own, { recursive: true });
    for (const part of ["report", "bundle", "conduct", "coverage"])
      await keepDocument(aftermath, `${path}/${part}`, join(own, `${part}.json`));
    writeFileSync(join(own, "report.txt"), await attempt(() => control.text(`${path}/report`)));
    writeFileSync(join(own, "journal.json"), await attempt(async () => shown(await journalOf(aftermath, path))));
  }
}

async function keepDocument({ control }: Aftermath, path: string, file: string): Promise<void> {
  writeFileSync(file, await attempt(async () => shown(await control.call("GET", path))));
}

async function journalOf({ control }: Aftermath, path: string): Promise<unknown> {
  const { items, evicted } = await pagesOf(control, `${path}/requests`);
  return { items, evicted };
}

interface JournalPage {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
  readonly evicted: number;
}

async function pagesOf(control: Aftermath["control"], path: string): Promise<Pick<JournalPage, "items" | "evicted">> {
  const items: unknown[] = [];
  for (let cursor: string | undefined; ;) {
    const page: JournalPage = await control.call("GET", path, { query: { limit: 1000, cursor } });
    items.push(...page.items);
    if (page.nextCursor === null) return { items, evicted: page.evicted };
    cursor = page.nextCursor;
  }
}

/** Returns the text to keep; of a document that cannot be read, the reason. */
async function attempt(read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch (error) {
    return shown({ error: error instanceof Error ? error.message : String(error) });
  }
}

function shown(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
