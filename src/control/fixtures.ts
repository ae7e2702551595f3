/** Fixtures of one sandbox: what a user's folder says, put into it in one step. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { SandboxSettings } from "../engine/sandbox/settings.ts";
import { fixtureDocument, type FixtureDocument } from "../fixtures/document.ts";
import { originOf } from "../http/parsing/public-url.ts";
import type { Vendor } from "../vendors/vendor.ts";
import { keyOfItem } from "./catalogue.ts";
import { fixtureErrors } from "./fixture-check.ts";
import { handle, handlesOf } from "./handles.ts";
import { vendorNamed } from "./names.ts";
import { invalidRequest, sandboxParams, type ControlOptions } from "./scope.ts";

/** Catalogues of a vendor may be long; media are not among it. */
const MOST_BYTES = 32 * 1024 * 1024;

const names = z.array(z.string());

const applied = z.strictObject({
  sandbox: z.string(),
  catalogues: z.record(z.string(), z.record(z.string(), names)).meta({ description: "Names by vendor and list" }),
  scenarios: names,
  rules: z.int().nullable().meta({ description: "How many it has in its document now; null where none were sent" }),
  accounts: names,
  vendors: z.record(z.string(), handle).meta({ description: "Base URL, key and secret of account `main`, by vendor" }),
});

export const fixtureRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  const { context, vendors } = options;
  const { sandboxes, scenarios } = context;

  app.put(
    "/sandboxes/:s/fixtures",
    {
      bodyLimit: MOST_BYTES,
      schema: {
        operationId: "applyFixtures",
        summary: "Put catalogue items, scenarios, rules and accounts into a sandbox, all or none",
        description:
          "What a folder of fixtures says, as one document. It becomes part of the sandbox's own, so that a reset restores it: items, scenarios and accounts by name beside those that it has, rules in place of those that its document lists, unless they are the same. Sending it again changes nothing. The sandbox is made where there is none.",
        tags: ["control"],
        params: sandboxParams,
        body: fixtureDocument,
        response: { 200: applied },
      },
    },
    async (request) => {
      const { body, params } = request;
      const present = sandboxes.find(params.s);
      const errors = fixtureErrors(options, body, present, ["body"]);
      if (errors.length > 0) throw invalidRequest(errors);
      const settings = merged(present?.settings ?? {}, body, vendors);
      const sandbox = present ?? sandboxes.create(params.s, settings);
      if (present !== undefined) {
        present.settle();
        const { rules, accounts } = body;
        const isChanged = JSON.stringify(rules) !== JSON.stringify(present.settings.rules);
        const changed = { ...(rules && isChanged && { rules }), ...(accounts && { accounts }) };
        sandboxes.configure(present, settings, changed);
        for (const name of Object.keys(body.scenarios ?? {})) present.store.scenarios.delete(present.rowId, name);
        scenarios.forget(present);
      }
      const items = itemsOf(body, vendors);
      return {
        sandbox: sandbox.name,
        catalogues: Object.fromEntries(
          Object.entries(items).map(([vendor, lists]) => [
            vendor,
            Object.fromEntries(Object.entries(lists).map(([list, named]) => [list, Object.keys(named)])),
          ]),
        ),
        scenarios: Object.keys(body.scenarios ?? {}),
        rules: body.rules?.length ?? null,
        accounts: Object.keys(body.accounts ?? {}),
        vendors: handlesOf(vendors, sandbox, "main", originOf(request)),
      };
    },
  );
};

type Items = Record<string, Record<string, Record<string, unknown>>>;

/** Items by vendor, list and name, as a sandbox's document has them. */
function itemsOf({ catalogues = {} }: FixtureDocument, vendors: readonly Vendor[]): Items {
  const found: Items = {};
  for (const [name, lists] of Object.entries(catalogues)) {
    const vendor = vendorNamed(vendors, name, `body.catalogues.${name}`);
    const named = Object.entries(lists).map(
      ([list, items]) =>
        [list, Object.fromEntries(items.map((item) => [keyOfItem(vendor, list, item, ["body"]), item]))] as const,
    );
    found[name] = Object.fromEntries(named);
  }
  return found;
}

/** A sandbox's document with what fixtures say on top. */
function merged(settings: SandboxSettings, document: FixtureDocument, vendors: readonly Vendor[]): SandboxSettings {
  const catalogueItems: Items = { ...settings.catalogueItems };
  for (const [vendor, lists] of Object.entries(itemsOf(document, vendors))) {
    const present = catalogueItems[vendor] ?? {};
    catalogueItems[vendor] = { ...present };
    for (const [list, items] of Object.entries(lists))
      catalogueItems[vendor] = { ...catalogueItems[vendor], [list]: { ...present[list], ...items } };
  }
  const { scenarios, rules, accounts } = document;
  return {
    ...settings,
    ...(document.catalogues !== undefined && { catalogueItems }),
    ...(scenarios !== undefined && { scenarios: { ...settings.scenarios, ...scenarios } }),
    ...(rules !== undefined && { rules }),
    ...(accounts !== undefined && { accounts: { ...settings.accounts, ...accounts } }),
  };
}
