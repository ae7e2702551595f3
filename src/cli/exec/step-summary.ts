/** Adds to the summary that GitHub Actions shows of a step. */
import { appendFileSync } from "node:fs";
import { Failure } from "../failure.ts";

/** Appends Markdown to the file that `GITHUB_STEP_SUMMARY` names. Throws {@link Failure}. */
export function addToStepSummary(file: string, markdown: string): void {
  try {
    appendFileSync(file, `${markdown}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(1, `GITHUB_STEP_SUMMARY cannot be written: ${reason}`, { cause: error });
  }
}
