/**
 * Every answer that can be provoked, compared with what the vendor publishes, which was written down apart from the
 * routes. What differs and what is published but never seen is listed in known-gaps.ts: a gap that is closed must be
 * deleted there, and a new one fails here. The tests of one vendor build on each other: the last asks what was seen.
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

  /** What is wrong with an answer; whatever it was meant to be has been seen then. */
  const judge = (asked: Asked, response: Response): string[] => {
    const entry = findPublished(name, asked, response);
    if (entry === undefined) return [`nothing is published for status ${response.statusCode}`];
    seen.add(entry);
    return differencesOf(entry, response);
  };

  it.each(vendor.outcomes.map((outcome) => ({ outcome, title: titleOf(outcome) })))(
    "answers $title as it is published",
    async ({ outcome, title }) => {
      const response = await provoke(vendor, outcome);
      expect(judge(askedBy(outcome), response)).toEqual(gaps.differences[title] ?? []);
    },
  );

  it("answers on every route as it is published when the key is no good, or something is wrong with the vendor", async () => {
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

  it("answers a path that it does not have as it is published", async () => {
    const world = await buildTestWorld();
    const path = `${vendor.prefixes[0] ?? ""}/no/such/route`;
    const response = await world.send(vendor, "main", { method: "GET", url: path });
    expect(judge({ operation: "unknownRoute", path }, response)).toEqual(gaps.differences.unknownRoute ?? []);
  });

  it("lists an outcome for every operation that it routes", async () => {
    const listed = new Set<string>(vendor.outcomes.map(({ operation }) => operation));
    expect((await routedOperations(vendor)).filter((operation) => !listed.has(operation))).toEqual(gaps.unlisted ?? []);
  });

  it("has every published response of the operations that it routes, and routes every published operation", async () => {
    // Files lie below no prefix of the vendor's, so its outcomes have to say that it has them.
    const listed = vendor.outcomes.map(({ operation }) => operation);
    const routed = new Set<string>([...(await routedOperations(vendor)), ...listed, "unknownRoute"]);
    const own = publishedResponses[name];
    const unseen = own.filter((entry) => routed.has(entry.operation) && !seen.has(entry)).map(describeEntry);
    expect(unseen.sort()).toEqual([...gaps.unseen].sort());
    const unrouted = [...new Set(own.map(({ operation }) => operation).filter((operation) => !routed.has(operation)))];
    expect(unrouted).toEqual(gaps.unrouted);
  });

  it("has no gap that is not one", () => {
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

/** Some vendors word a missing key and a wrong one differently, without a code. */
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

/** A request to each route, about things that do not exist. */
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

/** What everybody may meet on a route: no key, a wrong one, a revoked one, a plan or balance too low, and failures. */
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
        // A stream of events that is let in has no end to wait for.
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
