/** Writes the report of a run in each format. */
import type { CaseResult } from "../run-case.ts";
import { htmlOf } from "./html.ts";
import { countsOf, isFailure, isKnown, type Conclusion } from "./summary.ts";
import { reportOf } from "./document.ts";

export const reportKinds = ["junit", "html", "json", "markdown"] as const;

export type ReportKind = (typeof reportKinds)[number];

export function isReportKind(text: string): text is ReportKind {
  return reportKinds.some((kind) => kind === text);
}

export function formatReport(kind: ReportKind, results: readonly CaseResult[], conclusion: Conclusion): string {
  switch (kind) {
    case "json":
      return `${JSON.stringify(reportOf(results, conclusion), undefined, 2)}\n`;
    case "junit":
      return junitOf(results, conclusion);
    case "markdown":
      return markdownOf(results, conclusion);
    case "html":
      return htmlOf(reportOf(results, conclusion));
  }
}

/** JUnit shows a suite for each client; a known failure is a skipped test, as CI systems show it best. */
function junitOf(results: readonly CaseResult[], { known, mended }: Conclusion): string {
  const suites = [...Map.groupBy(results, ({ client }) => client)].map(([client, own]) => {
    const isBad = (result: CaseResult): boolean =>
      (isFailure(result.verdict) && !isKnown(known, result)) || mended.includes(result);
    const tests = own.map((result) => {
      const { conformanceCase, verdict, exit, findings } = result;
      const text = findings
        .filter(({ holds }) => !holds)
        .map(({ expected, seen }) => `expected: ${expected}; ${seen}`)
        .join("\n");
      const body = isBad(result)
        ? `<failure message="${escapeXml(mended.includes(result) ? "passes, and is listed as a known failure" : verdict)}">${escapeXml(text)}</failure>`
        : verdict === "not-exercised" || isFailure(verdict)
          ? `<skipped message="${escapeXml(isFailure(verdict) ? "known failure" : text)}"/>`
          : "";
      const name = `name="${escapeXml(conformanceCase.title)}" classname="${escapeXml(conformanceCase.id.replaceAll("/", "."))}"`;
      return `    <testcase ${name} time="${((exit.endedAt - exit.startedAt) / 1000).toFixed(3)}">${body}</testcase>`;
    });
    const failures = own.filter(isBad).length;
    return `  <testsuite name="${escapeXml(client)}" tests="${own.length}" failures="${failures}">\n${tests.join("\n")}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="fauxgen conform">\n${suites.join("\n")}\n</testsuites>\n`;
}

function escapeXml(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // XML 1.0 has no place for other control characters.
      .replace(/[^\P{Cc}\t\n\r]/gu, "")
  );
}

function markdownOf(results: readonly CaseResult[], { unexpected, mended }: Conclusion): string {
  const clients = [...new Set(results.map(({ client }) => client))];
  const cases = [...new Map(results.map(({ conformanceCase }) => [conformanceCase.id, conformanceCase])).values()];
  const verdictOf = (client: string, id: string): string =>
    results.find((result) => result.client === client && result.conformanceCase.id === id)?.verdict ?? "";
  const interesting = cases.filter(({ id }) =>
    clients.some((client) => !["pass", "not-exercised", ""].includes(verdictOf(client, id))),
  );
  return [
    "## Conformance",
    "",
    ...clients.map((client) => `- **${client}**: ${countsOf(results.filter((result) => result.client === client))}`),
    ...(unexpected.length > 0 ? ["", `${unexpected.length} failed that are not listed as known.`] : []),
    ...mended.map(
      ({ conformanceCase }) => `- \`${conformanceCase.id}\` passes; take it off the list of known failures.`,
    ),
    ...(interesting.length === 0
      ? []
      : [
          "",
          `| case | ${clients.join(" | ")} |`,
          `| --- | ${clients.map(() => "---").join(" | ")} |`,
          ...interesting.map(
            ({ id, title }) =>
              `| \`${id}\`<br>${cell(title)} | ${clients.map((client) => verdictOf(client, id)).join(" | ")} |`,
          ),
        ]),
    "",
    ...unexpected.flatMap(({ client, conformanceCase, findings }) => [
      `- **${client}** \`${conformanceCase.id}\``,
      ...findings
        .filter(({ holds }) => !holds)
        .map(({ expected, seen }) => `  - expected: ${cell(expected)}; ${cell(seen)}`),
    ]),
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
