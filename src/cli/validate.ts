/** Implements `fauxgen validate`, which lists the mistakes in a fixtures folder, or in one file of it. */
import { describeFlaw } from "../fixtures/folder.ts";
import { summaryOf } from "./fixture-summary.ts";
import { readFixtures } from "./fixture-reading.ts";

export interface Validation {
  readonly isValid: boolean;
  /** The output: a line for each mistake, or a summary of the folder if it has none. */
  readonly text: string;
}

export async function validate(path: string, asJson: boolean): Promise<Validation> {
  const { folder, flaws } = await readFixtures(path);
  const isValid = flaws.length === 0;
  if (asJson) {
    const problems = flaws.map(({ file, line, reason }) => ({ file, line: line ?? null, reason }));
    return { isValid, text: `${JSON.stringify({ valid: isValid, problems }, undefined, 2)}\n` };
  }
  const lines = isValid
    ? [`${path}: ${summaryOf(folder.document, folder.mediaFiles)}; no mistakes`]
    : flaws.map(describeFlaw);
  return { isValid, text: `${lines.join("\n")}\n` };
}
