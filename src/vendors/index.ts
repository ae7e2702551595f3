/** The list of vendors. A fifth is one folder and its name here; docs/contributing.md has the whole recipe. */
import { affogato } from "./affogato/index.ts";
import { oxen } from "./oxen/index.ts";
import { sync } from "./sync/index.ts";
import type { Vendor } from "./vendor.ts";
import { vivix } from "./vivix/index.ts";

export const vendors: readonly Vendor[] = [
  // In the order in which they are shown.
  sync,
  oxen,
  affogato,
  vivix,
];
