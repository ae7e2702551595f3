/** Lists the vendors. A new vendor is added here; docs/contributing.md has the steps. */
import { affogato } from "./affogato/index.ts";
import { oxen } from "./oxen/index.ts";
import { sync } from "./sync/index.ts";
import type { Vendor } from "./vendor.ts";
import { vivix } from "./vivix/index.ts";

export const vendors: readonly Vendor[] = [
  // Pages and reports show the vendors in this order.
  sync,
  oxen,
  affogato,
  vivix,
];
