/** Serves the routes that judge how a sandbox's clients behaved, and that explain what can be found. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { problem } from "../../http/errors/problems.ts";
import { adviceOn } from "../../wording/field-errors.ts";
import { nearestNames } from "../../wording/nearest.ts";
import { showInstant, shownInstant } from "../instants.ts";
import { countOf } from "../listing.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";
import { findingIds, findingKinds, severities, type FindingKind } from "./finding-kinds.ts";
import { judge, type Finding } from "./judging.ts";
import { saidIn } from "./said-in.ts";

/** The most requests and deliveries that a finding shows; it counts all of them. */
const MOST_SHOWN = 20;
/** The most of them that a line of text names. */
const MOST_NAMED = 5;

const shownFinding = z.strictObject({
  id: z.string(),
  severity: z.enum(severities),
  because: z.string().nullable().meta({ description: "Reason of the sandbox's document for another severity" }),
  vendor: z.string(),
  generation: z.string().nullable(),
  what: z.string(),
  why: z.string(),
  fix: z.string(),
  source: z.string().nullable().meta({ description: "The vendor's own statement on which the rule rests" }),
  page: z.string(),
  count: z.int().meta({ description: "Number of requests and deliveries that the finding rests on" }),
  requests: z.array(
    z.strictObject({
      id: z.int(),
      request: z.string(),
      status: z.int().nullable(),
      at: shownInstant,
      realAt: z.iso.datetime(),
    }),
  ),
  deliveries: z.array(
    z.strictObject({
      id: z.string(),
      event: z.string(),
      status: z.string(),
      at: shownInstant,
      attempts: z.array(
        z.strictObject({ at: shownInstant, endedAt: shownInstant, tookMs: z.number(), status: z.int().nullable() }),
      ),
    }),
  ),
});

export type ShownFinding = z.output<typeof shownFinding>;

const conduct = z.strictObject({
  sandbox: z.string(),
  findings: z.array(shownFinding),
  evicted: z.int().meta({
    description: "Number of requests that the journal had dropped; what they would have shown cannot be told",
  }),
});

export type Conduct = z.output<typeof conduct>;

const shownKind = z.strictObject({
  id: z.string(),
  severity: z.enum(severities),
  what: z.string(),
  why: z.string(),
  fix: z.string(),
  rule: z.string(),
  readsIntervals: z.boolean(),
});

const tags = ["control"] as const;

export const conductRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context, vendors }) => {
  app.get(
    "/sandboxes/:s/conduct",
    {
      schema: {
        operationId: "judgeConduct",
        summary: "Judge how the clients of a sandbox behaved, as JSON, or as text with `?format=text`",
        description:
          "Findings rest on the journal and on deliveries, and are computed when asked. Intervals are read on the sandbox's clock: while it is frozen they are not judged, and unless the timing is `realistic` their findings are notes.",
        tags,
        params: sandboxParams,
        querystring: z.strictObject({
          format: z.enum(["json", "text"]).optional(),
          exit: z.coerce.number().int().min(0).max(255).optional().meta({
            description: "Exit code of the client, if its run is over",
          }),
        }),
        response: { 200: z.union([conduct, z.string()]) },
      },
    },
    async (request, reply) => {
      const { params, query, headers } = request;
      const sandbox = sandboxOf(context, params);
      const journal = context.journals.of(sandbox);
      const said = saidIn(context, { vendors, sandbox, exitCode: query.exit });
      const findings = judge(sandbox, vendors, said).map(showFinding);
      const judged = { sandbox: sandbox.name, findings, evicted: journal.evicted };
      const wantsText = query.format === "text" || headers.accept?.startsWith("text/plain") === true;
      if (!wantsText) return judged;
      reply.type("text/plain; charset=utf-8").serializer((text: unknown) => String(text));
      return writeConduct(judged);
    },
  );

  app.get(
    "/conduct",
    {
      schema: {
        operationId: "listFindings",
        summary: "List what can be found in the conduct of a client, with the exact rules",
        tags,
        response: { 200: z.strictObject({ items: z.array(shownKind) }) },
      },
    },
    async () => ({ items: findingIds.map(showKind) }),
  );

  app.get(
    "/conduct/:id",
    {
      schema: {
        operationId: "explainFinding",
        summary: "Explain a finding: what it means, why it matters, how it is found, and the fix",
        tags,
        params: z.object({ id: z.string() }),
        response: { 200: shownKind },
      },
    },
    async ({ params }) => {
      const found = findingIds.find((id) => id === params.id);
      if (found !== undefined) return showKind(found);
      throw problem(
        "unknown-name",
        `No finding is called "${params.id}". ${adviceOn(nearestNames(params.id, findingIds), findingIds)}`,
      );
    },
  );
};

