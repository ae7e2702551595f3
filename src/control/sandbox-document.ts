/** Checks the parts of a sandbox's document that vendors define, naming the field at fault. */
import { parseScenarioText } from "../engine/marker.ts";
import type { Sandbox } from "../engine/sandbox.ts";
import type { Scenario } from "../engine/scenarios.ts";
import type { SandboxSettings } from "../engine/settings.ts";
import type { Vendor } from "../vendors/vendor.ts";
import { checkCatalogueItems } from "./catalogue.ts";
import { unknownName, vendorNamed } from "./names.ts";
import { parsedBy } from "./scope.ts";

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
    const name = parseScenarioText(document.scenario)?.name ?? document.scenario;
    const names = scenarios.map((scenario) => scenario.name);
    if (!names.includes(name)) throw unknownName("scenario", name, names, "body.scenario");
  }
  for (const [account, { vendors: states, keys }] of Object.entries(document.accounts ?? {})) {
    for (const [name, state] of Object.entries(states ?? {}))
      checkAccountState(
        vendorNamed(vendors, name, `body.accounts.${account}.vendors.${name}`),
        account,
        undefined,
        state,
        ["body", "accounts", account, "vendors", name],
      );
    for (const [index, key] of (keys ?? []).entries()) {
      if (typeof key !== "string" && key.vendor !== undefined)
        vendorNamed(vendors, key.vendor, `body.accounts.${account}.keys.${index}.vendor`);
    }
  }
}

/** Checks a change to an account's state at a vendor against what it would then be. Throws `invalid-request`. */
export function checkAccountState(
  vendor: Vendor,
  account: string,
  sandbox: Sandbox | undefined,
  change: Readonly<Record<string, unknown>>,
  at: readonly string[],
): void {
  const present = sandbox?.account(account).state(vendor.name) ?? vendor.born(account);
  parsedBy(vendor.accountState, { ...present, ...change }, at);
}
