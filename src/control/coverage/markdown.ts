/** Writes coverage as Markdown, for the summary of a CI job. */
import { countOf } from "../listing.ts";
import type { CoverageDocument, ShownOperation } from "./document.ts";
import { answerInWords, operationShareInWords, remarksOn, shareInWords, titleOf, unusedOf } from "./text.ts";

/** The most missing answers that are listed; a CI job's summary is limited. */
const MOST_MISSING = 200;

export function writeMarkdown(document: CoverageDocument): string {
  const { operations, documented } = document;
  const title = titleOf(document);
  const heading = `## ${title.charAt(0).toUpperCase()}${plain(title.slice(1))}`;
  if (operations.length === 0) return `${[heading, "No operation was used.", ...remarksOn(document)].join("\n\n")}\n`;
  const missing = operations.flatMap(({ vendor, operation, items }) =>
    items
      .filter(({ count }) => count === 0)
      .map((item) => [vendor, operation, plain(answerInWords(item)), item.source, code(item.provoke)]),
  );
  const unused = unusedOf(document);
  const parts = [
    heading,
    `**${shareInWords(document)}** of the answers of the operations in use were met; of the documented ones, ${shareInWords(documented)}.`,
    table(["Vendor", "Operation", "Answers", "Met", "In no row"], operations.map(operationRow)),
    ...(missing.length === 0
      ? []
      : [
          `<details><summary>${countOf(missing.length, "missing answers")}</summary>`,
          table(["Vendor", "Operation", "Answer", "Source", "To provoke"], missing.slice(0, MOST_MISSING)),
          ...(missing.length > MOST_MISSING ? [`And ${missing.length - MOST_MISSING} more.`] : []),
          "</details>",
        ]),
    ...unused.operations.map(([vendor, names]) => `Never used of ${vendor}: ${names.join(", ")}`),
    ...(unused.vendors.length === 0 ? [] : [`Never used: ${unused.vendors.join(", ")}`]),
    ...remarksOn(document),
  ];
  return `${parts.join("\n\n")}\n`;
}

function operationRow(each: ShownOperation): string[] {
  const { vendor, operation, answers, others } = each;
  const unlisted = others.map((other) => `${answerInWords({ ...other, code: null, vintage: null })} ×${other.count}`);
  return [vendor, operation, String(answers), operationShareInWords(each), unlisted.join(", ")];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Escapes what Markdown or HTML would read as markup. */
function plain(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/[\\`*_|[\]]/g, (sign) => `\\${sign}`);
}

/** Returns a code span that may stand in a cell of a table. */
function code(text: string): string {
  const ticks = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(ticks + 1);
  const pad = ticks > 0 ? " " : "";
  return `${fence}${pad}${text.replaceAll("|", "\\|").replaceAll("\n", " ")}${pad}${fence}`;
}
