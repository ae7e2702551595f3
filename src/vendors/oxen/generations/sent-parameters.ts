/** Reads parameters as their model declares them: what a client writes differently, but means the same. */
import type { CatalogueModel } from "../catalogue.ts";
import type { Parameter } from "../model.ts";

export type Parameters = Readonly<Record<string, unknown>>;

/**
 * Returns the parameters in the declared form. A null counts as not sent [doc: the spec's nullable parameters].
 * Parameters that the model does not declare are passed on as they are [doc: async_queue].
 */
export function readParameters({ listed }: CatalogueModel, sent: Parameters): Parameters {
  const declared = listed.request_schema?.properties ?? {};
  const given = Object.entries(sent).filter(([name, value]) => value !== null || !Object.hasOwn(declared, name));
  return Object.fromEntries(
    given.map(([name, value]) => {
      const parameter = Object.hasOwn(declared, name) ? declared[name] : undefined;
      if (parameter === undefined) return [name, value];
      return [name, readValue(parameter, name === "input_image" ? readImages(parameter, value) : value)];
    }),
  );
}

/** Returns the declaration of the value at a path of a request, such as `["multi_prompt", 0, "duration"]`. */
export function declarationAt({ listed }: CatalogueModel, path: readonly PropertyKey[]): Parameter {
  let current: Parameter = { properties: listed.request_schema?.properties };
  for (const step of path) {
    const next = typeof step === "number" ? current.items : memberOf(current.properties, step);
    if (!isParameters(next)) return {};
    current = next;
  }
  return current;
}

/** Converts one input image to a list, or a list of one to an image [doc: image_editing]. */
function readImages({ type }: Parameter, value: unknown): unknown {
  if (type === "array") return typeof value === "string" ? [value] : value;
  return Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
}

function readValue(parameter: Parameter, value: unknown): unknown {
  const types = [parameter.type].flat();
  // A client writes whole numbers as text [client].
  if (typeof value === "string" && types.includes("integer") && !types.includes("string"))
    return /^[+-]?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof value === "number" && types.length > 1 && types.includes("string")) return readChoice(parameter, value);
  const { items, properties } = parameter;
  if (Array.isArray(value) && isParameters(items)) return value.map((each: unknown) => readValue(items, each));
  if (!isParameters(value) || !isParameters(properties)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const member = memberOf(properties, name);
      return [name, isParameters(member) ? readValue(member, each) : each];
    }),
  );
}

/** Reads a number where the model takes numbers and text and lists its choices as text. */
function readChoice({ enum: choices }: Parameter, value: number): unknown {
  return Array.isArray(choices) && choices.includes(String(value)) ? String(value) : value;
}

function memberOf(object: unknown, name: PropertyKey): unknown {
  return isParameters(object) && Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;
}

export function isParameters(value: unknown): value is Parameters {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns whether a parameter has a value; null, an empty text and an empty list have none. */
export function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== "";
}
