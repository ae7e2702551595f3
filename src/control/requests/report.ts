/** Serves the route that reports a sandbox's state at a glance, for a failed test to print. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { deliveries } from "../../engine/delivery/deliveries.ts";
import { failureOf } from "../webhooks/last-failure.ts";
import { frozenInWords } from "../clock/frozen-in-words.ts";
import { nearestInWords, straysOf } from "./verification-words.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { describeFault, compileFault } from "../../engine/rule/faults.ts";
import { shownClock, showClock } from "../clock/routes.ts";
import { severities } from "../conduct/finding-kinds.ts";
import { judge } from "../conduct/judging.ts";
import { saidIn } from "../conduct/said-in.ts";
import { coverageOf } from "../coverage/routes.ts";
import { shareInWords } from "../coverage/text.ts";
import { shownGeneration, showGeneration } from "../generations/shown.ts";
import { showInstant, shownInstant } from "../instants.ts";
import { countOf } from "../listing.ts";
import { memoryDocument, showMemory } from "../memory.ts";
import { checkedSandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";
import { short } from "../../wording/field-errors.ts";

/** The most items per section, so that the text stays within 40 lines. */
const MOST = { generations: 6, heldRequests: 4, rules: 3, requests: 8, deliveries: 3, findings: 2 } as const;

const report = z.strictObject({
  sandbox: z.string(),
  clock: shownClock,
  generations: z.strictObject({
    total: z.int(),
    latest: z.array(
      shownGeneration.pick({ id: true, vendor: true, phase: true, label: true, scenario: true, nextAt: true }),
    ),
  }),
  heldRequests: z.array(
    z.strictObject({ id: z.int(), kind: z.string(), vendor: z.string(), generation: z.string(), endedBy: z.string() }),
  ),
  unusedRules: z.array(
    z.strictObject({
      id: z.string(),
      when: z.record(z.string(), z.unknown()),
      then: z.string(),
      nearest: z.string().nullable().meta({ description: "The request that nearly matched, and its difference" }),
    }),
  ),
  requests: z.strictObject({
    total: z.int(),
    evicted: z.int(),
    latest: z.array(
      z.strictObject({
        id: z.int(),
        at: shownInstant,
        request: z.string(),
        state: z.string(),
        status: z.int().nullable(),
        note: z.string(),
      }),
    ),
  }),
  deliveries: z.array(
    z.strictObject({
      id: z.string(),
      event: z.string(),
      status: z.string(),
      attempts: z.int(),
      failure: z.string().nullable().meta({ description: "Why the last attempt failed" }),
    }),
  ),
  conduct: z.strictObject({
    total: z.int(),
    worst: z.array(
      z.strictObject({ severity: z.enum(severities), vendor: z.string(), id: z.string(), what: z.string() }),
    ),
  }),
  coverage: z.strictObject({
    rows: z.int(),
    met: z.int(),
    percent: z.number().meta({ description: "Share of the listed answers of the used operations that clients met" }),
    operations: z.array(
      z.strictObject({ vendor: z.string(), operation: z.string(), rows: z.int(), met: z.int(), percent: z.number() }),
    ),
  }),
  unassigned: z.strictObject({
    total: z.int().meta({ description: "Requests since the sandbox's last reset that reached no sandbox or no route" }),
    latest: z.array(z.strictObject({ request: z.string(), reason: z.string() })),
  }),
  hints: z.array(z.string()),
  memory: memoryDocument,
});

type Report = z.output<typeof report>;

export const reportRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  app.get(
    "/sandboxes/:s/report",
    {
      schema: {
        operationId: "getReport",
        summary: "Summarize a sandbox as JSON, or as at most 40 lines of text with `?format=text`",
        tags: ["control"],
        params: sandboxParams,
        querystring: z.strictObject({ format: z.enum(["json", "text"]).optional() }),
        response: { 200: z.union([report, z.string()]) },
      },
    },
    async (request, reply) => {
      const sandbox = await checkedSandboxOf(options.context, request.params);
      const made = makeReport(options, sandbox);
      const wantsText = request.query.format === "text" || request.headers.accept?.startsWith("text/plain") === true;
      if (!wantsText) return made;
      reply.type("text/plain; charset=utf-8").serializer((text: unknown) => String(text));
      return writeReport(made);
    },
  );
};

