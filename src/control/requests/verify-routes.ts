/** Serves the routes that verify the count or the order of requests. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { Problem } from "../../http/errors/problem.ts";
import { problem } from "../../http/errors/problems.ts";
import { countOf, within } from "../listing.ts";
import { frozenInWords } from "../clock/frozen-in-words.ts";
import { checkMatch, hasSeen, type MatchWorld } from "../rules/match-check.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";
import {
  expectedInWords,
  foundInWords,
  hints,
  lineOf,
  missesInWords,
  nearestMisses,
  undecidedInWords,
  wantedInWords,
} from "./verification-words.ts";
import {
  boundsOf,
  finderOf,
  isDecided,
  undecidedIn,
  wantedCount,
  wantedRequest,
  type Bounds,
  type Finder,
  type Undecided,
} from "./verification.ts";
import { waitUntil } from "../waiting.ts";

export const verified = z.strictObject({
  count: z.int(),
  evicted: z
    .int()
    .meta({ description: "Number of older requests that the journal had dropped, and that are not counted" }),
});

export const verifiedSequence = z.strictObject({
  requests: z.array(z.int()).meta({ description: "Id of the request that matched each step" }),
  evicted: z.int(),
});

const tags = ["control"] as const;

export const verificationRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  const { context } = options;
  const worldOf = (sandbox: Sandbox): MatchWorld => ({
    accounts: sandbox.accounts.names(),
    hasSeen: hasSeen(context.journals.of(sandbox)),
  });

  app.post(
    "/sandboxes/:s/requests/verify",
    {
      schema: {
        operationId: "verifyRequests",
        summary: "Check how often clients sent a request; a 422 shows the nearest requests and their differences",
        description:
          "A request counts from its arrival, even if it is held. With `within`, the answer comes when the count is reached or exceeded; for `never` and `atMost`, it comes at the end of that time, or when the count is exceeded. If requests that the journal did not keep could decide the count, the answer is `cannot-tell`.",
        tags,
        params: sandboxParams,
        body: wantedRequest.extend({ count: wantedCount, within: within.optional() }),
        response: { 200: verified },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const { count, within: withinMs = 0, ...wanted } = request.body;
      checkMatch(options, wanted, "body", worldOf(sandbox));
      const find = finderOf(wanted);
      const bounds = boundsOf(count);
      const look = (): readonly JournalEntry[] =>
        context.journals
          .of(sandbox)
          .entries()
          .filter((entry) => find(entry) === undefined);
      const found = await waitUntil({ sandbox, reply, withinMs }, look, ({ length }) => isDecided(length, bounds));
      const journal = context.journals.of(sandbox);
      const entries = journal.entries();
      const undecided = undecidedIn(journal, wanted);
      const most = found.length + undecided.entries.length + undecided.dropped;
      const mayHold = most >= bounds.min && found.length <= bounds.max;
      if (mayHold && (found.length < bounds.min || most > bounds.max))
        throw cannotTell(`Expected ${expectedInWords(bounds)} ${wantedInWords(wanted)}`, found, undecided, {
          evicted: journal.evicted,
          expected: expectedIn(bounds),
        });
      if (mayHold) return { count: found.length, evicted: journal.evicted };
      const nearest = found.length < bounds.min ? nearestMisses(context, entries, find, wanted) : [];
      const within = withinMs > 0 ? ` within ${withinMs} ms` : "";
      throw problem(
        "not-verified",
        [
          `Expected ${expectedInWords(bounds)} ${wantedInWords(wanted)}; found ${found.length} (of ${countOf(entries.length, "requests")} in sandbox "${sandbox.name}")${within}.`,
          ...foundInWords(found),
          ...missesInWords(nearest),
          // Requests that went elsewhere do not explain why there are too many here.
          ...(found.length < bounds.min ? hints(context, sandbox, find) : frozenInWords(sandbox, entries)),
        ].join("\n"),
        {
          count: found.length,
          expected: expectedIn(bounds),
          evicted: journal.evicted,
          nearest,
          matching: found.slice(0, 20).map(({ id }) => id),
          unassigned: context.unassigned.count,
        },
      );
    },
  );

  app.post(
    "/sandboxes/:s/requests/sequence",
    {
      schema: {
        operationId: "verifySequence",
        summary: "Check that clients sent these requests in this order; other requests may come between",
        tags,
        params: sandboxParams,
        body: z.strictObject({ steps: z.array(wantedRequest).min(1).max(100), within: within.optional() }),
        response: { 200: verifiedSequence },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const { steps, within: withinMs = 0 } = request.body;
      for (const [index, step] of steps.entries()) checkMatch(options, step, `body.steps.${index}`, worldOf(sandbox));
      const finders = steps.map(finderOf);
      const look = () => followSteps(context.journals.of(sandbox).entries(), finders);
      const taken = await waitUntil({ sandbox, reply, withinMs }, look, ({ length }) => length === steps.length);
      const journal = context.journals.of(sandbox);
      const requests = taken.map(({ id }) => id);
      const missing = steps[taken.length];
      const find = finders[taken.length];
      if (missing === undefined || find === undefined) return { requests, evicted: journal.evicted };
      const last = taken[taken.length - 1];
      const entries = journal.entries();
      const later = entries.filter(({ id }) => id > (last?.id ?? 0));
      const early = entries.find((entry) => entry.id <= (last?.id ?? 0) && find(entry) === undefined);
      const undecided = undecidedIn(journal, missing);
      if (early === undefined && undecided.entries.length + undecided.dropped > 0)
        throw cannotTell(
          `Expected step ${taken.length + 1} of ${steps.length}, ${wantedInWords(missing)}`,
          [],
          undecided,
          {
            step: taken.length,
            requests,
            evicted: journal.evicted,
          },
        );
      const nearest = early === undefined ? nearestMisses(context, later, find, missing) : [];
      throw problem(
        "not-verified",
        [
          `Step ${taken.length + 1} of ${steps.length}, ${wantedInWords(missing)}, was not found${last === undefined ? "" : ` after step ${taken.length}, which was ${lineOf(last)}`}${withinMs > 0 ? ` within ${withinMs} ms` : ""}.`,
          ...(early === undefined ? [] : [`It was sent earlier: ${lineOf(early)}.`]),
          ...missesInWords(nearest),
          ...hints(context, sandbox, find),
        ].join("\n"),
        { step: taken.length, requests, evicted: journal.evicted, nearest, unassigned: context.unassigned.count },
      );
    },
  );
};

function expectedIn({ min, max }: Bounds): { readonly atLeast: number; readonly atMost: number | null } {
  return { atLeast: min, atMost: Number.isFinite(max) ? max : null };
}

/** Makes the problem for an expectation that may hold or not, because some requests were not kept whole. */
function cannotTell(
  expectation: string,
  found: readonly JournalEntry[],
  undecided: Undecided,
  extra: Readonly<Record<string, unknown>>,
): Problem {
  return problem("cannot-tell", [`${expectation}; found ${found.length}.`, ...undecidedInWords(undecided)].join("\n"), {
    count: found.length,
    undecided: undecided.entries.slice(0, 20).map(({ entry }) => entry.id),
    undecidedDropped: undecided.dropped,
    ...extra,
  });
}

/** Returns the first request of each step in order, up to the first step without one. */
function followSteps(entries: readonly JournalEntry[], finders: readonly Finder[]): JournalEntry[] {
  const taken: JournalEntry[] = [];
  for (const entry of entries) {
    const find = finders[taken.length];
    if (find === undefined) break;
    if (find(entry) === undefined) taken.push(entry);
  }
  return taken;
}
