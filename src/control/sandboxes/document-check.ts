/** Checks the parts of a sandbox's document that vendors define, naming the field at fault. */
import type { Scenario } from "../../engine/scenario/plan.ts";
import type { AccountSettings, SandboxSettings } from "../../engine/sandbox/settings.ts";
import { flawOfRegistered } from "../../http/request/key-form.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { checkCatalogueItems } from "./catalogue.ts";
import { findingIds } from "../conduct/finding-kinds.ts";
import { unknownName, vendorNamed } from "../names.ts";
import { checkScenarioText } from "../rules/rule-check.ts";
import { invalidRequest, parsedBy } from "../scope.ts";

/** Throws a problem for the first unusable part. `scenarios` are those that the sandbox will have. */
export function checkDocument(
  document: SandboxSettings,
  vendors: readonly Vendor[],
  scenarios: readonly Scenario[],
): void {
  for (const [name, settings] of Object.entries(document.vendors ?? {})) {
    parsedBy(vendorNamed(vendors, name, `body.vendors.${name}`).settings, settings, ["body", "vendors", name]);
  }
  for (const [name, vintage] of Object.entries(document.vintages ?? {})) {
    const { vintages } = vendorNamed(vendors, name, `body.vintages.${name}`);
    if (!vintages.includes(vintage)) throw unknownName("vintage", vintage, vintages, `body.vintages.${name}`);
  }
  if (typeof document.catalogue === "object") {
    for (const name of Object.keys(document.catalogue)) vendorNamed(vendors, name, `body.catalogue.${name}`);
  }
  if (document.catalogueItems !== undefined) checkCatalogueItems(document.catalogueItems, vendors);
  if (document.scenario !== undefined) {
    checkScenarioText(scenarios, vendors, document.scenario, "body.scenario");
  }
  for (const id of Object.keys(document.conduct ?? {}))
    if (!findingIds.some((known) => known === id)) throw unknownName("finding", id, findingIds, `body.conduct.${id}`);
  for (const [account, listed] of Object.entries(document.accounts ?? {}))
    checkAccount(account, listed, vendors, ["body", "accounts", account]);
}

/** Checks the settings of an account; `at` is their place in the request. Throws a problem for the first error. */
export function checkAccount(
  account: string,
  { vendors: states, keys, endpoints }: AccountSettings,
  vendors: readonly Vendor[],
  at: readonly string[],
): void {
  const named = (name: string, ...path: readonly string[]): Vendor =>
    vendorNamed(vendors, name, [...at, ...path].join("."));
  for (const [name, state] of Object.entries(states ?? {})) {
    const vendor = named(name, "vendors", name);
    checkAccountState(vendor, vendor.defaultState(account), state, [...at, "vendors", name]);
  }
  for (const [index, listed] of (keys ?? []).entries()) {
    const { key, vendor } = typeof listed === "string" ? { key: listed, vendor: undefined } : listed;
    if (vendor !== undefined) named(vendor, "keys", String(index), "vendor");
    checkKeyForm(vendors, key, vendor, [...at, "keys", String(index)]);
  }
  for (const [name, urls] of Object.entries(endpoints ?? {})) {
    const { title, webhooks } = named(name, "endpoints", name);
    const most = webhooks?.mostEndpoints ?? 0;
    if (urls.length <= most) continue;
    const message =
      most > 0
        ? `an account may have at most ${most} endpoints at ${title}`
        : `${title} has no endpoints; each request names the URL of its webhooks`;
    throw invalidRequest([{ field: [...at, "endpoints", name].join("."), message }]);
  }
}

/** Throws `invalid-request` for a key that no request could use. */
export function checkKeyForm(
  vendors: readonly Vendor[],
  key: string,
  vendor: string | undefined,
  at: readonly string[],
): void {
  const message = flawOfRegistered(vendors, key, vendor);
  if (message !== undefined) throw invalidRequest([{ field: at.join("."), message }]);
}

/** Checks the account state at a vendor that a change would lead to. Throws `invalid-request`. */
export function checkAccountState(
  vendor: Vendor,
  present: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
  at: readonly string[],
): void {
  parsedBy(vendor.accountState, { ...present, ...change }, at);
}
