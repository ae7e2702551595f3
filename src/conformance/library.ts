/** Reads the cases: those of the package in `fixtures/conformance/`, and those of a user's folder. */
import { readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { FixtureFile, fixtureExtensions } from "../fixtures/file.ts";
import { packageRoot } from "../platform/package-root.ts";
import { fieldErrors } from "../wording/field-errors.ts";
import { nearestNames } from "../wording/nearest.ts";
import { caseFile } from "./case-document.ts";
import { casesOf, ValueMissing, type ConformanceCase } from "./case.ts";

const shippedFolder = join(packageRoot, "fixtures/conformance");

/** The error for cases that cannot be read or found; its message names the file, the line and the field. */
export class CasesUnusable extends Error {}

/** Reads the cases of the package and of further folders. Throws {@link CasesUnusable} with every mistake. */
export async function readCases(
  vendors: readonly string[],
  folders: readonly string[] = [],
): Promise<ConformanceCase[]> {
  const cases: ConformanceCase[] = [];
  const flaws: string[] = [];
  for (const folder of [shippedFolder, ...folders])
    for (const file of filesIn(folder)) {
      const read = await readFile(file, vendors);
      flaws.push(...read.flaws);
      cases.push(...read.cases);
    }
  const ids = new Set<string>();
  for (const { id } of cases) {
    if (ids.has(id)) flaws.push(`the case ${id} is defined twice`);
    ids.add(id);
  }
  if (flaws.length > 0) throw new CasesUnusable(flaws.join("\n"));
  return cases;
}

function filesIn(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new CasesUnusable(`${folder}: there is no such folder`);
  return readdirSync(folder)
    .filter((name) => fixtureExtensions.some((extension) => extension === extname(name).toLowerCase()))
    .sort()
    .map((name) => join(folder, name));
}

async function readFile(
  path: string,
  vendors: readonly string[],
): Promise<{ readonly cases: readonly ConformanceCase[]; readonly flaws: readonly string[] }> {
  const file = await FixtureFile.read(path);
  if (!(file instanceof FixtureFile))
    return { cases: [], flaws: [`${path}${file.line === undefined ? "" : `:${file.line}`}: ${file.reason}`] };
  const at = async (field: readonly string[], reason: string): Promise<string> => {
    const line = await file.lineOf(field);
    return `${path}${line === undefined ? "" : `:${line}`}: ${reason}`;
  };
  const parsed = caseFile.safeParse(file.value);
  if (!parsed.success) {
    const errors = fieldErrors(caseFile, file.value, parsed.error, []);
    const flaws = errors.map(async ({ field, message }) =>
      at(field.split("."), `${field}${message.startsWith("is ") ? "" : ":"} ${message}`),
    );
    return { cases: [], flaws: await Promise.all(flaws) };
  }
  const cases: ConformanceCase[] = [];
  const flaws: string[] = [];
  for (const [index, document] of parsed.data.cases.entries()) {
    const field = ["cases", String(index)];
    const unknown = document.vendors?.find((vendor) => !vendors.includes(vendor));
    if (unknown !== undefined) {
      const [near] = nearestNames(unknown, vendors);
      flaws.push(
        await at([...field, "vendors"], `no vendor "${unknown}"${near === undefined ? "" : `. Did you mean ${near}?`}`),
      );
      continue;
    }
    try {
      cases.push(...casesOf(parsed.data, document, vendors));
    } catch (error) {
      if (!(error instanceof ValueMissing)) throw error;
      flaws.push(await at(field, `${document.id}: ${error.message}`));
    }
  }
  return { cases, flaws };
}

/**
 * Returns the cases whose id matches one of the globs (`*` for any text, also over a slash), without those that only
 * calibrate. Throws {@link CasesUnusable} for a glob that matches none.
 */
export function matchingCases(cases: readonly ConformanceCase[], globs: readonly string[]): ConformanceCase[] {
  if (globs.length === 0) return [...cases];
  const patterns = globs.map((glob) => ({ glob, pattern: patternOf(glob) }));
  const lost = patterns.find(({ pattern }) => !cases.some(({ id }) => pattern.test(id)));
  if (lost !== undefined) {
    const near = nearestNames(
      lost.glob,
      cases.map(({ id }) => id),
    );
    throw new CasesUnusable(
      `no case is called ${lost.glob}. ${near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "fauxgen conform --list shows all."}`,
    );
  }
  return cases.filter(({ id }) => patterns.some(({ pattern }) => pattern.test(id)));
}

function patternOf(glob: string): RegExp {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`);
}
