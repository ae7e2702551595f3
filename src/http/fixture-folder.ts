/**
 * A user's folder of fixtures: `<vendor>/<list>`, `scenarios/<name>`, `rules` and `accounts`, each as YAML or JSON, and
 * `media/`, which the media library reads. It is read once, whole, so that everything wrong with it is told at once.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { z } from "zod";
import { nearestNames } from "../wording/nearest.ts";
import { scenarioDocument, scenarioName } from "../engine/scenario-document.ts";
import { accountsFile, fixtureDocument, rulesFile, type FixtureDocument } from "./fixture-document.ts";
import type { AnyFixture } from "./fixture-library.ts";
import { fixtureExtensions, FixtureSource, type FixtureFlaw } from "./fixture-source.ts";
import { adviceOn, fieldErrors } from "../wording/field-errors.ts";

/** The lists that a vendor's folder may hold. */
export interface FixtureOwner {
  readonly name: string;
  readonly fixtures: readonly AnyFixture[];
}

interface Part {
  readonly source: FixtureSource;
  /** Where its content stands in the document, such as `["scenarios", "slow-job"]`; empty for all of it. */
  readonly at: readonly string[];
  readonly schema: z.ZodType;
}

export class FixtureFolder {
  readonly path: string;
  /** Everything that could be parsed, in the words of whoever wrote it: nothing is checked yet. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** What its usable files say; rules are left out while a scenario that they may name is not usable. */
  readonly document: FixtureDocument;
  /** Media files below it. */
  readonly mediaFiles: number;
  readonly flaws: readonly FixtureFlaw[];
  readonly #parts: readonly Part[];

  private constructor(path: string, parts: readonly Part[], flaws: readonly FixtureFlaw[], mediaFiles: number) {
    this.path = path;
    this.#parts = parts;
    this.flaws = flaws;
    this.mediaFiles = mediaFiles;
    this.raw = assemble(parts);
    this.document = fixtureDocument.parse(assemble(usable(parts, flaws)));
  }

  /** Reads a folder, or one file of one; a file that is named in no known way holds a whole document. */
  static async read(path: string, owners: readonly FixtureOwner[]): Promise<FixtureFolder> {
    const flaws: FixtureFlaw[] = [];
    const parts: Part[] = [];
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined)
      return new FixtureFolder(path, [], [{ file: path, reason: "there is no such file or folder" }], 0);
    const found = stat.isDirectory() ? listFiles(path, owners, flaws) : [{ file: path, ...partOfFile(path, owners) }];
    for (const { file, at, schema } of found) {
      const source = await FixtureSource.read(file);
      if (!(source instanceof FixtureSource)) flaws.push(source);
      else {
        const part = { source, at, schema };
        parts.push(part);
        flaws.push(...(await flawsOf(part)));
      }
    }
    const media = join(path, "media");
    const mediaFiles =
      stat.isDirectory() && existsSync(media)
        ? readdirSync(media, { recursive: true, withFileTypes: true }).filter(
            (entry) => entry.isFile() && !entry.name.startsWith("."),
          ).length
        : 0;
    return new FixtureFolder(path, parts, flaws, mediaFiles);
  }

  /** The file and line of a part of the document, such as `["rules", "0", "when"]`. */
  async locate(field: readonly string[]): Promise<Omit<FixtureFlaw, "reason">> {
    const part = this.#parts.find(({ at }) => at.every((key, index) => field[index] === key));
    if (part === undefined) return { file: this.path };
    return { file: part.source.file, line: await part.source.lineOf(field.slice(part.at.length)) };
  }
}

/** `path:line: reason`. */
export function describeFlaw({ file, line, reason }: FixtureFlaw): string {
  return `${file}${line === undefined ? "" : `:${line}`}: ${reason}`;
}

async function flawsOf({ source, at, schema }: Part): Promise<FixtureFlaw[]> {
  const value = source.value ?? emptyFor(at);
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const errors = fieldErrors(schema, value, parsed.error, []);
  return Promise.all(
    errors.map(async ({ field, message }) => ({
      file: source.file,
      line: await source.lineOf(field === "" ? [] : field.split(".")),
      reason: field === "" ? message : `${field}${message.startsWith("is ") ? "" : ":"} ${message}`,
    })),
  );
}

/** What an empty file says. */
function emptyFor(at: readonly string[]): unknown {
  return at[0] === "rules" || at[0] === "catalogues" ? [] : {};
}

function usable(parts: readonly Part[], flaws: readonly FixtureFlaw[]): readonly Part[] {
  const broken = new Set(flaws.map(({ file }) => file));
  const lacksScenario = flaws.some(({ file }) => basename(dirname(file)) === "scenarios");
  return parts.filter(({ source, at }) => !broken.has(source.file) && !(lacksScenario && at[0] === "rules"));
}

