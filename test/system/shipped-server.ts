/**
 * Provides the installed package's server to tests that build one in their process. The package exports no such
 * function, so this finds it in the package's files: by its properties' names, which the minifier keeps.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { buildApp as BuildApp } from "../../src/app.ts";
import type { listen as Listen } from "../../src/start.ts";
import type { vendors as Vendors } from "../../src/vendors/index.ts";

const folder = process.env["SHIPPED_FOLDER"];
if (folder === undefined) throw new Error("SHIPPED_FOLDER is the path of the installed package's dist folder.");

/** Returns the one exported value of a file that `isWanted` accepts. */
async function exportOf<Wanted>(file: RegExp, isWanted: (value: unknown) => value is Wanted): Promise<Wanted> {
  const found = readdirSync(folder ?? "").filter((name) => file.test(name));
  const modules = await Promise.all(found.map(async (name) => import(pathToFileURL(join(folder ?? "", name)).href)));
  const wanted = new Set(modules.flatMap((module: object) => Object.values(module)).filter(isWanted));
  const [only] = wanted;
  if (only === undefined || wanted.size > 1) throw new Error(`${wanted.size} exports of ${String(file)} fit.`);
  return only;
}

export const buildApp = await exportOf(
  /^app-.*\.js$/,
  (value): value is typeof BuildApp => typeof value === "function" && String(value).includes("checksResponses"),
);

const start = await exportOf(
  /^start-(?!fauxgen).*\.js$/,
  (value): value is { readonly listen: typeof Listen } =>
    typeof value === "object" && value !== null && "listen" in value && typeof value.listen === "function",
);
export const { listen } = start;

export const vendors = await exportOf(
  /^vendors-.*\.js$/,
  (value): value is typeof Vendors =>
    Array.isArray(value) && value.some((each: { name?: unknown }) => each.name === "sync" && "outcomes" in each),
);
