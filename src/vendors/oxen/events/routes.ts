/**
 * Serves GET /api/events [doc: async_queue]: server-sent events about the account's generations that end. A reader gets
 * no event for a generation that ended before it connected. A cancelled generation causes no event. Events have no ids,
 * and none is repeated [doc].
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { SandboxEvent } from "../../../engine/base/events.ts";
import { observe } from "../../../engine/model/observation.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { openEventStream } from "../../../http/server/event-stream.ts";
import { attributesOf } from "../generations/store.ts";
import { formatRow } from "../generations/views.ts";

const EVENT = "media_generation_completed";

/** The comment that an idle stream sends, and its interval [doc]. */
const KEEP_ALIVE = { heartbeat: "keep-alive", heartbeatMs: 15_000 } as const;

export const eventRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/api/events",
    {
      config: { operation: "followEvents" },
      schema: {
        summary: "Follow the ends of generations",
        description: "Server-sent events, `media_generation_completed` once per generation that succeeded or failed",
        tags: ["Queue"],
        produces: ["text/event-stream"],
      },
    },
    async (request, reply) => {
      const { sandbox, account } = request;
      const stream = openEventStream(sandbox, reply, {
        ...KEEP_ALIVE,
        onWrite: (bytes) => {
          request.entry.responseBytes += bytes;
        },
      });
      const unfollow = sandbox.events.follow((event) => {
        if (event.kind !== "generation.transition" || event.vendor !== "oxen") return;
        tell(sandbox, event, account.name, (data) => {
          stream.send(EVENT, data);
        });
      });
      stream.onClose(unfollow);
      return reply;
    },
  );
};

/** Sends the event of an ended generation, after the response to the request that created it. */
function tell(sandbox: Sandbox, { id, at }: SandboxEvent, username: string, send: (data: string) => void): void {
  const generation = sandbox.generations.find("oxen", String(id));
  // The requesting user gets the event, even if an organisation keeps the result and pays.
  if (generation === undefined || attributesOf(generation).username !== username) return;
  const row = formatRow(observe(generation, at), { sandbox, origin: generation.origin });
  if (row.status !== "succeeded" && row.status !== "failed") return;
  const { generation_id, status, media_type } = row;
  const told = { generation_id, status, media_type };
  // These keys differ from the row's: `model`, `url` and `error` [doc].
  const data = JSON.stringify(
    status === "succeeded"
      ? { ...told, model: row.model_name, url: row.result_url }
      : { ...told, error: row.error_message },
  );
  const answered = sandbox.createAnswers.of(generation.rowId);
  if (answered === undefined) send(data);
  else
    void answered.finally(() => {
      send(data);
    });
}
