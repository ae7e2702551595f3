/** Serves the routes that stream the events of sandboxes as server-sent events. */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { sandboxEventKinds, type SandboxEvent } from "../../engine/base/events.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { openEventStream, type EventStream } from "../../http/server/event-stream.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { checkRequestFilter } from "../rules/filter-check.ts";
import { EventHistory, type KeptEvent } from "./event-history.ts";
import { secretHeadersOf, showRequest } from "../requests/shown.ts";
import { vendorNamed, unknownName } from "../names.ts";
import { fits, requestFilter } from "../requests/routes.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

const eventQuery = z.strictObject({
  kinds: z.string().optional().meta({
    description: "Kinds or beginnings of kinds, separated by commas: `request.,generation.transition`; all by default",
  }),
  vendor: z.string().optional(),
  label: z.string().optional(),
});

/** The heartbeat; its interval, in real time, is shorter than the idle time-out of proxies. */
const heart = { heartbeat: "still here", heartbeatMs: 15_000 } as const;

const tags = ["control"] as const;
const stream = z.string().meta({ description: "text/event-stream" });

export const eventRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context, vendors }) => {
  const { sandboxes, journals } = context;
  const secrets = secretHeadersOf(vendors);
  const history = new EventHistory(sandboxes);
  app.addHook("onClose", async () => {
    history.close();
  });

  /** Follows events for a stream, from the event that its reader had last. */
  const read = (
    { headers }: FastifyRequest,
    out: EventStream,
    sandbox: Sandbox | undefined,
    onEvent: (kept: KeptEvent) => void,
  ): void => {
    const last = headers["last-event-id"];
    const stop = history.follow({
      ...(sandbox !== undefined && { sandbox }),
      lastId: typeof last === "string" && last !== "" ? last : undefined,
      onEvent,
      onLost: () => {
        out.send("events.lost", JSON.stringify({ kind: "events.lost", after: last }));
      },
    });
    out.onClose(stop);
  };

  app.get(
    "/events",
    {
      schema: {
        operationId: "followServer",
        summary: "Follow every sandbox, and every sandbox that is created later",
        tags,
        querystring: eventQuery,
        response: { 200: stream },
      },
    },
    (request, reply) => {
      const isWanted = wantedBy(vendors, request.query);
      // The default sandbox lives as long as the server.
      const out = openEventStream(sandboxes.default, reply, heart);
      read(request, out, undefined, ({ event, text, id }) => {
        if (isWanted(event)) out.send(event.kind, text, id);
      });
    },
  );

  app.get(
    "/sandboxes/:s/events",
    {
      schema: {
        operationId: "followSandbox",
        summary: "Follow a sandbox: requests, transitions, held requests, deliveries, its clock and its resets",
        tags,
        params: sandboxParams,
        querystring: eventQuery,
        response: { 200: stream },
      },
    },
    (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const isWanted = wantedBy(vendors, request.query);
      const out = openEventStream(sandbox, reply, heart);
      read(request, out, sandbox, ({ event, text, id }) => {
        if (isWanted(event)) out.send(event.kind, text, id);
      });
    },
  );

  app.get(
    "/sandboxes/:s/requests/follow",
    {
      schema: {
        operationId: "followRequests",
        summary: "Follow the journal: each request in full at its arrival and at its end",
        tags,
        params: sandboxParams,
        querystring: requestFilter,
        response: { 200: stream },
      },
    },
    (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      checkRequestFilter({ context, vendors }, sandbox, request.query);
      const out = openEventStream(sandbox, reply, heart);
      read(request, out, sandbox, ({ event, id }) => {
        if (event.kind !== "request.arrived" && event.kind !== "request.finished") return;
        const entry = journals.of(sandbox).find(Number(event.request));
        if (entry !== undefined && fits(entry, request.query))
          out.send(event.kind, JSON.stringify(showRequest(sandbox.name, entry, secrets)), id);
      });
    },
  );
};

/** Returns the filter of a query's events. Throws `unknown-name` for an unknown vendor or kind. */
function wantedBy(
  vendors: readonly Vendor[],
  { kinds, vendor, label }: z.output<typeof eventQuery>,
): (event: SandboxEvent) => boolean {
  if (vendor !== undefined) vendorNamed(vendors, vendor, "query.vendor");
  const beginnings = kinds
    ?.split(",")
    .map((kind) => kind.trim())
    .filter((kind) => kind !== "");
  for (const beginning of beginnings ?? []) {
    if (sandboxEventKinds.some((kind) => kind.startsWith(beginning))) continue;
    throw unknownName("kind of event", beginning, sandboxEventKinds, "query.kinds");
  }
  return (event) =>
    (beginnings === undefined || beginnings.some((beginning) => event.kind.startsWith(beginning))) &&
    (vendor === undefined || event.vendor === vendor) &&
    (label === undefined || event.label === label);
}
