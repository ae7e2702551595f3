/**
 * Compares every provoked answer with the published response, which is written down apart from the routes.
 * known-gaps.ts lists the differences and the published responses that no request provokes: delete a closed gap there;
 * a new gap fails here. The tests of one vendor depend on each other: later tests check what earlier tests have seen.
 */
import { isDeepStrictEqual } from "node:util";
import type { RouteOptions } from "fastify";
import type { Response } from "light-my-request";
import { describe, expect, it } from "vitest";
import type { VendorName } from "../../src/client/vendor-names.ts";
import { sandboxSettings } from "../../src/engine/sandbox/settings.ts";
import type { Outcome, Provocation } from "../../src/http/errors/outcome.ts";
import { vendors } from "../../src/vendors/index.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { buildTestApp, buildTestWorld, type TestWorld } from "../support/app.ts";
import { provoke, sendProvocation } from "../support/provoke.ts";
import { gapsOf } from "./known-gaps.ts";
import { differencesOf, findPublished, isPublishedVendor, type Asked } from "./matching.ts";
import { publishedResponses } from "./published/lookup.ts";
import type { PublishedResponse } from "./published/response.ts";

const published = vendors.filter((vendor): vendor is Vendor & { readonly name: VendorName } =>
  isPublishedVendor(vendor.name),
);

describe.each(published.map((vendor) => ({ name: vendor.name, vendor })))("$name", ({ name, vendor }) => {
  const gaps = gapsOf(name);
  const seen = new Set<PublishedResponse>();

  /** Returns the differences of an answer, and marks its published response as seen. */
  const judge = (asked: Asked, response: Response): string[] => {
    const entry = findPublished(name, asked, response);
    if (entry === undefined) return [`nothing is published for status ${response.statusCode}`];
    seen.add(entry);
    return differencesOf(entry, response);
  };

  it.each(vendor.outcomes.map((outcome) => ({ outcome, title: titleOf(outcome) })))(
    "the answer $title matches its published response",
    async ({ outcome, title }) => {
      const response = await provoke(vendor, outcome);
      expect(judge(askedBy(outcome), response)).toEqual(gaps.differences[title] ?? []);
    },
  );

  it("every route answers bad keys and failures of the vendor as published", async () => {
    const found = new Set<string>();
    for (const vintage of vendor.vintages) {
      const world = await buildTestWorld();
      world.sandbox.saveSettings(sandboxSettings.parse({ vintages: { [name]: vintage } }));
      for (const route of await requestsToRoutes(vendor)) {
        for (const { asked, response } of await troubles(world, vendor, route, vintage)) {
          const title = [asked.operation, response.statusCode, asked.state].filter(Boolean).join(" ");
          for (const each of judge(asked, response)) found.add(`${title}: ${each}`);
        }
      }
    }
    expect([...found].sort()).toEqual([...(gaps.troubles ?? [])].sort());
  });

  it("an unknown path gets the published answer", async () => {
    const world = await buildTestWorld();
    const path = `${vendor.prefixes[0] ?? ""}/no/such/route`;
    const response = await world.send(vendor, "main", { method: "GET", url: path });
    expect(judge({ operation: "unknownRoute", path }, response)).toEqual(gaps.differences.unknownRoute ?? []);
  });

  it("every routed operation has an outcome", async () => {
    const listed = new Set<string>(vendor.outcomes.map(({ operation }) => operation));
    expect((await routedOperations(vendor)).filter((operation) => !listed.has(operation))).toEqual(gaps.unlisted ?? []);
  });

  it("every published response is provoked, and every published operation has a route", async () => {
    // The paths of files do not begin with the vendor's prefixes, so the outcomes name their operations.
    const listed = vendor.outcomes.map(({ operation }) => operation);
    const routed = new Set<string>([...(await routedOperations(vendor)), ...listed, "unknownRoute"]);
    const own = publishedResponses[name];
    const unseen = own.filter((entry) => routed.has(entry.operation) && !seen.has(entry)).map(describeEntry);
    expect(unseen.sort()).toEqual([...gaps.unseen].sort());
    const unrouted = [...new Set(own.map(({ operation }) => operation).filter((operation) => !routed.has(operation)))];
    expect(unrouted).toEqual(gaps.unrouted);
  });

  it("every known difference names an existing outcome", () => {
    const titles = new Set([...vendor.outcomes.map(titleOf), "unknownRoute"]);
    expect(Object.keys(gaps.differences).filter((title) => !titles.has(title))).toEqual([]);
  });
});

