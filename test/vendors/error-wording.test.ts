/**
 * Tests that every error has the vendor's own wording, without texts of the libraries behind it. The requests are those
 * of the vendors' outcomes and API descriptions, each with one thing wrong.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/http/errors/outcome.ts";
import { vendors } from "../../src/vendors/index.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { prepare, sendProvocation } from "../support/provoke.ts";

/** Texts of zod, Fastify and V8. */
const LIBRARY_WORDS =
  /\bInvalid (?:input|option|string|number|key|element|UUID|URL|discriminator|ISO|datetime|date|JSON)\b|\bToo (?:small|big)\b|\bUnrecognized key|\breceived (?:undefined|null|string|number|array|object|boolean|NaN)\b|\bexpected \w+[,"]|\bmust match pattern\b|\bZod|FST_|\bUnexpected (?:token|end|non-whitespace)|\bin JSON\b|\[object |\bundefined\b|\bNaN\b/;

/** Errors whose documented text is also a library's. */
const DOCUMENTED: ReadonlySet<string> = new Set([
  // oxen's walkthrough of a Kling model has it for a malformed URL.
  JSON.stringify({ error: { message: "Invalid URL" } }),
]);

/** Values that almost no field accepts. */
const WRONG: readonly unknown[] = [null, "", "zz", "x".repeat(6000), -1, 1.5, 1e12, true, [], [5], { zz: 1 }];
const WRONG_EXTRAS: readonly unknown[] = ["zz", -1, [5], { zz: 1 }];
const WRONG_QUERIES = ["", "zz", "-1", "1.5", "1e99", "%00", '["zz"]', "99999999999"];

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
}

function describedBy({ name }: Vendor, { method, path }: Outcome["provoke"]): Described | undefined {
  const file = fileURLToPath(new URL(`../../openapi/${name}.json`, import.meta.url));
  const { paths } = JSON.parse(readFileSync(file, "utf8")) as Description;
  const [asked = ""] = path.split("?", 1);
  const found = Object.entries(paths).find(([template]) =>
    new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(asked),
  );
  return found?.[1][method.toLowerCase()];
}

/** Returns every field name in a JSON schema, at any depth. */
function fieldsIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, part]) => [
    ...(key === "properties" ? Object.keys(part as object) : []),
    ...fieldsIn(part),
  ]);
}

/** Returns copies of a body, each with one thing wrong. */
function* damaged(body: unknown, fields: readonly string[]): Generator<unknown> {
  yield* WRONG;
  yield* damagedWithin(body, fields);
}

/** Of a list, only the first item: the others are checked alike. */
function* damagedWithin(value: unknown, fields: readonly string[]): Generator<unknown> {
  if (Array.isArray(value) && value.length > 0) {
    for (const bad of [...WRONG, ...damagedWithin(value[0], fields)]) yield value.with(0, bad);
  } else if (typeof value === "object" && value !== null) {
    const own = Object.entries(value);
    for (const key of [...fields.filter((field) => !(field in value)), "surprise"])
      for (const bad of WRONG_EXTRAS) yield { ...value, [key]: bad };
    for (const [key, member] of own) {
      yield Object.fromEntries(own.filter(([name]) => name !== key));
      for (const bad of [...WRONG, ...damagedWithin(member, fields)]) yield { ...value, [key]: bad };
    }
  }
}

function* damagedPaths(path: string, parameters: readonly string[]): Generator<string> {
  const [route = "", query = ""] = path.split("?", 2);
  for (const name of [...parameters, "surprise"]) {
    const others = new URLSearchParams(query);
    others.delete(name);
    const rest = others.size === 0 ? "" : `&${others.toString()}`;
    for (const bad of WRONG_QUERIES) yield `${route}?${name}=${bad}${rest}`;
    yield `${route}?${name}=a&${name}=b${rest}`;
    yield `${route}?${name}[x]=a${rest}`;
  }
}

/** Returns one successful outcome per operation and kind of body; the test damages its request. */
function startsOf({ outcomes }: Vendor): Outcome[] {
  const found = new Map<string, Outcome>();
  for (const outcome of outcomes) {
    const { operation, status, provoke: steps, vintage } = outcome;
    if (status >= 300 || steps.rawBody !== undefined || steps.account === undefined || vintage !== undefined) continue;
    const key = `${operation} ${steps.method} ${steps.path.split("?", 1)[0] ?? ""} ${typeof steps.body}`;
    if (!found.has(key)) found.set(key, outcome);
  }
  return [...found.values()];
}

async function messagesOf(vendor: Vendor, outcome: Outcome): Promise<string[]> {
  const { world, known } = await prepare(vendor, outcome);
  const { provoke: steps } = outcome;
  const described = describedBy(vendor, steps);
  const parameters = (described?.parameters ?? []).filter((each) => each.in === "query").map(({ name }) => name);
  const bodies =
    steps.body === undefined ? [] : [...damaged(steps.body, [...new Set(fieldsIn(described?.requestBody))])];
  const requests = [
    ...bodies.map((body) => ({ ...steps, body })),
    ...[...damagedPaths(steps.path, parameters)].map((path) => ({ ...steps, path })),
  ];
  const messages = new Set<string>();
  for (const request of requests) {
    const { statusCode, body } = await sendProvocation(world, vendor, request, known);
    if (statusCode >= 500 || statusCode === 429)
      throw new Error(`${statusCode} ${JSON.stringify(request).slice(0, 300)} ${body}`);
    if (statusCode >= 400) messages.add(body);
  }
  return [...messages];
}

describe.each(vendors.map((vendor) => ({ vendor, name: vendor.name })))("$name", ({ vendor }) => {
  it("every error of a damaged request has the vendor's own wording", { timeout: 120_000 }, async () => {
    const all: string[] = [];
    for (const outcome of startsOf(vendor)) all.push(...(await messagesOf(vendor, outcome)));
    expect(all.length).toBeGreaterThan(0);
    const undocumented = [...new Set(all)].filter((message) => !DOCUMENTED.has(message));
    expect(undocumented.filter((message) => LIBRARY_WORDS.test(message))).toEqual([]);
  });
});
