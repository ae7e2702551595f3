/** Generates the lists of vendors in YAML files, whose other lines are written by hand. */
import { readFileSync } from "node:fs";
import { packageRoot } from "../../src/platform/package-root.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import type { GeneratedFile } from "./generated-files.ts";

const COMPOSE = "docker/compose.yaml";
const ISSUE_FORM = ".github/ISSUE_TEMPLATE/vendor-differs.yml";

/** Returns the files with a list of the vendors: their hosts in docker/compose.yaml, their names in the issue form. */
export function filesWithVendorLists(vendors: readonly Vendor[]): GeneratedFile[] {
  const hosts = vendors.map(({ realHosts: [host] }) => host);
  const names = vendors.map(({ name }) => name);
  return [
    [COMPOSE, withItems(textOf(COMPOSE), "        aliases:\n", hosts)],
    [ISSUE_FORM, withItems(textOf(ISSUE_FORM), "      label: Vendor\n      options:\n", names)],
  ];
}

/** Replaces the items of the list that follows `head`. Throws if `head` does not occur exactly once. */
function withItems(text: string, head: string, items: readonly string[]): string {
  const [before = "", after, ...others] = text.split(head);
  if (after === undefined || others.length > 0) throw new Error(`A file must contain these lines once:\n${head}`);
  const [list = ""] = /^(?: *- .*\n)*/.exec(after) ?? [];
  const [indentation = ""] = /^ */.exec(list) ?? [];
  return before + head + items.map((item) => `${indentation}- ${item}\n`).join("") + after.slice(list.length);
}

const textOf = (path: string): string => readFileSync(packageRoot + path, "utf8");
