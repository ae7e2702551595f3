/** Makes the cases of each vendor from the documents: fills in the vendor's values, and names each case. */
import type { CaseDocument } from "./case-document.ts";

/** One case of one vendor. */
export interface ConformanceCase {
  /** `vendor/family/name`. */
  readonly id: string;
  readonly vendor: string;
  readonly family: string;
  /** What the server does, with the vendor's name as its subject. */
  readonly title: string;
  readonly document: CaseDocument;
}

/** The error of a text that names a value that the case does not give for a vendor. */
export class ValueMissing extends Error {}

/** Values that only a running server knows. */
const RUNTIME_VALUES: ReadonlySet<string> = new Set(["otherOrigin"]);

/** Returns the cases of a document, one for each vendor that it names, or for each of `vendors`. */
export function casesOf(
  { family, shared }: { readonly family: string; readonly shared: Readonly<Record<string, unknown>> },
  document: CaseDocument,
  vendors: readonly string[],
): ConformanceCase[] {
  return (document.vendors ?? vendors).map((vendor) => {
    const values = { ...shared, ...document.vars[vendor] };
    const filled = { ...document, ...filledParts(document, values) };
    return {
      id: `${vendor}/${family}/${document.id}`,
      vendor,
      family,
      title: `${vendor} ${document.title}`,
      document: filled,
    };
  });
}

function filledParts(document: CaseDocument, values: Readonly<Record<string, unknown>>): Partial<CaseDocument> {
  const fill = (value: unknown): unknown => filled(value, values);
  return {
    sandbox: Object.fromEntries(Object.entries(document.sandbox).map(([name, value]) => [name, fill(value)])),
    faults: document.faults.map((fault) => ({ ...fault, do: fill(fault.do) })),
    scenarios: document.scenarios.map((scenario) => ({
      ...scenario,
      do: String(fill(scenario.do)),
      ...(scenario.body !== undefined && { body: fill(scenario.body) }),
    })),
    steps: document.steps.map((step) =>
      typeof step.do === "string"
        ? step
        : { ...step, do: { make: { ...step.do.make, count: countIn(fill(step.do.make.count)) } } },
    ),
  };
}

function countIn(value: unknown): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new ValueMissing(`"${String(value)}" is not a number of jobs`);
  return count;
}

/** Replaces `{name}` in texts; a text that is only one such name becomes the value itself, of whatever type. */
export function filled(value: unknown, values: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => filled(each, values));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, values)]));
  if (typeof value !== "string") return value;
  const [, only] = /^\{([a-zA-Z]+)\}$/.exec(value) ?? [];
  if (only !== undefined) return RUNTIME_VALUES.has(only) && !(only in values) ? value : valueOf(only, values);
  return value.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
    RUNTIME_VALUES.has(name) && !(name in values) ? whole : String(valueOf(name, values)),
  );
}

function valueOf(name: string, values: Readonly<Record<string, unknown>>): unknown {
  if (Object.hasOwn(values, name)) return values[name];
  throw new ValueMissing(`{${name}} has no value`);
}
