/** Describes the document of a bundle, and checks the parts of one that comes from elsewhere. */
import { z } from "zod";
import { LAST_INSTANT } from "../../engine/base/clock.ts";
import { clockRate, instant } from "../../engine/base/time-codecs.ts";
import { bundledTableNames } from "../../engine/sandbox/bundle.ts";
import { sandboxSettings } from "../../engine/sandbox/settings.ts";
import { diagnosticCodes } from "../../http/journal/diagnostics.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { operations } from "../../http/journal/operations.ts";
import { parsedBy } from "../scope.ts";

const instantNumber = z.int().min(0).max(LAST_INSTANT);

const journalEntry = z.strictObject({
  id: z.int(),
  method: z.string(),
  url: z.string(),
  path: z.string(),
  query: z.strictObject({ sent: z.record(z.string(), z.unknown()), read: z.record(z.string(), z.unknown()) }),
  vendor: z.string().optional(),
  operation: z.enum(operations).optional(),
  account: z.string().optional(),
  isAssigned: z.boolean(),
  state: z.enum(["arrived", "held", "answered", "gone", "dropped"]),
  status: z.int().min(100).max(599).optional(),
  at: instantNumber,
  wallAt: instantNumber,
  heldAt: instantNumber.optional(),
  answeredAt: instantNumber.optional(),
  retryAfter: z.string().optional(),
  clientPort: z.int().optional(),
  isFrozen: z.boolean().default(false),
  wallAnsweredAt: instantNumber.optional(),
  scenario: z.string().optional(),
  rules: z.array(z.string()).optional(),
  fault: z.string().optional(),
  generations: z.array(z.string()).optional(),
  label: z.string().optional(),
  diagnostics: z.array(z.strictObject({ code: z.enum(diagnosticCodes), text: z.string().optional() })).optional(),
  requestHeaders: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  requestBody: z.unknown().optional(),
  requestBodyKept: z.enum(["whole", "shortened", "no", "unread"]),
  requestBytesKept: z.int().min(0),
  requestRows: z.union([z.array(z.unknown()), z.literal("not-kept")]).optional(),
  requestBytes: z.int().min(0),
  responseBody: z.string().optional(),
  responseBytes: z.int().min(0),
});

/** A table's part besides its rows; the store checks their values. */
const columns = z.array(z.string());

/** The whole document. */
export const bundle = z.strictObject({
  format: z.literal("fauxgen-bundle"),
  version: z.string().meta({ description: "Version of the fauxgen that saved the bundle" }),
  schema: z.int(),
  sandbox: z.string(),
  secrets: z
    .enum(["omit", "include"])
    .optional()
    .meta({ description: "Whether URLs in the data have their passwords, tokens and signatures" }),
  document: sandboxSettings,
  clock: z.strictObject({ mode: z.enum(["running", "frozen"]), rate: clockRate, now: instant }),
  rates: z.record(z.string(), z.strictObject({ index: z.int(), used: z.int() })),
  lastRule: z.int().min(0).max(1_000_000_000).meta({ description: "Highest number of a rule since the last reset" }),
  journal: z.strictObject({ entries: z.array(journalEntry), evicted: z.int() }),
  tables: z
    .record(z.enum(bundledTableNames), z.strictObject({ columns, rows: z.array(z.array(z.unknown())) }))
    .meta({ description: "Each table after those to which its rows refer, and its columns before its rows" }),
});

/** The document without its entries and tables, which are read one by one. */
const bundleHead = bundle.extend({
  journal: z.strictObject({ entries: z.tuple([]), evicted: z.int() }),
  tables: z.strictObject({}),
});

export type ReceivedHead = z.output<typeof bundleHead>;

/** Throws `invalid-request` with every field error. */
export function headFrom(value: unknown): ReceivedHead {
  return parsedBy(bundleHead, value, ["body"]);
}

/** Throws `invalid-request`. */
export function columnsFrom(value: unknown, table: string): string[] {
  return parsedBy(columns, value, ["body", "tables", table, "columns"]);
}

/** Throws `invalid-request`. */
export function rowFrom(value: unknown, table: string, index: number): unknown[] {
  return parsedBy(z.array(z.unknown()), value, ["body", "tables", table, "rows", String(index)]);
}

/** Restores the undefined fields of an entry, which JSON drops. Throws `invalid-request`. */
export function entryFrom(value: unknown, index: number): JournalEntry {
  const saved = parsedBy(journalEntry, value, ["body", "journal", "entries", String(index)]);
  return {
    vendor: undefined,
    operation: undefined,
    account: undefined,
    status: undefined,
    retryAfter: undefined,
    clientPort: undefined,
    heldAt: undefined,
    answeredAt: undefined,
    wallAnsweredAt: undefined,
    order: undefined,
    scenario: undefined,
    rules: undefined,
    fault: undefined,
    generations: undefined,
    label: undefined,
    requestBody: undefined,
    requestRows: undefined,
    responseBody: undefined,
    ...saved,
    diagnostics: saved.diagnostics?.map(({ code, text }) => ({ code, text })),
  };
}
