/** Serves the routes of a vendor's catalogues in a sandbox, with the sandbox's own items: models, styles, voices. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { SandboxSettings } from "../../engine/sandbox/settings.ts";
import type { AnyFixture } from "../../fixtures/library.ts";
import { problem } from "../../http/errors/problems.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { vendorNamed } from "../names.ts";
import { invalidRequest, parsedBy, sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

const itemParams = sandboxParams.extend({
  vendor: z.string(),
  list: z.string().meta({ description: "Name of the list, such as `models`" }),
  name: z.string(),
});

const shownItem = z.strictObject({ vendor: z.string(), list: z.string(), name: z.string(), item: z.unknown() });
const tags = ["control"] as const;

export const catalogueRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context, vendors }) => {
  app.get(
    "/sandboxes/:s/catalogue/:vendor/:list",
    {
      schema: {
        operationId: "listCatalogue",
        summary: "List a vendor's catalogue in the sandbox, with the sandbox's own items",
        tags,
        params: itemParams.omit({ name: true }),
        response: { 200: z.strictObject({ items: z.array(shownItem) }) },
      },
    },
    async (request) => {
      const { vendor, list } = request.params;
      const sandbox = sandboxOf(context, request.params);
      const fixture = fixtureOf(vendorNamed(vendors, vendor, "vendor"), list);
      const items = [...app.fixtures.of(sandbox).mapOf(fixture)];
      return { items: items.map(([name, item]) => ({ vendor, list, name, item })) };
    },
  );

  app.put(
    "/sandboxes/:s/catalogue/:vendor/:list/:name",
    {
      schema: {
        operationId: "putCatalogueItem",
        summary: "Add or replace an item of a vendor's catalogue; it becomes part of the sandbox's document",
        tags,
        params: itemParams,
        body: z.record(z.string(), z.unknown()),
        response: { 200: shownItem },
      },
    },
    async (request) => {
      const { vendor, list, name } = request.params;
      const sandbox = sandboxOf(context, request.params);
      checkItem(fixtureOf(vendorNamed(vendors, vendor, "vendor"), list), name, request.body, ["body"]);
      const { catalogueItems = {} } = sandbox.document;
      const items = { ...catalogueItems[vendor]?.[list], [name]: request.body };
      sandbox.saveSettings({
        ...sandbox.document,
        catalogueItems: { ...catalogueItems, [vendor]: { ...catalogueItems[vendor], [list]: items } },
      });
      return { vendor, list, name, item: request.body };
    },
  );
};

/** Throws a problem for the first item of a document that does not fit its vendor's catalogue. */
export function checkCatalogueItems(
  items: NonNullable<SandboxSettings["catalogueItems"]>,
  vendors: readonly Vendor[],
): void {
  for (const [vendor, lists] of Object.entries(items)) {
    const found = vendorNamed(vendors, vendor, `body.catalogueItems.${vendor}`);
    for (const [list, named] of Object.entries(lists))
      for (const [name, item] of Object.entries(named))
        checkItem(fixtureOf(found, list), name, item, ["body", "catalogueItems", vendor, list, name]);
  }
}

function checkItem(fixture: AnyFixture, name: string, item: unknown, at: readonly string[]): void {
  const key = fixture.keyOf(parsedBy(fixture.item, item, at));
  if (key !== name)
    throw invalidRequest([{ field: at.join("."), message: `the item is called "${key}", not "${name}"` }]);
}

/** Returns the name of an item in a vendor's list. Throws a problem for an item that does not fit the list. */
export function keyOfItem(vendor: Vendor, list: string, item: unknown, at: readonly string[]): string {
  const fixture = fixtureOf(vendor, list);
  return fixture.keyOf(parsedBy(fixture.item, item, at));
}

function fixtureOf({ name, title, fixtures }: Vendor, list: string): AnyFixture {
  const found = fixtures.find((fixture) => fixture.name === `${name}/${list}`);
  if (found !== undefined) return found;
  const lists = fixtures.map((fixture) => fixture.name.slice(name.length + 1));
  throw problem("no-such-catalogue", `${title} has no list "${list}"; it has ${lists.join(", ")}.`);
}
