/** Stores the results of the parts of `npm run load`, and makes docs/reliability.md from them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadPart, PartAccount, Tried } from "./part.ts";

interface Result {
  readonly seed: number;
  readonly seconds: number;
  readonly node: string;
  readonly tried: readonly Tried[];
  readonly violations: readonly string[];
}

const fileOf = (part: LoadPart): string => fileURLToPath(new URL(`results/${part.name}.json`, import.meta.url));

export function storeResult(part: LoadPart, run: { seed: number; seconds: number }, account: PartAccount): void {
  const { tried, violations } = account;
  const result: Result = { ...run, node: process.versions.node, tried, violations };
  mkdirSync(dirname(fileOf(part)), { recursive: true });
  writeFileSync(fileOf(part), `${JSON.stringify(result, null, 2)}\n`);
}

const INTRODUCTION = `# Reliability

This page is generated: \`npm run load\` attacks the server, and \`npm run load -- --publish\` stores what was tried, how often, and what went wrong.
\`npm run gen\` then writes this page. Each part is a file of \`test/load/parts\`; \`npm run load -- --parts NAME,…\` runs some of them. A shorter form of the
attacks runs in \`npm test\` and in \`npm run test:system\`.
`;

/** Makes the page. A part that was never run says so. */
export function reliabilityPage(parts: readonly LoadPart[]): string {
  return `${[INTRODUCTION, ...parts.map(sectionOf)].join("\n")}`;
}

function sectionOf(part: LoadPart): string {
  const file = fileOf(part);
  const head = `## ${part.title}\n\n${part.explanation}\n`;
  if (!existsSync(file)) return `${head}\nNot measured yet (\`--parts ${part.name}\`).\n`;
  const { tried, violations, seed, seconds, node } = JSON.parse(readFileSync(file, "utf8")) as Result;
  const rows = tried.map(({ what, times, wrong }) => [what, String(times), String(wrong)]);
  const table = tableOf(["What was tried", "Times", "Lost or wrong"], rows);
  const found = violations.map((violation) => `- ${violation}`);
  const account = `\`--parts ${part.name} --seed ${seed}\`, Node.js ${node}, ${seconds} s.\n`;
  return [head, `${table}\n`, ...(found.length > 0 ? [`${found.join("\n")}\n`] : []), account].join("\n");
}

/** Lays out a table as prettier does. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