function showKind(id: (typeof findingIds)[number]): z.output<typeof shownKind> {
  const { severity, what, why, fix, rule, readsIntervals }: FindingKind = findingKinds[id];
  return { id, severity, what, why, fix, rule, readsIntervals: readsIntervals === true };
}

function showFinding(finding: Finding): ShownFinding {
  const { id, severity, because, vendor, generation, what, source, requests = [], webhooks = [] } = finding;
  const { why, fix } = findingKinds[id];
  return {
    id,
    severity,
    because: because ?? null,
    vendor,
    generation: generation ?? null,
    what,
    why,
    fix,
    source: source ?? null,
    page: `/_fauxgen/conduct/${id}`,
    count: requests.length + webhooks.length,
    requests: requests.slice(0, MOST_SHOWN).map(showRequestOf),
    deliveries: webhooks.slice(0, MOST_SHOWN).map(({ delivery, attempts }) => ({
      id: delivery.id,
      event: delivery.event,
      status: delivery.status,
      at: showInstant(delivery.createdAt),
      attempts: attempts.slice(0, MOST_SHOWN).map(({ at, endedAt, tookMs, status }) => ({
        at: showInstant(at),
        endedAt: showInstant(endedAt),
        tookMs,
        status: status ?? null,
      })),
    })),
  };
}

function showRequestOf({ id, method, url, status, at, wallAt }: JournalEntry): ShownFinding["requests"][number] {
  return { id, request: `${method} ${url}`, status: status ?? null, at: showInstant(at), realAt: showInstant(wallAt) };
}

/** Returns a line for each finding and its cure, for a terminal. */
function writeConduct({ sandbox, findings, evicted }: Conduct): string {
  const dropped =
    evicted === 0
      ? []
      : [`${countOf(evicted, "requests")} had left the journal; what they would have shown cannot be told.`];
  const lines =
    findings.length === 0
      ? [`sandbox ${sandbox}: no findings about the conduct of its clients`]
      : [
          `sandbox ${sandbox}: ${countOf(findings.length, "findings")} about the conduct of its clients`,
          ...findings.flatMap(({ severity, vendor, id, what, fix, requests, deliveries, page }) => [
            `  ${severity} ${vendor} ${id}: ${what}`,
            `    fix: ${fix}`,
            `    see: ${evidenceInWords(requests, deliveries)}${page}`,
          ]),
        ];
  return `${[...lines, ...dropped].join("\n")}\n`;
}

/** Names the first requests and deliveries of a finding, for a reader who looks them up. */
function evidenceInWords(requests: ShownFinding["requests"], deliveries: ShownFinding["deliveries"]): string {
  const named = [
    ...(requests.length === 0
      ? []
      : [
          `request ${requests
            .slice(0, MOST_NAMED)
            .map(({ id }) => id)
            .join(", ")}`,
        ]),
    ...(deliveries.length === 0
      ? []
      : [
          `delivery ${deliveries
            .slice(0, MOST_NAMED)
            .map(({ id }) => id)
            .join(", ")}`,
        ]),
  ];
  return named.map((each) => `${each}; `).join("");
}
