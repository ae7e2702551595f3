/** Sums up a run: a line for each case, the numbers of verdicts, and whether the known failures are still right. */
import type { Verdict } from "../judging.ts";
import type { CaseResult } from "../run-case.ts";

const verdicts = ["pass", "tolerated", "fail", "hang", "flaky", "not-exercised"] as const satisfies readonly Verdict[];

/** A failure that the user has listed; without a client, of every client. */
export interface KnownFailure {
  readonly client?: string;
  readonly id: string;
}

/** What a run comes to. */
export interface Conclusion {
  readonly isGood: boolean;
  readonly known: readonly KnownFailure[];
  /** Failures that are not listed. */
  readonly unexpected: readonly CaseResult[];
  /** Listed failures that pass, so that the list must shrink. */
  readonly mended: readonly CaseResult[];
}

/** Reads a list of known failures: a case's id on each line, after a client's name if there are several. */
export function readKnown(text: string): KnownFailure[] {
  return text.split("\n").flatMap((line) => {
    const words = line
      .replace(/(?:^|\s)#.*$/, "")
      .trim()
      .split(/\s+/);
    const id = words.at(-1) ?? "";
    if (id === "") return [];
    return words.length > 1 ? [{ client: words.slice(0, -1).join(" "), id }] : [{ id }];
  });
}

export function isKnown(known: readonly KnownFailure[], { client, conformanceCase }: CaseResult): boolean {
  return known.some((each) => each.id === conformanceCase.id && (each.client === undefined || each.client === client));
}

export function conclude(results: readonly CaseResult[], known: readonly KnownFailure[]): Conclusion {
  const unexpected = results.filter((result) => isFailure(result.verdict) && !isKnown(known, result));
  const mended = results.filter(
    (result) => (result.verdict === "pass" || result.verdict === "tolerated") && isKnown(known, result),
  );
  return { isGood: unexpected.length === 0 && mended.length === 0, known, unexpected, mended };
}

export function isFailure(verdict: Verdict): boolean {
  return verdict === "fail" || verdict === "hang";
}

/** Returns the line of a case, and what was expected and seen if it was not passed. */
export function linesOf(
  result: CaseResult,
  { known, hasSeveral }: { readonly known: readonly KnownFailure[]; readonly hasSeveral: boolean },
): string[] {
  const { verdict, conformanceCase, client, exit, findings } = result;
  const listed = isKnown(known, result);
  const note = !listed
    ? ""
    : isFailure(verdict)
      ? " (known)"
      : verdict === "pass"
        ? " (listed as a known failure)"
        : "";
  const took = exit.endedAt > exit.startedAt ? `  ${((exit.endedAt - exit.startedAt) / 1000).toFixed(1)} s` : "";
  const line = `${verdict.padEnd(13)} ${hasSeveral ? `${client}  ` : ""}${conformanceCase.id}${took}${note}`;
  if (verdict === "pass") return [line];
  const broken = findings.filter(({ holds }) => !holds);
  return [
    line,
    ...broken.map(({ expected, seen, requests }) => {
      const shown =
        requests.length === 0 ? "" : ` [request ${requests.slice(0, 6).join(", ")}${requests.length > 6 ? ", …" : ""}]`;
      return `                expected: ${expected}; ${seen}${shown}`;
    }),
  ];
}

/** Returns the numbers of verdicts of each client, and what does not agree with the known failures. */
export function summaryOf(results: readonly CaseResult[], { unexpected, mended }: Conclusion): string[] {
  const clients = [...new Set(results.map(({ client }) => client))];
  return [
    ...clients.map((client) => {
      const own = results.filter((result) => result.client === client);
      return `${clients.length > 1 ? `${client}: ` : ""}${own.length} cases: ${countsOf(own)}`;
    }),
    ...(unexpected.length > 0 ? [`${unexpected.length} failed that are not listed as known.`] : []),
    ...mended.map(
      ({ client, conformanceCase }) =>
        `${clients.length > 1 ? `${client} ` : ""}${conformanceCase.id} passes; take it off the list of known failures.`,
    ),
  ];
}

/** Returns the verdicts that occur, with their numbers. */
export function countsOf(results: readonly CaseResult[]): string {
  return verdicts
    .map((verdict) => ({ verdict, count: results.filter((result) => result.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict.replace("-", " ")}`)
    .join(", ");
}
