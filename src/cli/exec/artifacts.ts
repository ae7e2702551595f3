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

/** The files of a run in a folder. */
export class Artifacts {
  readonly #folder: string;
  readonly #aftermath: Aftermath;
  readonly #taken = new Set<string>();

  constructor(folder: string, aftermath: Aftermath) {
    this.#folder = folder;
    this.#aftermath = aftermath;
  }

  /** Writes the coverage of the run, the stray requests, and a folder for each sandbox that exists and was used. */
  async keepRun(): Promise<void> {
    const coverage = await this.#aftermath.coverage();
    for (const form of coverageForms)
      writeFileSync(join(this.#folder, `coverage.${ENDINGS[form]}`), writeCoverage(coverage, form).text);
    await keepDocument(this.#aftermath, "/requests/unassigned", join(this.#folder, "unassigned.json"));
    for (const name of await this.#aftermath.usedSandboxes()) await this.keepSandbox(name);
  }

  /** Writes a folder for a sandbox. One that is reset and used again gets another folder, such as `checkout-2`. */
  async keepSandbox(name: string): Promise<void> {
    const { control } = this.#aftermath;
    const own = join(this.#folder, this.#takeName(name));
    const path = `/sandboxes/${encodeURIComponent(name)}`;
    mkdirSync(own, { recursive: true });
    for (const part of ["report", "bundle", "conduct", "coverage"])
      await keepDocument(this.#aftermath, `${path}/${part}`, join(own, `${part}.json`));
    writeFileSync(join(own, "report.txt"), await attempt(() => control.text(`${path}/report`)));
    writeFileSync(join(own, "journal.json"), await attempt(async () => shown(await journalOf(this.#aftermath, path))));
  }

  #takeName(name: string): string {
    let taken = name;
    for (let number = 2; this.#taken.has(taken); number += 1) taken = `${name}-${number}`;
    this.#taken.add(taken);
    return taken;
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
