/** Serves the routes that steer a generation: hold, release, finish, fail or cancel it, or set its progress. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Instant } from "../../engine/base/clock.ts";
import type { Failure, Generation } from "../../engine/model/generation.ts";
import { isTerminal, type Phase } from "../../engine/model/phases.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { phaseAt } from "../../engine/model/timeline.ts";
import { problem } from "../../http/errors/problems.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { shownGeneration, showGeneration } from "./shown.ts";
import { generationOf, generationParams } from "./routes.ts";
import { unknownName, vendorNamed } from "../names.ts";
import { sandboxOf, type ControlOptions } from "../scope.ts";

const nothing = z.strictObject({}).nullish();
const response = { 200: shownGeneration } as const;

export const steeringRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  const { context, vendors } = options;

  /** Adds a route that changes a generation at the present time of its sandbox. */
  const steer = <Body extends z.ZodType>(
    action: string,
    { operationId, summary, body }: { operationId: string; summary: string; body: Body },
    change: (sandbox: Sandbox, found: Generation, asked: z.output<Body>, now: Instant) => Generation,
  ): void => {
    app.post(
      `/sandboxes/:s/generations/:id/${action}`,
      { schema: { operationId, summary, tags: ["control"], params: generationParams, body, response } },
      async (request) => {
        const sandbox = sandboxOf(context, request.params);
        const found = generationOf(options, sandbox, request.params.id);
        return showGeneration(sandbox, change(sandbox, found, body.parse(request.body), sandbox.clock.now()));
      },
    );
  };

  steer(
    "hold",
    {
      operationId: "holdGeneration",
      summary: "Keep the generation in a phase until it is released; by default in its present phase",
      body: z.strictObject({ phase: z.enum(["queued", "processing"]).optional() }).nullish(),
    },
    ({ generations }, found, asked, now) => generations.hold(found, asked?.phase, now),
  );

  steer(
    "release",
    {
      operationId: "releaseGeneration",
      summary: "Release a held generation; its remaining phases keep their durations",
      body: nothing,
    },
    ({ generations }, found, _asked, now) => generations.release(found, now),
  );

  steer(
    "finish",
    {
      operationId: "finishGeneration",
      summary: "End the generation as succeeded now, with all unfinished outputs",
      body: nothing,
    },
    ({ generations }, found, _asked, now) => generations.finish(found, now),
  );

  steer(
    "fail",
    {
      operationId: "failGeneration",
      summary: "End the generation as failed or rejected now, with one of the vendor's failure codes",
      body: z
        .strictObject({
          code: z.string().optional(),
          message: z.string().optional(),
          phase: z.enum(["failed", "rejected"]).default("failed"),
        })
        .nullish(),
    },
    ({ generations }, found, asked, now) => {
      const { code, message, phase = "failed" } = asked ?? {};
      const vendor = vendorNamed(vendors, found.vendor, "id");
      checkPhase(vendor, phase);
      return generations.fail(found, phase, failureOf(vendor, code, message, phase), now);
    },
  );

  steer(
    "cancel",
    { operationId: "cancelGeneration", summary: "End the generation as cancelled now", body: nothing },
    ({ generations }, found, _asked, now) => {
      checkPhase(vendorNamed(vendors, found.vendor, "id"), "cancelled");
      refuseEnded(found, now);
      return generations.cancel(found, now);
    },
  );

  steer(
    "progress",
    {
      operationId: "setProgress",
      summary: "Set the progress that status reads show, in percent, until the generation ends",
      body: z.strictObject({ percent: z.int().min(0).max(100) }),
    },
    ({ generations }, found, { percent }, now) => {
      refuseEnded(found, now);
      return generations.setProgress(found, percent, now);
    },
  );
};

function failureOf(
  vendor: Vendor,
  code: string | undefined,
  message: string | undefined,
  phase: "failed" | "rejected",
): Failure {
  const failure = vendor.failure(code, phase);
  if (failure === undefined) throw unknownName("failure code", code ?? "", vendor.failureCodes, "body.code");
  return message === undefined ? failure : { ...failure, message };
}

/** Throws `not-expressible` for a phase that the vendor cannot show. */
function checkPhase(vendor: Vendor, phase: Phase): void {
  if (vendor.capabilities.phases.includes(phase)) return;
  throw problem("not-expressible", `${vendor.title} cannot show a generation that is ${phase}.`);
}

function refuseEnded(generation: Generation, now: number): void {
  const phase = phaseAt(generation.timeline, now - generation.createdAt);
  if (isTerminal(phase)) throw problem("generation-conflict", `${generation.id} has already ended: ${phase}.`);
}
