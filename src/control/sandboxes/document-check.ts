/** Checks the parts of a sandbox's document that vendors define, naming the field at fault. */
import type { Scenario } from "../../engine/scenario/plan.ts";
import type { AccountSettings, SandboxSettings } from "../../engine/sandbox/settings.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { checkCatalogueItems } from "./catalogue.ts";
import { unknownName, vendorNamed } from "../names.ts";
import { checkScenarioText } from "../rules/rule-check.ts";
import { invalidRequest, parsedBy } from "../scope.ts";

/** Throws a problem for the first part that cannot be used. `scenarios` are those that it will know. */
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
  for (const [account, listed] of Object.entries(document.accounts ?? {}))
    checkAccount(account, listed, vendors, ["body", "accounts", account]);
}

/** Checks what is listed of one account; `at` is where it stands. Throws a problem for the first part at fault. */
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
  for (const [index, key] of (keys ?? []).entries())
    if (typeof key !== "string" && key.vendor !== undefined) named(key.vendor, "keys", String(index), "vendor");
  for (const [name, urls] of Object.entries(endpoints ?? {})) {
    const { title, webhooks } = named(name, "endpoints", name);
    const most = webhooks?.mostEndpoints ?? 0;
    if (urls.length <= most) continue;
    const message =
      most > 0
        ? `an account may have ${most} endpoints at ${title}`
        : `${title} has no endpoints: its webhooks go where each request says`;
    throw invalidRequest([{ field: [...at, "endpoints", name].join("."), message }]);
  }
}

/** Checks a change to an account's state at a vendor against what it would then be. Throws `invalid-request`. */
export function checkAccountState(
  vendor: Vendor,
  present: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
  at: readonly string[],
): void {
  parsedBy(vendor.accountState, { ...present, ...change }, at);
}
