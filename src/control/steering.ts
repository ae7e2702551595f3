/** Steering one generation, while clients may hold requests on it. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Failure, Generation } from "../engine/generation.ts";
import { isTerminal, type Phase } from "../engine/phases.ts";
import { phaseAt } from "../engine/timeline.ts";
import { problem } from "../http/problems.ts";
import type { Vendor } from "../vendors/vendor.ts";
import { generationDocument, showGeneration } from "./generation-document.ts";
import { generationOf, generationParams } from "./generations.ts";
import { unknownName, vendorNamed } from "./names.ts";
import { sandboxOf, type ControlOptions } from "./scope.ts";

const nothing = z.strictObject({}).nullish();
const tags = ["control"];
const response = { 200: generationDocument };

export const steeringRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  const { context, vendors } = options;

  app.post(
    "/sandboxes/:s/generations/:id/hold",
    {
      schema: {
        operationId: "holdGeneration",
        summary: "Keep it in a phase (the one it is in) until it is released",
        tags,
        params: generationParams,
        body: z.strictObject({ phase: z.enum(["queued", "processing"]).optional() }).nullish(),
        response,
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const found = generationOf(options, sandbox, request.params.id);
      return showGeneration(sandbox, sandbox.generations.hold(found, request.body?.phase, sandbox.clock.now()));
    },
  );

  app.post(
    "/sandboxes/:s/generations/:id/release",
    {
      schema: {
        operationId: "releaseGeneration",
        summary: "Let a held one go on from now, with the durations it had",
        tags,
        params: generationParams,
        body: nothing,
        response,
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const found = generationOf(options, sandbox, request.params.id);
      return showGeneration(sandbox, sandbox.generations.release(found, sandbox.clock.now()));
    },
  );

  app.post(
    "/sandboxes/:s/generations/:id/finish",
    {
      schema: {
        operationId: "finishGeneration",
        summary: "End it well now, with every unfinished output made",
        tags,
        params: generationParams,
        body: nothing,
        response,
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const found = generationOf(options, sandbox, request.params.id);
      return showGeneration(sandbox, sandbox.generations.finish(found, sandbox.clock.now()));
    },
  );

  app.post(
    "/sandboxes/:s/generations/:id/fail",
    {
      schema: {
        operationId: "failGeneration",
        summary: "End it badly now, with one of the vendor's failure codes",
        tags,
        params: generationParams,
        body: z
          .strictObject({
            code: z.string().optional(),
            message: z.string().optional(),
            phase: z.enum(["failed", "rejected"]).default("failed"),
          })
          .nullish(),
        response,
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const found = generationOf(options, sandbox, request.params.id);
      const { code, message, phase = "failed" } = request.body ?? {};
      const vendor = vendorNamed(vendors, found.vendor, "id");
      refuseInexpressible(vendor, phase);
      const failure = failureOf(vendor, code, message, phase);
      return showGeneration(sandbox, sandbox.generations.fail(found, phase, failure, sandbox.clock.now()));
    },
  );

  app.post(
    "/sandboxes/:s/generations/:id/cancel",
    {
      schema: {
        operationId: "cancelGeneration",
        summary: "End it as cancelled now",
        tags,
        params: generationParams,
        body: nothing,
        response,
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const found = generationOf(options, sandbox, request.params.id);
      refuseInexpressible(vendorNamed(vendors, found.vendor, "id"), "cancelled");
      refuseEnded(found, sandbox.clock.now());
      return showGeneration(sandbox, sandbox.generations.cancel(found, sandbox.clock.now()));
    },
  );

  app.post(
    "/sandboxes/:s/generations/:id/progress",
    {
      schema: {
        operationId: "setProgress",
        summary: "Set the progress that readers are shown, in percent; it stays there until it ends",
        tags,
        params: generationParams,
        body: z.strictObject({ percent: z.int().min(0).max(100) }),
        response,
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const found = generationOf(options, sandbox, request.params.id);
      refuseEnded(found, sandbox.clock.now());
      const changed = sandbox.generations.setProgress(found, request.body.percent, sandbox.clock.now());
      return showGeneration(sandbox, changed);
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

function refuseInexpressible(vendor: Vendor, phase: Phase): void {
  if (vendor.expressible.phases.includes(phase)) return;
  throw problem("not-expressible", `${vendor.title} cannot show a generation that is ${phase}.`);
}

function refuseEnded(generation: Generation, now: number): void {
  const phase = phaseAt(generation.timeline, now - generation.createdAt);
  if (isTerminal(phase)) throw problem("generation-conflict", `${generation.id} has already ended: ${phase}.`);
}
