/** Writes coverage as text for a terminal, and the phrases that other forms share. */
import { countOf } from "../listing.ts";
import type { CoverageDocument, Share, ShownOperation, ShownRow } from "./document.ts";

/** Returns `3 of 14 (21.4 %)`. */
export function shareInWords({ rows, met, percent }: Share): string {
  return `${met} of ${rows} (${percent} %)`;
}

/** Returns what was met of an operation, which may have no listed answer: most vendors do not document their file hosts. */
export function operationShareInWords(operation: ShownOperation): string {
  return operation.rows === 0 ? "no listed answers" : shareInWords(operation);
}

/** Returns an answer as `404 generation_not_found` or `200 failed`. */
export function answerInWords({
  status,
  code,
  phase,
  vintage,
}: Omit<ShownRow, "source" | "count" | "provoke">): string {
  return [String(status), phase, code, vintage === null ? null : `in ${vintage}`]
    .filter((part) => part !== null)
    .join(" ");
}

export function titleOf({ sandbox }: Pick<CoverageDocument, "sandbox">): string {
  return sandbox === null ? "coverage of the run" : `coverage of sandbox ${sandbox}`;
}

/** Returns what the counts leave out, in sentences. */
export function remarksOn({ uncounted }: CoverageDocument): string[] {
  if (uncounted === 0) return [];
  return [`${countOf(uncounted, "requests")} came with a restored bundle and are not counted.`];
}

/** Returns the unused operations by vendor, apart from those of vendors that were not used at all. */
export function unusedOf({ vendors, unused }: CoverageDocument): {
  readonly operations: readonly (readonly [vendor: string, names: readonly string[]])[];
  readonly vendors: readonly string[];
} {
  const used = new Set(vendors.map(({ vendor }) => vendor));
  const byVendor = [...Map.groupBy(unused, ({ vendor }) => vendor)];
  return {
    operations: byVendor
      .filter(([vendor]) => used.has(vendor))
      .map(([vendor, listed]) => [vendor, listed.map(({ operation }) => operation)] as const),
    vendors: byVendor.map(([vendor]) => vendor).filter((vendor) => !used.has(vendor)),
  };
}

/** The most unused operations of a vendor in a brief text. */
const MOST_UNUSED = 8;

/** Returns a line for each answer. A brief text has at most `most` missing answers of an operation, documented ones first. */
export function writeText(document: CoverageDocument, most = Number.POSITIVE_INFINITY): string {
  const { operations, documented, vendors, classes } = document;
  if (operations.length === 0)
    return `${[`${titleOf(document)}: no operation was used`, ...remarksOn(document)].join("\n")}\n`;
  const unused = unusedOf(document);
  const lines = [
    `${titleOf(document)}: ${shareInWords(document)} of the answers of the operations in use; documented ones: ${shareInWords(documented)}`,
    `  ${[...vendors.map((each) => `${each.vendor} ${shareInWords(each)}`), ...classes.map((each) => `${each.class} ${shareInWords(each)}`)].join(", ")}`,
    ...operations.flatMap((each) => operationLines(each, most)),
    ...unused.operations.map(([vendor, names]) => {
      const shown = Number.isFinite(most) && names.length > MOST_UNUSED ? names.slice(0, MOST_UNUSED) : names;
      const more = names.length - shown.length;
      return `never used of ${vendor}: ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    }),
    ...(unused.vendors.length === 0 ? [] : [`never used: ${unused.vendors.join(", ")}`]),
    ...remarksOn(document),
  ];
  return `${lines.join("\n")}\n`;
}

function operationLines(operation: ShownOperation, most: number): string[] {
  const { vendor, operation: name, answers, items, others } = operation;
  const lacking = items.filter(({ count }) => count === 0);
  const isGuess = ({ source }: ShownRow): boolean => source === "inferred";
  const missing = Number.isFinite(most)
    ? [...lacking.filter((item) => !isGuess(item)), ...lacking.filter(isGuess)]
    : lacking;
  const hidden = missing.length - most;
  return [
    `${vendor} ${name}: ${operationShareInWords(operation)}, ${countOf(answers, "answers")}`,
    ...items
      .filter(({ count }) => count > 0)
      .map((item) => `  met ${countOf(item.count, "times")}: ${answerInWords(item)}`),
    ...others.map(
      (other) =>
        `  in no row, ${countOf(other.count, "times")}: ${answerInWords({ ...other, code: null, vintage: null })}`,
    ),
    ...missing
      .slice(0, most)
      .map((item) => `  missing: ${answerInWords(item)} [${item.source}]; to provoke: ${item.provoke}`),
    ...(hidden > 0 ? [`  and ${hidden} more missing`] : []),
  ];
}
