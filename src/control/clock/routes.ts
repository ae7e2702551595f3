/** Serves the routes of a sandbox's clock: read, freeze, resume, move and advance it. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Instant } from "../../engine/base/clock.ts";
import { advance, AdvanceStopped, type Advanced } from "../../engine/sandbox/advance.ts";
import { duration, instant } from "../../engine/base/time-codecs.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { Problem } from "../../http/errors/problem.ts";
import { showInstant, shownInstant } from "../instants.ts";
import { problemOf, sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

/** The longest time that an advance waits at one instant, in real time. */
const LONGEST_SETTLE_MS = 10 * 60_000;

const mode = z.enum(["running", "frozen"]);
const rate = z
  .number()
  .positive()
  .max(1_000_000)
  .meta({ description: "Milliseconds of the sandbox's clock for each real millisecond" });

export const shownClock = z.strictObject({
  mode,
  rate,
  now: shownInstant,
  nextDue: shownInstant
    .nullable()
    .meta({ description: "Time of the next transition, deadline or delivery; null if none is due" }),
});

export function showClock(sandbox: Sandbox): z.output<typeof shownClock> {
  const { mode: shown, rate: speed } = sandbox.clock.state;
  const due = sandbox.scheduler.nextPlanned();
  return {
    mode: shown,
    rate: speed,
    now: showInstant(sandbox.clock.now()),
    nextDue: due === undefined ? null : showInstant(due),
  };
}

const what = z.enum(["transition", "deadline", "delivery"]);

export const advanced = z.strictObject({
  from: shownInstant,
  now: shownInstant,
  fired: z.array(z.strictObject({ at: shownInstant, kind: what, id: z.string() })),
  unsettled: z
    .array(z.strictObject({ kind: z.string(), id: z.string() }))
    .meta({ description: "Deliveries and released requests that had not ended when the time of `settle` was over" }),
});

function showAdvanced({ from, now, fired, unsettled }: Advanced): z.output<typeof advanced> {
  return {
    from: showInstant(from),
    now: showInstant(now),
    fired: fired.map(({ at, kind, id }) => ({ at: showInstant(at), kind, id })),
    unsettled: [...unsettled],
  };
}

/** Returns the problem that stopped an advance, with the instant that the clock came to. */
function stoppedProblem({ cause, advanced: done }: AdvanceStopped): Problem {
  const { message, extra, ...kind } = problemOf(cause instanceof Error ? cause : new Error(String(cause)));
  const came = `The clock came to ${showInstant(done.now)}, and everything due by then has happened.`;
  return new Problem(kind, `${message} ${came}`, { ...extra, advanced: showAdvanced(done) });
}

const settle = duration
  .refine((milliseconds) => milliseconds <= LONGEST_SETTLE_MS, "at most 10m")
  .optional()
  .meta({
    description:
      "Maximum real time to wait at each instant for deliveries and released requests; 5s by default, 10m at most",
  });

const tags = ["control"] as const;

export const clockRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context }) => {
  /**
   * Changes the clock and runs the actions due then, all or nothing, and returns the clock. Throws `ClockBusy` during an
   * advance.
   */
  const steer = (sandbox: Sandbox, change: () => void): z.output<typeof shownClock> => {
    sandbox.write(() => {
      sandbox.steering.change(change);
      sandbox.settle();
    });
    return showClock(sandbox);
  };

  app.get(
    "/sandboxes/:s/clock",
    {
      schema: {
        operationId: "getClock",
        summary: "Read the sandbox's clock",
        tags,
        params: sandboxParams,
        response: { 200: shownClock },
      },
    },
    async (request) => showClock(sandboxOf(context, request.params)),
  );

  app.put(
    "/sandboxes/:s/clock",
    {
      schema: {
        operationId: "putClock",
        summary: "Set the time, the rate or the mode; due transitions are announced in order, all at the new time",
        tags,
        params: sandboxParams,
        body: z.strictObject({ now: instant.optional(), rate: rate.optional(), mode: mode.optional() }),
        response: { 200: shownClock },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const { now, rate: speed, mode: wanted } = request.body;
      return steer(sandbox, () => {
        if (now !== undefined) sandbox.clock.moveTo(now);
        if (speed !== undefined) sandbox.clock.setRate(speed);
        if (wanted === "frozen") sandbox.clock.freeze();
        if (wanted === "running") sandbox.clock.resume();
      });
    },
  );

  app.post(
    "/sandboxes/:s/clock/freeze",
    {
      schema: {
        operationId: "freezeClock",
        summary: "Stop the clock at its present time",
        tags,
        params: sandboxParams,
        body: z.strictObject({}).nullish(),
        response: { 200: shownClock },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      return steer(sandbox, () => {
        sandbox.clock.freeze();
      });
    },
  );

  app.post(
    "/sandboxes/:s/clock/resume",
    {
      schema: {
        operationId: "resumeClock",
        summary: "Start the clock from its present time, at another rate if the body has one",
        tags,
        params: sandboxParams,
        body: z.strictObject({ rate: rate.optional() }).nullish(),
        response: { 200: shownClock },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      return steer(sandbox, () => {
        sandbox.clock.resume(request.body?.rate);
      });
    },
  );

  app.post(
    "/sandboxes/:s/clock/advance",
    {
      schema: {
        operationId: "advanceClock",
        summary: "Advance the clock through all due actions in order, then answer",
        tags,
        params: sandboxParams,
        body: z.union([z.strictObject({ by: duration, settle }), z.strictObject({ to: instant, settle })]),
        response: { 200: advanced },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const { body } = request;
      const gone = new AbortController();
      reply.raw.once("close", () => {
        gone.abort();
      });
      const to = (now: Instant): Instant => ("by" in body ? now + body.by : body.to);
      return showAdvanced(
        await advance(sandbox, to, body.settle, gone.signal).catch((error: unknown) => {
          throw error instanceof AdvanceStopped ? stoppedProblem(error) : error;
        }),
      );
    },
  );
};
