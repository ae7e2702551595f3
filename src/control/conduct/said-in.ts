/**
 * Collects what the rules of conduct judge in a sandbox: its journal, and the requests whose keys name it though they
 * were refused and are in another journal.
 */
import { describeKey } from "../../engine/base/keys.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { Sandboxes } from "../../engine/sandbox/sandboxes.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { UnassignedRequests } from "../../http/journal/unassigned.ts";
import { hasPrefixOf, otherVendorOf } from "../../http/request/key-form.ts";
import type { HttpContext } from "../../http/request/vendor-http.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import type { Said } from "./conversation.ts";
import { queryOf } from "./entries.ts";

interface Asked {
  readonly vendors: readonly Vendor[];
  readonly sandbox: Sandbox;
}

interface Known {
  readonly vendors: readonly Vendor[];
  readonly sandboxes: Pick<Sandboxes, "findKey">;
}

/** Returns what was said in a sandbox, with the requests that missed it only because of their keys. */
export function saidIn(
  { journals, sandboxes, unassigned }: Pick<HttpContext, "journals" | "sandboxes" | "unassigned">,
  { vendors, sandbox, exitCode }: { readonly exitCode?: number | undefined } & Asked,
): Said {
  const known = { vendors, sandboxes };
  return {
    entries: journals.of(sandbox).entries(),
    strays: straysOf(known, unassigned, sandbox.name),
    ownerOfKey: (entry) => ownerOfKey(known, entry),
    exitCode,
  };
}

/** Returns the unassigned requests of other journals that carry a key of this sandbox. */
function straysOf(known: Known, unassigned: UnassignedRequests, sandbox: string): readonly JournalEntry[] {
  return unassigned
    .all()
    .filter((each) => each.sandbox !== sandbox && sandboxNamedBy(known, each.entry) === sandbox)
    .map(({ entry }) => entry);
}

/** Returns the vendor whose key a refused request carried; undefined if the key says nothing of a vendor. */
function ownerOfKey({ vendors, sandboxes }: Known, entry: JournalEntry): string | undefined {
  const vendor = vendors.find(({ name }) => name === entry.vendor);
  if (vendor === undefined) return undefined;
  const byName = new Map(vendors.map((each) => [each.name, each]));
  for (const key of keysIn(vendor.keyHeaders, entry)) {
    const registered = sandboxes.findKey(key)?.vendor;
    const owner = registered ?? otherVendorOf({ vendors: byName }, vendor, key)?.name;
    if (owner !== undefined) return owner;
    if (typeof describeKey(key) === "object" && !hasPrefixOf(vendor, key)) return "another vendor";
  }
  return undefined;
}

function sandboxNamedBy({ vendors, sandboxes }: Known, entry: JournalEntry): string | undefined {
  const headers = new Set(vendors.flatMap(({ keyHeaders }) => keyHeaders));
  for (const key of [...keysIn([...headers], entry), ...queryOf(entry.url).values()]) {
    const described = describeKey(key);
    const named = typeof described === "object" ? described.sandbox : sandboxes.findKey(key)?.sandbox;
    if (named !== undefined) return named;
  }
  return undefined;
}

/** Returns the keys in these headers, without the word before them. */
function keysIn(names: readonly string[], { requestHeaders }: JournalEntry): readonly string[] {
  return names.flatMap((name) => {
    const value = requestHeaders[name];
    return typeof value === "string" ? [value.trim().replace(/^\S+ +/, "")] : [];
  });
}
