/**
 * Serves the routes that save and restore a whole sandbox as one document, for example to debug a failed CI run
 * locally.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { LAST_INSTANT } from "../../engine/base/clock.ts";
import { clockRate, instant } from "../../engine/base/time-codecs.ts";
import { bundledTables, BundleUnfit, storedVersion, type SandboxBundle } from "../../engine/sandbox/bundle.ts";
import { Turns } from "../../engine/base/turns.ts";
import { sandboxSettings } from "../../engine/sandbox/settings.ts";
import { diagnosticCodes } from "../../http/journal/diagnostics.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { operations } from "../../http/journal/operations.ts";
import { originOf } from "../../http/parsing/public-url.ts";
import { problem } from "../../http/errors/problems.ts";
import { readVersion } from "../../platform/version.ts";
import { withoutUrlSecretsIn } from "../../wording/shown-urls.ts";
import { handle, handlesOf } from "./handles.ts";
import { showInstant } from "../instants.ts";
import { redactHeaders, secretHeadersOf } from "../requests/shown.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

/** The largest bundle; it contains the uploaded files. */
const MOST_BYTES = 256 * 1024 * 1024;

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

const bundle = z.strictObject({
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
  tables: bundledTables,
  rates: z.record(z.string(), z.strictObject({ index: z.int(), used: z.int() })),
  lastRule: z.int().min(0).max(1_000_000_000).meta({ description: "Highest number of a rule since the last reset" }),
  journal: z.strictObject({ entries: z.array(journalEntry), evicted: z.int() }),
});

const tags = ["control"] as const;

export const bundleRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context, vendors }) => {
  const { sandboxes, journals } = context;
  const secrets = secretHeadersOf(vendors);
  const version = readVersion();

  app.get(
    "/sandboxes/:s/bundle",
    {
      schema: {
        operationId: "saveBundle",
        summary: "Save a sandbox as a bundle, with hashes of its keys and with a redacted journal",
        description:
          "Passwords, tokens and signatures in URLs are left out, so that the bundle can be shared. With `secrets=include`, the data has them, and restored webhooks reach receivers that need them; the journal never has them.",
        tags,
        params: sandboxParams,
        querystring: z.object({ secrets: z.enum(["omit", "include"]).default("omit") }),
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const journal = journals.of(sandbox);
      const { mode, rate } = sandbox.clock.state;
      const { secrets: kept } = request.query;
      const show = kept === "include" ? (value: unknown) => value : withoutUrlSecretsIn;
      const tables = sandbox.save();
      const saved = {
        format: "fauxgen-bundle",
        version,
        schema: storedVersion,
        sandbox: sandbox.name,
        secrets: kept,
        document: show(sandbox.document),
        clock: { mode, rate, now: showInstant(sandbox.clock.now()) },
        tables: {},
        rates: sandbox.rates.save(),
        lastRule: sandbox.rules.lastNumber,
        journal: {
          // The size of an entry's head is counted anew where it is restored.
          entries: journal.entries().map(({ headBytes: _headBytes, ...entry }) => ({
            ...entry,
            // It counts the requests of this server, which another one does not know.
            order: undefined,
            // It is counted anew.
            headBytes: undefined,
            requestHeaders: redactHeaders(entry.requestHeaders, secrets),
            requestBody: withoutUrlSecretsIn(entry.requestBody),
            requestRows: withoutUrlSecretsIn(entry.requestRows),
            responseBody: withoutUrlSecretsIn(entry.responseBody),
          })),
          evicted: journal.evicted,
        },
      };
      // Last, because the sandbox may change meanwhile.
      return { ...saved, tables: await shownTables(tables, show, new Turns(sandbox.wall)) };
    },
  );

  app.put(
    "/sandboxes/:s/bundle",
    {
      bodyLimit: MOST_BYTES,
      schema: {
        operationId: "restoreBundle",
        summary: "Replace the content of a sandbox by a bundle; it then answers like the saved sandbox",
        description:
          "Ids and URLs contain the sandbox's name, so a bundle can only be restored under the name of the saved sandbox.",
        tags,
        params: sandboxParams,
        body: bundle,
        response: { 200: z.strictObject({ name: z.string(), vendors: z.record(z.string(), handle) }) },
      },
    },
    async (request) => {
      const { body, params } = request;
      if (body.sandbox !== params.s)
        throw problem(
          "other-sandbox",
          `The bundle is from sandbox "${body.sandbox}"; PUT it to sandboxes/${body.sandbox}/bundle.`,
        );
      if (body.schema !== storedVersion)
        throw new BundleUnfit(
          `The bundle was made by fauxgen ${body.version} with schema ${body.schema}; this server has schema ${storedVersion}.`,
        );
      const sandbox = sandboxes.obtain(params.s);
      const { mode, rate, now } = body.clock;
      const clock = { mode, rate, virtualAnchor: now, wallAnchor: sandbox.wall.now() };
      const { document: settings, tables, rates, lastRule, journal } = body;
      await new Turns(sandbox.wall).run(sandboxes.restore(sandbox, { settings, clock, tables, rates, lastRule }));
      journals.of(sandbox).restore(journal.entries.map(toEntry), journal.evicted);
      return { name: sandbox.name, vendors: handlesOf(vendors, sandbox, "main", originOf(request)) };
    },
  );
};

/** Applies `show` to every row, in turns, because there may be hundreds of thousands. */
async function shownTables(
  tables: SandboxBundle["tables"],
  show: (row: unknown) => unknown,
  turns: Turns,
): Promise<Record<string, unknown>> {
  const shown: Record<string, unknown> = {};
  for (const [name, { columns, rows }] of Object.entries(tables)) {
    const shownRows: unknown[] = [];
    for (const row of rows) {
      shownRows.push(show(row));
      if (turns.isOver) await turns.pause();
    }
    shown[name] = { columns, rows: shownRows };
  }
  return shown;
}

/** Restores the undefined fields of an entry, which JSON drops. */
function toEntry(saved: z.output<typeof journalEntry>): JournalEntry {
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
    responseBody: undefined,
    ...saved,
    diagnostics: saved.diagnostics?.map(({ code, text }) => ({ code, text })),
  };
}
