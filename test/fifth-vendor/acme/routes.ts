import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { uuidFrom } from "../../../src/engine/base/ids.ts";
import { observe, observeAtCreation, type Observation } from "../../../src/engine/model/observation.ts";
import { createGenerations } from "../../../src/http/request/creating.ts";
import { holdUntilEnd } from "../../../src/http/request/hold.ts";
import { mediaUrl } from "../../../src/http/parsing/media-url.ts";
import { originOf } from "../../../src/http/parsing/public-url.ts";
import { queryBoolean } from "../../../src/http/parsing/query-codecs.ts";
import { countStatusRead } from "../../../src/http/request/reading.ts";
import { errors, notFound } from "./errors.ts";
import { capabilities } from "./capabilities.ts";

const picture = z.strictObject({
  id: z.uuid(),
  state: z.enum(["waiting", "drawing", "done", "broken"]),
  url: z.url().optional(),
});

const STATES = { queued: "waiting", processing: "drawing", succeeded: "done" } as const;

function formatPicture({ generation: { id }, phase }: Observation, url: string): z.output<typeof picture> {
  if (phase === "succeeded") return { id, state: "done", url };
  return { id, state: phase === "queued" || phase === "processing" ? STATES[phase] : "broken" };
}

export const routes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/acme/v1/pictures",
    {
      config: { operation: "createGeneration" },
      schema: { body: z.object({ prompt: z.string() }), response: { 201: picture } },
    },
    async (request, reply) => {
      const draft = () => {
        const id = uuidFrom(request.account.nextDigest("acme", "picture"));
        const output = { id, medium: "image" as const, format: "png", width: 64, height: 64 };
        return {
          id,
          model: "pen",
          medium: "image" as const,
          facts: {},
          request: request.body,
          attributes: {},
          outputs: [output],
          outputsHavePublicIds: false,
          cost: 0,
        };
      };
      const [created] = createGenerations(request, reply, capabilities, () => [draft()]).map(observeAtCreation);
      if (created === undefined) throw errors.internal();
      reply.code(201);
      return formatPicture(created, "");
    },
  );

  app.get(
    "/acme/v1/pictures/:id",
    {
      config: { operation: "getGeneration" },
      schema: {
        params: z.object({ id: z.string() }),
        querystring: z.object({ wait: queryBoolean.optional() }),
        response: { 200: picture },
      },
    },
    async (request, reply) => {
      const { sandbox, account, params, query } = request;
      const found = sandbox.generations.find("acme", params.id);
      if (found?.accountId !== account.id) throw notFound();
      const counted = countStatusRead(request, found, errors);
      const observed =
        query.wait === true ? await holdUntilEnd(request, reply, counted, 30_000) : observe(counted, request.now);
      if (observed === undefined) return reply;
      return formatPicture(observed, mediaUrl(sandbox, originOf(request), { vendor: "acme", name: `${found.id}.png` }));
    },
  );
};