function titleOf({ operation, status, code, phase, vintage, provoke: { path } }: Outcome): string {
  const query = path.split("?")[1];
  return [operation, status, code, phase, query === undefined ? undefined : `?${query}`, vintage]
    .filter((part) => part !== undefined)
    .join(" ");
}

function describeEntry({ operation, path, status, state, vintage }: PublishedResponse): string {
  return [operation, path, status, state, vintage].filter((part) => part !== undefined).join(" ");
}

function askedBy({ operation, code, vintage, provoke: { path, account, key } }: Outcome): Asked {
  return { operation, path, vintage, state: code ?? (account === undefined ? stateOfKey(key) : undefined) };
}

/** Returns the state of an answer to a missing or bad key. Some vendors word the two differently, without a code. */
function stateOfKey(key: string | undefined): string {
  return key === undefined ? "missing-key" : "bad-key";
}

async function routedOperations(vendor: Vendor): Promise<string[]> {
  return [...new Set((await routesOf(vendor)).flatMap(({ config }) => config?.operation ?? []))];
}

async function routesOf(vendor: Vendor): Promise<RouteOptions[]> {
  const app = await buildTestApp();
  return app.rememberedRoutes.filter(({ url }) =>
    vendor.prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`)),
  );
}

/** Returns a request to each route, for resources that do not exist. */
async function requestsToRoutes(vendor: Vendor): Promise<RoutedRequest[]> {
  return (await routesOf(vendor)).flatMap(({ method, url, config }) => {
    if (config?.operation === undefined) return [];
    const path = url.replaceAll(/:\w+|\*/g, "00000000-0000-4000-8000-000000000000");
    const { operation, access } = config;
    return [method]
      .flat()
      .filter((each) => each !== "HEAD")
      .map((each) => ({ operation, method: each, path, isPublic: access === "public" }));
  });
}

interface RoutedRequest {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
}

/**
 * Returns the errors that any route may answer: no key, a bad key, a revoked key, a low plan or balance, and failures.
 */
async function troubles(
  world: TestWorld,
  vendor: Vendor & { readonly name: VendorName },
  { operation, method, path, isPublic }: RoutedRequest,
  vintage: string,
): Promise<{ asked: Asked; response: Response }[]> {
  const body = method === "POST" || method === "PUT" || method === "PATCH" ? { body: {} } : {};
  const ask = async (who: Pick<Provocation, "account" | "key">, state?: string) => ({
    asked: { operation, path, vintage, state },
    response: await sendProvocation(world, vendor, { method, path, ...body, ...who }, {}),
  });
  const answers = isPublic
    ? []
    : [
        await ask({}, "missing-key"),
        await ask({ key: vendor.keyFrom("unknown") }, "bad-key"),
        await ask({ account: "revoked" }),
        // An accepted stream of events does not end, so this request is left out.
        ...(operation === "followEvents" ? [] : [await ask({ account: "free" }), await ask({ account: "broke" })]),
      ];
  const own = publishedResponses[vendor.name].filter((each) => each.operation === operation);
  const failures = own.filter(({ status }) => status >= 500);
  const isRateLimited = !isPublic || own.some(({ status }) => status === 429);
  const { codes, byCode, internal } = vendor.errors;
  const usual = codes.find((code) => isDeepStrictEqual(byCode(code)?.body, internal().body));
  const faults = [
    ...(isRateLimited ? [{ rateLimit: true as const, state: undefined }] : []),
    ...failures.map(({ status, state }) => {
      const error = state !== undefined && codes.includes(state) ? state : status === 500 ? usual : undefined;
      return error === undefined ? { status, state } : { error, state };
    }),
  ];
  for (const { state, ...fault } of faults) {
    const { id } = world.sandbox.rules.add({ when: {}, fault }, "control");
    answers.push(await ask({ account: "main" }, state));
    world.sandbox.rules.delete(id);
  }
  return answers.filter(({ response }) => response.statusCode >= 400);
}
