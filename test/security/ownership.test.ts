/**
 * Tests that no account can reach data of another. For every route whose path, query or body names data of an account,
 * the vendor refuses another account of the same sandbox, the same account of another sandbox, and a client without a
 * key. The owner's request then still works. The routes are those of the OpenAPI documents and the requests are those of
 * the tables of outcomes, so that a new route that is missing there fails here.
 */
import { describe, expect, it } from "vitest";
import type { Outcome, Provocation } from "../../src/http/errors/outcome.ts";
import { vendors } from "../../src/vendors/index.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { isPublishedVendor } from "../contract/matching.ts";
import { publishedResponses } from "../contract/published/lookup.ts";
import { differences } from "../contract/published/shape.ts";
import { readOperations, type Api } from "../fuzz/documents.ts";
import { prepare, sendProvocation } from "../support/provoke.ts";

interface Route {
  readonly method: string;
  /** The path with {placeholders}. */
  readonly path: string;
}

/** Routes whose path names no data of an account, with the reason. */
const NOBODYS: Readonly<Record<string, string>> = {
  "GET /api/ai/models/{id}": "all accounts share the catalogue",
  "POST /api/ai/models/{id}/favorite": "all accounts share the catalogue; favourites belong to the caller",
  "DELETE /api/ai/models/{id}/favorite": "all accounts share the catalogue; favourites belong to the caller",
  "GET /v2/voices/{id}": "only built-in voices can be looked up one by one",
};

/** Routes that the vendor serves without a key to every client that knows the URL, which cannot be guessed. */
const BY_URL: Readonly<Record<string, string>> = {
  "GET /v2/generations/{id}/result": "its token is its key",
  "GET /v2/batches/{id}/result": "its token is its key",
  "GET /v2/generations/{id}/download": "it redirects to a file",
  "GET /api/repos/{namespace}/{repo}/workspaces/{workspace_id}/{*}": "a file of the vendor's file host",
  "GET /api/repos/{namespace}/{repo}/file/{branch}/{*}": "a file of the vendor's file host",
};

/** Routes that answer a list of the named items; the list is empty for other accounts. */
const LISTS: readonly string[] = ["POST /v2/assets/batch"];

const routeOf = ({ method, path }: Route): string => `${method} ${path}`;

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{\\\*\}/g, "[^?]+");
  return new RegExp(`^${escaped.replaceAll(/\{[^}]+\}/g, "[^/?]+")}(?:\\?|$)`);
}

const named = /\{[\w.]+\}/;
const namesSomething = ({ path, body }: Provocation): boolean =>
  named.test(path) || named.test(JSON.stringify(body ?? ""));

/** Returns a route's successful outcomes that name data of the account. */
function successesOf({ outcomes }: Vendor, { method, path }: Route): Outcome[] {
  const pattern = patternOf(path);
  return outcomes.filter(
    ({ status, provoke }) =>
      status < 400 &&
      provoke.link === undefined &&
      provoke.method === method &&
      pattern.test(provoke.path) &&
      namesSomething(provoke),
  );
}

const routes = vendors.flatMap((vendor) =>
  readOperations(vendor.name as Api).map(({ method, path }) => ({ vendor, method, path, title: `${method} ${path}` })),
);
const withId = routes.filter(({ path }) => path.includes("{"));

it("every route with a parameter in its path is tested with other accounts, or has a reason not to be", () => {
  const silent = withId.filter(
    (route) => successesOf(route.vendor, route).length === 0 && !Object.hasOwn({ ...NOBODYS, ...BY_URL }, route.title),
  );
  expect(silent.map(routeOf)).toEqual([]);
  const known = withId.map(routeOf);
  expect(Object.keys({ ...NOBODYS, ...BY_URL }).filter((route) => !known.includes(route))).toEqual([]);
});

const asked = routes.flatMap((route) => {
  if (Object.hasOwn({ ...NOBODYS, ...BY_URL }, route.title)) return [];
  // Keeps the first of similar outcomes: those that differ only in the owner's answer are one case.
  const cases = new Map(
    successesOf(route.vendor, route).map((outcome) => [
      `${outcome.provoke.path} ${JSON.stringify(outcome.provoke.body)}`,
      outcome,
    ]),
  );
  return [...cases.values()].map((outcome) => ({ ...route, outcome, asks: `${route.method} ${outcome.provoke.path}` }));
});

function fitsPublished(vendor: Vendor, status: number, body: string): boolean {
  if (!isPublishedVendor(vendor.name)) return false;
  return publishedResponses[vendor.name].some(
    ({ status: published, body: shape }) =>
      published === status && typeof shape !== "string" && differences(shape, JSON.parse(body)).length === 0,
  );
}

describe("another account", () => {
  it.each(asked)("is refused at $asks", async ({ vendor, outcome, title }) => {
    const { world, known } = await prepare(vendor, outcome);
    const { account, ...steps } = outcome.provoke;
    world.app.httpContext.sandboxes.obtain("elsewhere");
    for (const [who, key] of [
      ["another account", vendor.keyFrom("fx_world_other")],
      ["another sandbox", vendor.keyFrom("fx_elsewhere_main")],
    ] as const) {
      const answer = await sendProvocation(world, vendor, { ...steps, key }, known);
      const found = `${who}: ${answer.statusCode} ${answer.body.slice(0, 300)}`;
      if (LISTS.includes(title)) expect([answer.statusCode, answer.body], found).toEqual([200, "[]"]);
      else {
        expect([400, 403, 404, 409, 422], found).toContain(answer.statusCode);
        expect(fitsPublished(vendor, answer.statusCode, answer.body), found).toBe(true);
      }
    }
    const keyless = await sendProvocation(world, vendor, steps, known);
    expect(keyless.statusCode, `no key: ${keyless.body.slice(0, 300)}`).toBe(401);
    if (steps.meanwhile !== undefined) return;
    const own = await sendProvocation(world, vendor, { ...steps, ...(account !== undefined && { account }) }, known);
    expect(own.statusCode).toBe(outcome.status);
  });
});
