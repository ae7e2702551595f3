/**
 * Compares the operations of two OpenAPI documents: parameters, request bodies and successful answers, at any depth.
 * Texts for people, examples and patterns are not compared, and neither is what the vendor leaves to its prose.
 */
type Json = Readonly<Record<string, unknown>>;

export interface Documents {
  readonly published: Json;
  readonly served: Json;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** Lists the differences, each as a place and what is there; the published document comes first. */
export function openapiDifferences({ published, served }: Documents): string[] {
  const ours = operationsOf(served);
  const theirs = operationsOf(published);
  const found: string[] = [];
  for (const [name, operation] of theirs) {
    const own = ours.get(name);
    if (own === undefined) found.push(`${name}: not served`);
    else {
      found.push(...parameterDifferences(name, operation, own));
      const bodies = { published: bodyOf(published, operation), served: bodyOf(served, own) };
      found.push(...compare("request", { place: `${name} body`, ...bodies }));
      found.push(...answerDifferences(name, [published, operation], [served, own]));
    }
  }
  for (const name of ours.keys()) if (!theirs.has(name)) found.push(`${name}: not published`);
  return found.sort();
}

/** Returns the operations by method and path, without the names of the path's parameters. */
function operationsOf(document: Json): Map<string, Json> {
  return new Map(
    Object.entries(memberOf(document, "paths")).flatMap(([path, item]) =>
      METHODS.filter((method) => isObject(item) && method in item).map((method): [string, Json] => [
        `${method.toUpperCase()} ${path.replaceAll(/\{[^}]*\}|\*\w*/g, "{}")}`,
        memberOf(item, method),
      ]),
    ),
  );
}

function parameterDifferences(name: string, published: Json, served: Json): string[] {
  const query = (operation: Json) =>
    new Map(
      listOf(operation.parameters)
        .filter((each) => each.in === "query")
        .map((each) => [String(each.name), { schema: memberOf(each, "schema"), isRequired: each.required === true }]),
    );
  const [theirs, ours] = [query(published), query(served)];
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((parameter) => {
    const place = `${name} ?${parameter}`;
    const [their, own] = [theirs.get(parameter), ours.get(parameter)];
    if (their === undefined || own === undefined)
      return [`${place}: ${own === undefined ? "not served" : "not published"}`];
    const need =
      their.isRequired === own.isRequired
        ? []
        : [`${place}: required ${String(their.isRequired)}, ${String(own.isRequired)}`];
    return [
      ...need,
      ...scalarDifferences("request", { place, published: shapeOf(their.schema), served: shapeOf(own.schema) }),
    ];
  });
}

function bodyOf(document: Json, operation: Json): Shape | undefined {
  return contentOf(document, memberOf(operation, "requestBody"));
}

function answerDifferences(name: string, [published, their]: [Json, Json], [served, own]: [Json, Json]): string[] {
  const [theirs, ours] = [memberOf(their, "responses"), memberOf(own, "responses")];
  return Object.keys(theirs).flatMap((status) => {
    if (!(status in ours)) return [`${name} ${status}: not served`];
    // The document types errors as an object of any form.
    if (!status.startsWith("2")) return [];
    return compare("answer", {
      place: `${name} ${status}`,
      published: contentOf(published, memberOf(theirs, status)),
      served: contentOf(served, memberOf(ours, status)),
    });
  });
}

function contentOf(document: Json, holder: Json): Shape | undefined {
  const schema = memberOf(memberOf(memberOf(holder, "content"), "application/json"), "schema");
  return Object.keys(schema).length === 0 ? undefined : shapeOf(resolve(document, schema), document);
}

/** A schema in one form for both versions of OpenAPI. */
interface Shape {
  readonly types: readonly string[];
  readonly isNullable: boolean;
  readonly choices?: readonly unknown[] | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly properties: ReadonlyMap<string, Shape>;
  readonly required: ReadonlySet<string>;
  readonly items?: Shape | undefined;
  readonly values?: Shape | undefined;
}

function shapeOf(given: Json, document: Json = {}): Shape {
  const schema = resolve(document, given);
  const alternatives = listOf(schema.anyOf ?? schema.oneOf).map((each) => shapeOf(each, document));
  if (alternatives.length > 0) return merge(alternatives, schema);
  const types = [schema.type].flat().filter((type) => typeof type === "string");
  const isOfAny = types.length === 0;
  const choices =
    "const" in schema ? [schema.const] : Array.isArray(schema.enum) ? (schema.enum as unknown[]) : undefined;
  const items = memberOf(schema, "items");
  const values = memberOf(schema, "additionalProperties");
  return {
    types: types.filter((type) => type !== "null"),
    isNullable: schema.nullable === true || types.includes("null"),
    choices: choices?.filter((choice) => choice !== null),
    facts: isOfAny ? {} : factsOf(schema),
    properties: new Map(
      Object.entries(memberOf(schema, "properties")).map(([name, each]) => [name, shapeOf(each as Json, document)]),
    ),
    required: new Set((schema.required as string[] | undefined) ?? []),
    ...(Object.keys(items).length > 0 && { items: shapeOf(items, document) }),
    ...(Object.keys(values).length > 0 && { values: shapeOf(values, document) }),
  };
}

/** Alternatives count as one object with the properties of all, of which only the common ones are required. */
function merge(alternatives: readonly Shape[], { nullable }: Json): Shape {
  const real = alternatives.filter(({ types }) => types.length > 0);
  const [first, ...others] = real;
  if (first === undefined) throw new Error("A union has no alternative.");
  const isNullable = nullable === true || alternatives.some((each) => each.isNullable);
  return {
    ...first,
    isNullable,
    types: [...new Set(real.flatMap(({ types }) => types))],
    properties: new Map(real.flatMap(({ properties }) => [...properties])),
    required: new Set([...first.required].filter((name) => others.every(({ required }) => required.has(name)))),
  };
}

/** Bounds that every whole number has are not bounds. */
function factsOf({ minimum, maximum, default: byDefault, format }: Json): Readonly<Record<string, unknown>> {
  const isBound = (bound: unknown) => typeof bound === "number" && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return {
    ...(isBound(minimum) && { minimum }),
    ...(isBound(maximum) && { maximum }),
    ...(byDefault !== undefined && byDefault !== null && { default: byDefault }),
    ...(format !== undefined && { format }),
  };
}

/** A request is compared both ways. An answer may say less than is published (fewer choices, never null), not more. */
type Direction = "request" | "answer";

interface Pair {
  readonly place: string;
  readonly published: Shape | undefined;
  readonly served: Shape | undefined;
}

function compare(direction: Direction, { place, published, served }: Pair): string[] {
  if (published === undefined || served === undefined)
    return published === served ? [] : [`${place}: ${served === undefined ? "not served" : "not published"}`];
  // An object without properties may have any.
  const isOpen = published.properties.size === 0;
  const names = isOpen ? [] : [...new Set([...published.properties.keys(), ...served.properties.keys()])];
  const inner: Pair[] = names.map((name) => ({
    place: `${place}.${name}`,
    published: published.properties.get(name),
    served: served.properties.get(name),
  }));
  if (published.items && served.items)
    inner.push({ place: `${place}[]`, published: published.items, served: served.items });
  if (published.values?.types.length)
    inner.push({ place: `${place}.*`, published: published.values, served: served.values });
  return [
    ...scalarDifferences(direction, { place, published, served }),
    ...names
      .filter((name) => {
        const [theirs, ours] = [published.required.has(name), served.required.has(name)];
        return direction === "request" ? theirs !== ours : theirs && !ours;
      })
      .map((name) => `${place}.${name}: ${published.required.has(name) ? "required, optional" : "optional, required"}`),
    ...inner.flatMap((pair) => compare(direction, pair)),
  ];
}

function scalarDifferences(
  direction: Direction,
  { place, published, served }: { readonly place: string; readonly published: Shape; readonly served: Shape },
): string[] {
  const told = (what: string, theirs: unknown, ours: unknown): string =>
    `${place}: ${what} ${show(theirs)}, ${show(ours)}`;
  const isRequest = direction === "request";
  const found: string[] = [];
  const isWithin = (theirs: readonly unknown[] = [], ours: readonly unknown[] = []) =>
    ours.every((each) => theirs.includes(each)) && (!isRequest || theirs.length === ours.length);
  if (!isWithin(published.types, served.types)) found.push(told("type", published.types, served.types));
  if (isRequest ? published.isNullable !== served.isNullable : served.isNullable && !published.isNullable)
    found.push(told("nullable", published.isNullable, served.isNullable));
  const { choices } = published;
  if (
    choices === undefined
      ? isRequest && served.choices !== undefined
      : !served.choices || !isWithin(choices, served.choices)
  )
    found.push(told("choices", choices, served.choices));
  const facts = Object.keys(isRequest ? { ...published.facts, ...served.facts } : published.facts);
  for (const fact of facts)
    if (published.facts[fact] !== served.facts[fact]) found.push(told(fact, published.facts[fact], served.facts[fact]));
  return found;
}

function show(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}

function resolve(document: Json, schema: Json): Json {
  const all = listOf(schema.allOf);
  if (all.length === 1 && all[0] !== undefined)
    return resolve(document, { ...all[0], ...(schema.nullable === true && { nullable: true }) });
  if (typeof schema.$ref !== "string") return schema;
  const target = schema.$ref.slice(2).split("/").reduce(memberOf, document);
  return resolve(document, target);
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function memberOf(object: unknown, name: string): Json {
  const member: unknown = isObject(object) ? object[name] : undefined;
  return isObject(member) ? member : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
