/** Writes coverage as a page that needs no other file. */
import { countOf } from "../listing.ts";
import type { CoverageDocument, ShownOperation, ShownRow } from "./document.ts";
import { answerInWords, operationShareInWords, remarksOn, shareInWords, titleOf, unusedOf } from "./text.ts";

/** Allows the page its own styles and nothing else. */
export const COVERAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
th[scope=row] { width: 18rem; }
td:nth-child(2), td:last-child { overflow-wrap: anywhere; }
code { font: .9em ui-monospace, monospace; }
summary { cursor: pointer; font-weight: 600; padding: .4rem 0; }
.missing { font-weight: 600; }
meter { width: 8rem; vertical-align: middle; }
`;

export function writeHtml(document: CoverageDocument): string {
  const title = titleOf(document);
  const unused = unusedOf(document);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title.charAt(0).toUpperCase() + title.slice(1))}</h1>
${document.operations.length === 0 ? "<p>No operation was used.</p>" : summaryOf(document)}
${document.operations.map(sectionOf).join("\n")}
${unused.operations.map(([vendor, names]) => `<p>Never used of ${escaped(vendor)}: ${names.map(escaped).join(", ")}</p>`).join("\n")}
${unused.vendors.length === 0 ? "" : `<p>Never used: ${unused.vendors.map(escaped).join(", ")}</p>`}
${remarksOn(document)
  .map((remark) => `<p>${escaped(remark)}</p>`)
  .join("\n")}
</body>
</html>
`;
}

function summaryOf(document: CoverageDocument): string {
  const { documented, vendors, classes } = document;
  const parts = [
    ["Answers of the operations in use", document] as const,
    ["Documented answers of these", documented] as const,
    ...vendors.map((each) => [each.vendor, each] as const),
    ...classes.map((each) => [each.class, each] as const),
  ];
  const rows = parts.map(
    ([name, share]) =>
      `<tr><th scope="row">${escaped(name)}</th><td><meter min="0" max="100" value="${share.percent}" aria-label="${escaped(name)}"></meter> ${escaped(shareInWords(share))}</td></tr>`,
  );
  return `<table>${rows.join("")}</table>`;
}

function sectionOf(operation: ShownOperation): string {
  const { vendor, operation: name, answers, items, others } = operation;
  const head = `${vendor} ${name}: ${operationShareInWords(operation)}, ${countOf(answers, "answers")}`;
  const rows = [
    ...items.map(rowOf),
    ...others.map(
      (other) =>
        `<tr><td>${other.count}</td><td>${escaped(answerInWords({ ...other, code: null, vintage: null }))}</td><td></td><td>in no row</td></tr>`,
    ),
  ];
  return `<details open>
<summary>${escaped(head)}</summary>
<table>
<thead><tr><th scope="col">Met</th><th scope="col">Answer</th><th scope="col">Source</th><th scope="col">To provoke it</th></tr></thead>
<tbody>${rows.join("\n")}</tbody>
</table>
</details>`;
}

function rowOf(row: ShownRow): string {
  const met = row.count === 0 ? '<td class="missing">missing</td>' : `<td>${row.count}</td>`;
  return `<tr>${met}<td>${escaped(answerInWords(row))}</td><td>${escaped(row.source)}</td><td><code>${escaped(row.provoke)}</code></td></tr>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