function makeReport({ context, vendors }: ControlOptions, sandbox: Sandbox): Report {
  const { journals, budget } = context;
  const journal = journals.of(sandbox);
  const strays = straysOf(context, sandbox);
  const entries = journal.entries();
  const findings = judge(sandbox, vendors, saidIn(context, { vendors, sandbox }));
  const { rows, met, percent, operations } = coverageOf(context, sandbox);
  return {
    sandbox: sandbox.name,
    clock: showClock(sandbox),
    generations: {
      total: sandbox.generations.count({}),
      latest: sandbox.generations.list({}, { order: "newest", limit: MOST.generations }).map((generation) => {
        const { id, vendor, phase, label, scenario, nextAt } = showGeneration(sandbox, generation);
        return { id, vendor, phase, label, scenario, nextAt };
      }),
    },
    heldRequests: sandbox.heldRequests
      .all()
      .slice(0, MOST.heldRequests)
      .map(({ id, kind, vendor, generationId, deadline }) => ({
        id,
        kind,
        vendor,
        generation: generationId,
        endedBy:
          (kind === "end" ? "the generation's end, or " : "") +
          (deadline === undefined ? "a reset" : `the clock at ${showInstant(deadline)}`),
      })),
    unusedRules: sandbox.rules
      .list()
      .filter(({ hits }) => hits === 0)
      .slice(0, MOST.rules)
      .map(({ id, document }) => ({
        id,
        when: { ...document.when },
        then: document.scenario ?? (document.fault === undefined ? "" : describeFault(compileFault(document.fault))),
        nearest: nearestInWords(context, entries, document.when),
      })),
    requests: {
      total: entries.length,
      evicted: journal.evicted,
      latest: entries.slice(-MOST.requests).map((entry) => ({
        id: entry.id,
        at: showInstant(entry.at),
        request: `${entry.method} ${entry.url}`,
        state: entry.state,
        status: entry.status ?? null,
        note: noteOf(entry),
      })),
    },
    deliveries: deliveries.latest(sandbox, MOST.deliveries).map((delivery) => {
      const { id, event, status, attempts } = delivery;
      return { id, event, status, attempts, failure: failureOf(sandbox, delivery) ?? null };
    }),
    conduct: {
      total: findings.length,
      worst: findings.slice(0, MOST.findings).map(({ severity, vendor, id, what }) => ({ severity, vendor, id, what })),
    },
    coverage: {
      rows,
      met,
      percent,
      operations: operations.map((each) => ({
        vendor: each.vendor,
        operation: each.operation,
        rows: each.rows,
        met: each.met,
        percent: each.percent,
      })),
    },
    unassigned: {
      total: strays.length,
      latest: strays.slice(-3).map(({ reason, entry }) => ({ request: `${entry.method} ${entry.url}`, reason })),
    },
    hints: frozenInWords(sandbox, entries),
    memory: showMemory(budget),
  };
}

function noteOf({ scenario, fault, rules, diagnostics, account }: JournalEntry): string {
  const notes = [
    account === undefined ? "" : `by ${account}`,
    scenario === undefined ? "" : `scenario ${scenario}`,
    rules === undefined ? "" : rules.join("+"),
    fault ?? "",
    (diagnostics ?? []).map(({ code }) => code).join("+"),
  ];
  return notes.filter((note) => note !== "").join(", ");
}

function writeReport({
  sandbox,
  clock,
  generations,
  heldRequests,
  unusedRules,
  requests,
  deliveries,
  conduct,
  coverage,
  unassigned,
  hints,
  memory,
}: Report): string {
  const speed =
    clock.mode === "frozen" ? "frozen" : clock.rate === 1 ? "running" : `running ${clock.rate} times as fast`;
  const lines = [
    `sandbox ${sandbox}: clock ${speed} at ${clock.now}, ${clock.nextDue === null ? "nothing due" : `next due ${clock.nextDue}`}`,
    ...section("generations", generations.total, generations.latest, (each) => {
      const { name, code, source } = each.scenario;
      const chosen = `${code === null ? name : `${name}=${code}`} by ${source}`;
      const next = each.nextAt === null ? "" : `, next at ${each.nextAt}`;
      return `${each.vendor} ${each.id}${each.label === null ? "" : ` "${each.label}"`}: ${each.phase} (${chosen})${next}`;
    }),
    ...section(
      "held requests",
      heldRequests.length,
      heldRequests,
      (each) => `${each.vendor} ${each.generation} ${each.kind}: until ${each.endedBy}`,
    ),
    ...section(
      "unused rules",
      unusedRules.length,
      unusedRules,
      (each) =>
        `${each.id}: when ${short(each.when)} then ${each.then}${each.nearest === null ? "" : `; nearest: ${each.nearest}`}`,
    ),
    ...section("requests", requests.total, requests.latest, (each) => {
      const status = each.status === null ? each.state : String(each.status);
      return `${each.id} ${each.at.slice(11, 23)} ${each.request} -> ${status}${each.note === "" ? "" : ` (${each.note})`}`;
    }),
    ...section(
      "deliveries",
      deliveries.length,
      deliveries,
      (each) =>
        `${each.id} ${each.event}: ${each.status} after ${countOf(each.attempts, "attempts")}${each.failure === null ? "" : ` (${each.failure})`}`,
    ),
    ...section(
      "findings",
      conduct.total,
      conduct.worst,
      (each) => `${each.severity} ${each.vendor} ${each.id}: ${each.what}`,
    ),
    ...(coverage.operations.length === 0
      ? []
      : [
          `coverage: ${shareInWords(coverage)} of the answers of ${coverage.operations.map((each) => `${each.vendor} ${each.operation} (${each.met} of ${each.rows})`).join(", ")}`,
        ]),
    ...section("unassigned requests", unassigned.total, unassigned.latest, (each) => `${each.request}: ${each.reason}`),
    ...hints,
    // In a failed test's output it only matters when it is the reason.
    ...(memory.used > memory.limit / 2
      ? [`memory: ${inMiB(memory.used)} of ${inMiB(memory.limit)} of the server's budget in use`]
      : []),
  ];
  return `${lines.map((line) => (line.length <= 200 ? line : `${line.slice(0, 199)}…`)).join("\n")}\n`;
}

const inMiB = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;

/** Returns a heading and a line per item; returns nothing if there are no items. */
function section<Item>(title: string, total: number, items: readonly Item[], write: (item: Item) => string): string[] {
  if (items.length === 0) return [];
  const most = total > items.length ? `${items.length} of ${countOf(total, title)}` : countOf(total, title);
  return [`${most}:`, ...items.map((item) => `  ${write(item)}`)];
}
