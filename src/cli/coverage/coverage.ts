/** Implements `fauxgen coverage`, which adds up what servers saved, or asks a running server. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describeCoverage } from "../../control/coverage/document.ts";
import { writeCoverage, type CoverageForm } from "../../control/coverage/forms.ts";
import { addUp, savedCoverage, type SavedCoverage } from "../../control/coverage/saved.ts";
import { ControlClient } from "../../client/control-client.ts";
import type { CoverageDocument } from "../../client/documents.ts";
import { exchange } from "../../client/exchange.ts";
import { OutcomeTable } from "../../http/errors/outcome-table.ts";
import { readTextFile } from "../../platform/text-file.ts";
import { vendors } from "../../vendors/index.ts";
import { Failure } from "../failure.ts";

/** Returns the coverage that the servers of a run saved in a folder, added up. Throws {@link Failure}. */
export function readCoverage(folder: string): CoverageDocument {
  const files = filesIn(folder);
  if (files.length === 0)
    throw new Failure(
      1,
      `coverage: ${folder} has no files coverage-*.json. Servers write them that run with FAUXGEN_COVERAGE_DIR=${folder}.`,
    );
  const saved = files.map((file) => readSaved(join(folder, file)));
  const table = new OutcomeTable(vendors);
  const [since = null] = saved.map((each) => each.since).sort();
  return describeCoverage(table, addUp(table, saved), { sandbox: null, since, uncounted: 0 });
}

/** Asks a running server for the coverage of its run, or of one sandbox. */
export async function askForCoverage(
  url: string,
  token: string | undefined,
  sandbox: string | undefined,
): Promise<CoverageDocument> {
  const path = sandbox === undefined ? "/coverage" : `/sandboxes/${encodeURIComponent(sandbox)}/coverage`;
  return new ControlClient(url, exchange, token).call("GET", path);
}

export function formatCoverage(document: CoverageDocument, form: CoverageForm): string {
  return writeCoverage(document, form).text;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^coverage-.*\.json$/.test(name))
      .sort();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(1, `coverage: ${folder} cannot be read: ${reason}`, { cause: error });
  }
}

function readSaved(file: string): SavedCoverage {
  try {
    return savedCoverage.parse(JSON.parse(readTextFile(file)));
  } catch (error) {
    throw new Failure(1, `coverage: ${file} is not a file of a server's coverage. Delete it, and run the tests anew.`, {
      cause: error,
    });
  }
}
