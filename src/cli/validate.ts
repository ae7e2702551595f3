/** `fauxgen validate`: everything that is wrong with a folder of fixtures, or with one file of it. */
import { describeFlaw } from "../fixtures/folder.ts";
import { summaryOf } from "./fixture-summary.ts";
import { readFixtures } from "./fixture-reading.ts";

export interface Validation {
  readonly isValid: boolean;
  /** What is printed: a line for each problem, or what there is where there is none. */
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
    ? [`${path}: ${summaryOf(folder.document, folder.mediaFiles)}; nothing is wrong`]
    : flaws.map(describeFlaw);
  return { isValid, text: `${lines.join("\n")}\n` };
}