function assemble(parts: readonly Part[]): Readonly<Record<string, unknown>> {
  const document: Record<string, unknown> = {};
  for (const { source, at } of parts) {
    const value = source.value ?? emptyFor(at);
    if (at.length === 0) Object.assign(document, value);
    let place = document;
    at.forEach((key, index) => {
      if (index === at.length - 1) place[key] = value;
      else place = (place[key] ??= {}) as Record<string, unknown>;
    });
  }
  return document;
}

interface Found {
  readonly file: string;
  readonly at: readonly string[];
  readonly schema: z.ZodType;
}

const TOP_FILES = { rules: rulesFile, accounts: accountsFile } as const satisfies Record<string, z.ZodType>;

function isTopFile(name: string): name is keyof typeof TOP_FILES {
  return Object.hasOwn(TOP_FILES, name);
}

function listFiles(folder: string, owners: readonly FixtureOwner[], flaws: FixtureFlaw[]): Found[] {
  const found: Found[] = [];
  const folders = ["scenarios", "media", ...owners.map(({ name }) => name)];
  for (const entry of entriesOf(folder)) {
    const file = join(folder, entry.name);
    const stem = stemOf(entry.name);
    if (entry.isDirectory() && folders.includes(entry.name)) {
      if (entry.name !== "media") found.push(...listFolder(file, entry.name, owners, flaws));
    } else if (!entry.isDirectory() && stem !== undefined && isTopFile(stem)) {
      found.push({ file, at: [stem], schema: TOP_FILES[stem] });
    } else {
      const names = [...Object.keys(TOP_FILES).map((name) => `${name}.yaml`), ...folders.map((name) => `${name}/`)];
      const given = entry.isDirectory() ? `${entry.name}/` : entry.name;
      flaws.push({ file, reason: `fixtures have no ${given}. ${adviceOn(nearestNames(given, names, 1), names)}` });
    }
  }
  return withoutTwins(found, flaws);
}

function listFolder(folder: string, name: string, owners: readonly FixtureOwner[], flaws: FixtureFlaw[]): Found[] {
  const owner = owners.find((each) => each.name === name);
  const found: Found[] = [];
  for (const entry of entriesOf(folder)) {
    const file = join(folder, entry.name);
    const stem = entry.isDirectory() ? undefined : stemOf(entry.name);
    if (owner === undefined) {
      if (stem === undefined)
        flaws.push({ file, reason: `a scenario is a file that ends in ${fixtureExtensions.join(", ")}` });
      else if (!scenarioName.safeParse(stem).success)
        flaws.push({ file, reason: `a scenario's name has only a-z and -` });
      else found.push({ file, at: ["scenarios", stem], schema: scenarioDocument });
      continue;
    }
    const fixture = owner.fixtures.find((each) => each.name === `${name}/${stem ?? ""}`);
    if (fixture !== undefined && stem !== undefined)
      found.push({ file, at: ["catalogues", name, stem], schema: listSchema(fixture) });
    else {
      const lists = owner.fixtures.map((each) => each.name.slice(name.length + 1));
      flaws.push({
        file,
        reason: `${name} has no list ${stem ?? entry.name}. ${adviceOn(nearestNames(stem ?? entry.name, lists, 1), lists)}`,
      });
    }
  }
  return found;
}

/** What one file is, by its name and folder. */
function partOfFile(file: string, owners: readonly FixtureOwner[]): Omit<Found, "file"> {
  const stem = stemOf(basename(file)) ?? "";
  if (isTopFile(stem)) return { at: [stem], schema: TOP_FILES[stem] };
  const folder = basename(dirname(file));
  if (folder === "scenarios") return { at: ["scenarios", stem], schema: scenarioDocument };
  const fixture = owners.flatMap(({ fixtures }) => fixtures).find(({ name }) => name === `${folder}/${stem}`);
  if (fixture !== undefined) return { at: ["catalogues", folder, stem], schema: listSchema(fixture) };
  return { at: [], schema: fixtureDocument };
}

/** Lists of items whose names differ. */
function listSchema({ item, keyOf }: AnyFixture): z.ZodType {
  return z.array(item).superRefine((items, context) => {
    const names = items.map((each) => keyOf(each));
    names.forEach((name, index) => {
      if (names.indexOf(name) < index)
        context.addIssue({ code: "custom", path: [index], message: `"${name}" is in the list already` });
    });
  });
}

/** Two files that say the same thing differently: nobody could tell which one counts. */
function withoutTwins(found: readonly Found[], flaws: FixtureFlaw[]): Found[] {
  const seen = new Map<string, string>();
  return found.filter(({ file, at }) => {
    const other = seen.get(at.join("/"));
    if (other === undefined) seen.set(at.join("/"), file);
    else flaws.push({ file, reason: `${other} is the same; keep one of them` });
    return other === undefined;
  });
}

/** In the order of their names, without what is for people and tools. */
function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !/\.(?:md|txt)$/i.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function stemOf(name: string): string | undefined {
  const extension = extname(name);
  return fixtureExtensions.some((known) => known === extension.toLowerCase()) ? basename(name, extension) : undefined;
}
