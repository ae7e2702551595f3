/** Summarises fixtures in one line, for the output of commands. */
import type { FixtureDocument } from "../fixtures/document.ts";

/** Returns a summary such as `2 models of vivix, 3 scenarios, 1 rule, 2 accounts, 1 media file`. */
export function summaryOf(
  { catalogues = {}, scenarios = {}, rules = [], accounts = {} }: FixtureDocument,
  mediaFiles: number,
): string {
  const lists = Object.entries(catalogues).flatMap(([vendor, named]) =>
    Object.entries(named).map(([list, items]) => `${items.length} ${list} of ${vendor}`),
  );
  const parts = [
    ...lists,
    ...counted(Object.keys(scenarios).length, "scenario"),
    ...counted(rules.length, "rule"),
    ...counted(Object.keys(accounts).length, "account"),
    ...counted(mediaFiles, "media file"),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}${count === 1 ? "" : "s"}`];
}
