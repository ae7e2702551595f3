/**
 * Serves `/metrics` and `/_fauxgen/metrics` for Prometheus. Requests only update a counter; all other values are read
 * when the metrics are requested, and the first such request loads the metrics library.
 */
import type { FastifyPluginAsync } from "fastify";
import type { Registry } from "prom-client";
import { memoryKinds } from "../../platform/memory-budget.ts";
import { readVersion } from "../../platform/version.ts";
import { forbidSniffing, guardControl } from "../access.ts";
import type { ControlOptions } from "../scope.ts";

/** A count of rows is reused for this many times its duration, so that scrapes cost at most 1 % of the time. */
const REUSE_FACTOR = 100;

export const metricsRoutes: FastifyPluginAsync<ControlOptions> = async (app, options) => {
  let registry: Promise<Registry> | undefined;
  app.addHook("onRequest", forbidSniffing);
  app.addHook("onRequest", guardControl(options.config));
  for (const [path, schema] of [
    [
      "/_fauxgen/metrics",
      {
        operationId: "getMetrics",
        summary: "Read metrics in the format of Prometheus, also at `/metrics`",
        description:
          "Requests by vendor, operation and status; held requests, followers and sandboxes; generations by phase and deliveries by status; event-loop delay, memory and CPU time of the process.",
        tags: ["control"],
      },
    ],
    ["/metrics", { hide: true }],
  ] as const) {
    app.get(path, { schema }, async (_request, reply) => {
      const { contentType, metrics } = await (registry ??= openRegistry(options)).then(async (opened) => ({
        contentType: opened.contentType,
        metrics: await opened.metrics(),
      }));
      return reply.type(contentType).send(metrics);
    });
  }
};

async function openRegistry({ context }: ControlOptions): Promise<Registry> {
  const { Counter, Gauge, Registry, collectDefaultMetrics } = await import("prom-client");
  const { sandboxes, held, followers, requestCounts, budget } = context;
  const { store, wall } = sandboxes.default;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  // Prometheus's own check refuses these gauges, which are named like counters. The metrics by type have the same data.
  for (const what of ["handles", "requests", "resources"]) registry.removeSingleMetric(`nodejs_active_${what}_total`);
  const seldom = <Counts>(count: () => Counts): (() => Counts) => rememberedBy(() => wall.now(), count);
  const generations = seldom(() => store.generations.countByVendor());
  const deliveries = seldom(() => store.deliveries.countByVendor());

  new Gauge({ name: "fauxgen_info", help: "Version of fauxgen", labelNames: ["version"], registers }).set(
    { version: readVersion() },
    1,
  );
  new Counter({
    name: "fauxgen_requests_total",
    help: "Requests to vendors and their files; status is gone or dropped for requests without an answer",
    labelNames: ["vendor", "operation", "status"],
    registers,
    collect() {
      this.reset();
      for (const { vendor = "", operation = "unknown", status, count } of requestCounts.all())
        this.inc({ vendor, operation, status }, count);
    },
  });
  new Gauge({
    name: "fauxgen_held_requests",
    help: "Requests that are held open now",
    registers,
    collect() {
      this.set(held.count);
    },
  });
  new Gauge({
    name: "fauxgen_followers",
    help: "Event streams that are open now",
    registers,
    collect() {
      this.set(followers.count);
    },
  });
  new Gauge({
    name: "fauxgen_memory_bytes",
    help: "Memory that clients make the server keep, by what it is for",
    labelNames: ["kind"],
    registers,
    collect() {
      for (const kind of memoryKinds) this.set({ kind }, budget.usedBy(kind));
    },
  });
  new Gauge({ name: "fauxgen_memory_limit_bytes", help: "The limit of that memory: --memory", registers }).set(
    budget.limit,
  );
  new Gauge({
    name: "fauxgen_sandboxes",
    help: "Sandboxes that exist now",
    registers,
    collect() {
      this.set(sandboxes.all().length);
    },
  });
  new Gauge({
    name: "fauxgen_generations",
    help: "Stored generations by the last announced phase",
    labelNames: ["vendor", "phase"],
    registers,
    collect() {
      this.reset();
      for (const { vendor, value, count } of generations()) this.set({ vendor, phase: value }, count);
    },
  });
  new Gauge({
    name: "fauxgen_deliveries",
    help: "Kept webhook deliveries by status",
    labelNames: ["vendor", "status"],
    registers,
    collect() {
      this.reset();
      for (const { vendor, value, count } of deliveries()) this.set({ vendor, status: value }, count);
    },
  });
  return registry;
}

/** Caches the result of `look` for {@link REUSE_FACTOR} times the duration of the call. */
function rememberedBy<Seen>(now: () => number, look: () => Seen): () => Seen {
  let last: { readonly seen: Seen; readonly until: number } | undefined;
  return () => {
    const began = now();
    if (last !== undefined && began < last.until) return last.seen;
    const seen = look();
    const ended = now();
    last = { seen, until: ended + (ended - began) * REUSE_FACTOR };
    return seen;
  };
}
