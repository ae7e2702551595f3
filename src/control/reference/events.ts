/** Serves the routes that stream the events of sandboxes as server-sent events. */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { sandboxEventKinds, type SandboxEvent } from "../../engine/base/events.ts";
import { encodeEvent, openEventStream } from "../../http/server/event-stream.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { checkRequestFilter } from "../rules/filter-check.ts";
import { queryBoolean } from "../../http/parsing/query-codecs.ts";
import { EventHistory, type KeptEvent } from "./event-history.ts";
import { SharedReadings, type Filter } from "./shared-reading.ts";
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

const sandboxEventQuery = eventQuery.extend({
  server: queryBoolean.optional().meta({
    description:
      "`true` adds the events of the server: requests that reached no sandbox or no route, and sandboxes that come and go",
  }),
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

  const readings = new SharedReadings(history, sandboxes.default.wall);
  const lastIdOf = ({ headers }: FastifyRequest): string | undefined => {
    const last = headers["last-event-id"];
    return typeof last === "string" && last !== "" ? last : undefined;
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
      const filter = filterBy(vendors, request.query);
      // The default sandbox lives as long as the server.
      const out = openEventStream(sandboxes.default, reply, heart);
      readings.join({ ...filter, sandbox: undefined, hasServer: true }, lastIdOf(request), out);
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
        querystring: sandboxEventQuery,
        response: { 200: stream },
      },
    },
    (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const { server = false, ...query } = request.query;
      const filter = filterBy(vendors, query);
      const out = openEventStream(sandbox, reply, heart);
      readings.join({ ...filter, sandbox, hasServer: server }, lastIdOf(request), out);
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
      const encode = ({ event: { kind, request: number }, id }: KeptEvent): string | undefined => {
        if (kind !== "request.arrived" && kind !== "request.finished") return undefined;
        const entry = journals.of(sandbox).find(Number(number));
        if (entry === undefined || !fits(entry, request.query)) return undefined;
        return encodeEvent(kind, JSON.stringify(showRequest(sandbox.name, entry, secrets)), id);
      };
      const key = `requests ${JSON.stringify(request.query)}`;
      readings.join({ key, encode, sandbox, hasServer: false }, lastIdOf(request), out);
    },
  );
};

/** Returns the filter of a query. Throws `unknown-name` for an unknown vendor or kind. */
function filterBy(
  vendors: readonly Vendor[],
  { kinds, vendor, label }: z.output<typeof eventQuery>,
): Pick<Filter, "key" | "encode"> {
  if (vendor !== undefined) vendorNamed(vendors, vendor, "query.vendor");
  const beginnings = kinds
    ?.split(",")
    .map((kind) => kind.trim())
    .filter((kind) => kind !== "");
  for (const beginning of beginnings ?? []) {
    if (sandboxEventKinds.some((kind) => kind.startsWith(beginning))) continue;
    throw unknownName("kind of event", beginning, sandboxEventKinds, "query.kinds");
  }
  const isWanted = (event: SandboxEvent): boolean =>
    (beginnings === undefined || beginnings.some((beginning) => event.kind.startsWith(beginning))) &&
    (vendor === undefined || event.vendor === vendor) &&
    (label === undefined || event.label === label);
  return {
    key: JSON.stringify([kinds, vendor, label]),
    encode: ({ event, text, id }) => (isWanted(event) ? encodeEvent(event.kind, text, id) : undefined),
  };
}
