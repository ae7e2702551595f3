/**
 * Serves the routes of webhooks: deliveries and their attempts, redelivery, the delivery mode, and accounts' endpoints.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { deliveries } from "../../engine/delivery/deliveries.ts";
import { type Attempt, deliveryStatuses, type Delivery, type DeliveryFilter } from "../../engine/delivery/delivery.ts";
import {
  addEndpoint,
  changeEndpoint,
  endpointsOf,
  removeEndpoint,
  TooManyEndpoints,
} from "../../delivery/endpoints.ts";
import { deliveryModes } from "../../delivery/mode.ts";
import { DeliveryBusy, type Outbox } from "../../delivery/outbox.ts";
import { signatureFlaw } from "../../engine/model/webhook-faults.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { sandboxName } from "../../engine/sandbox/settings.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { problem } from "../../http/errors/problems.ts";
import { short } from "../../wording/field-errors.ts";
import { frozenInWords } from "../clock/frozen-in-words.ts";
import { failureOf } from "./last-failure.ts";
import { checkOwner } from "../rules/filter-check.ts";
import { answerList, listOf, listQuery, numberOfCursor, type ListQuery } from "../listing.ts";
import { checkAccountName } from "../rules/match-check.ts";
import { LATEST, vendorNamed } from "../names.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";
import {
  shownDelivery,
  deliverySummary,
  shownEndpoint,
  showDelivery,
  showEndpoint,
  summarizeDelivery,
} from "./shown.ts";

const tags = ["control"] as const;
const oneParams = sandboxParams.extend({ id: z.string() });
const shownMode = z.strictObject({ mode: z.enum(deliveryModes) });
const mode = shownMode.meta({
  description: "`deliver` sends webhooks; `collect` keeps them, and a test reads them",
});

const deliveryQuery = listQuery.extend({
  status: z.enum(deliveryStatuses).optional(),
  subject: z.string().optional().meta({ description: "Id of the generation or batch that the webhook is about" }),
  event: z.string().optional(),
  url: z.string().optional(),
});

const receiverUrl = z.url({ protocol: /^https?$/, error: "must be an http or https URL" });

const endpointChange = z.strictObject({
  url: receiverUrl.optional(),
  secret: z.string().min(1).optional().meta({ description: "Secret that signs webhooks from now on" }),
  isEnabled: z.boolean().optional(),
});

const newEndpoint = z.strictObject({
  vendor: z.string(),
  account: sandboxName.default("main"),
  url: receiverUrl,
  secret: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Secret that signs webhooks; by default the vendor's published constant" }),
});

/** The most deliveries that are named when too few match. */
const MOST_NAMED = 3;

/** Returns the filter of a list in words; undefined without one. */
function wantedInWords({
  vendor,
  account,
  label,
  status,
  subject,
  event,
  url,
}: z.output<typeof deliveryQuery>): string | undefined {
  const given = Object.entries({ vendor, account, label, status, subject, event, url }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0 ? undefined : `{${given.map(([name, value]) => `${name}: ${short(value)}`).join(", ")}}`;
}

/** Lists the latest deliveries of a sandbox with their states and why the last attempt failed. */
function othersInWords(sandbox: Sandbox): string[] {
  const latest = deliveries.latest(sandbox, MOST_NAMED);
  if (latest.length === 0) return [`Sandbox "${sandbox.name}" has no deliveries.`];
  return latest.map((delivery) => {
    const failure = failureOf(sandbox, delivery);
    return `${delivery.id}, ${delivery.event} to ${short(delivery.url)}: ${delivery.status}${failure === undefined ? "" : ` (${failure})`}.`;
  });
}

export const webhookRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { vendors, context }) => {
  const { outbox } = app;

  app.get(
    "/sandboxes/:s/webhooks/deliveries",
    {
      schema: {
        operationId: "listDeliveries",
        summary: "List webhook deliveries, oldest first; `count` and `within` wait until that many exist",
        tags,
        params: sandboxParams,
        querystring: deliveryQuery,
        response: { 200: listOf(deliverySummary) },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      checkOwner({ vendors }, sandbox, request.query);
      const filter = filterOf(sandbox, request.query);
      return answerList({ sandbox, reply, query: request.query }, "deliveries", {
        count: () => outbox.count(sandbox, filter),
        page: (limit, cursor) => pageOf(outbox, sandbox, filter, { limit, cursor }),
        wanted: wantedInWords(request.query),
        explain: () => [...othersInWords(sandbox), ...frozenInWords(sandbox, context.journals.of(sandbox).entries())],
      });
    },
  );

  app.get(
    "/sandboxes/:s/webhooks/deliveries/:id",
    {
      schema: {
        operationId: "getDelivery",
        summary: "Read a delivery: its exact bytes and headers, and every attempt",
        tags,
        params: oneParams,
        response: { 200: shownDelivery },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      return show(outbox, sandbox, deliveryOf(outbox, sandbox, request.params.id));
    },
  );

  app.post(
    "/sandboxes/:s/webhooks/deliveries/:id/redeliver",
    {
      schema: {
        operationId: "redeliver",
        summary: "Send a delivery again now, in any status; a collected delivery is sent for the first time",
        tags,
        params: oneParams,
        body: z
          .strictObject({
            signature: signatureFlaw.optional().meta({
              description:
                "Sign it wrongly: `bad` signs another body, `old` signs a time one hour ago, `wrong-secret` signs with another secret, `none` leaves the signature out",
            }),
          })
          .nullish(),
        response: { 202: shownDelivery },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const found = deliveryOf(outbox, sandbox, request.params.id);
      reply.code(202);
      try {
        return show(outbox, sandbox, outbox.redeliver(sandbox, found, sandbox.clock.now(), request.body?.signature));
      } catch (error) {
        if (error instanceof DeliveryBusy) throw problem("delivery-busy", `${error.message} Wait until it has ended.`);
        throw error;
      }
    },
  );

  app.get(
    "/sandboxes/:s/webhooks/mode",
    {
      schema: {
        operationId: "getWebhookMode",
        summary: "Read whether webhooks are sent or kept",
        tags,
        params: sandboxParams,
        response: { 200: shownMode },
      },
    },
    async (request) => ({ mode: outbox.modeOf(sandboxOf(context, request.params)) }),
  );

  app.put(
    "/sandboxes/:s/webhooks/mode",
    {
      schema: {
        operationId: "putWebhookMode",
        summary: "Set whether webhooks are sent or kept, until the next reset",
        tags,
        params: sandboxParams,
        body: mode,
        response: { 200: shownMode },
      },
    },
    async (request) => {
      outbox.chooseMode(sandboxOf(context, request.params), request.body.mode);
      return request.body;
    },
  );

  app.get(
    "/sandboxes/:s/webhooks/endpoints",
    {
      schema: {
        operationId: "listEndpoints",
        summary: "List the webhook endpoints of the sandbox's accounts",
        tags,
        params: sandboxParams,
        querystring: z.strictObject({ vendor: z.string().optional(), account: z.string().optional() }),
        response: { 200: z.strictObject({ items: z.array(shownEndpoint) }) },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const { vendor, account } = request.query;
      checkOwner({ vendors }, sandbox, request.query);
      const accounts = sandbox.accounts.names().filter((name) => account === undefined || name === account);
      const named = vendors.filter(({ name }) => vendor === undefined || name === vendor);
      const items = accounts.flatMap((owner) =>
        named.flatMap(({ name }) =>
          endpointsOf(sandbox, sandbox.account(owner), name).map((endpoint) => showEndpoint(endpoint, name, owner)),
        ),
      );
      return { items };
    },
  );

  app.post(
    "/sandboxes/:s/webhooks/endpoints",
    {
      schema: {
        operationId: "addEndpoint",
        summary: "Add a webhook endpoint to an account; the real vendor has a settings page for this",
        tags,
        params: sandboxParams,
        body: newEndpoint,
        response: { 201: shownEndpoint },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const { account, url, secret } = request.body;
      const vendor = vendorNamed(vendors, request.body.vendor, "body.vendor");
      checkAccountName(account, "body.account", sandbox.accounts.names());
      const { most, defaultSecret } = endpointRulesOf(vendor);
      const wanted = { url, secret: secret ?? defaultSecret };
      reply.code(201);
      try {
        const owner = { sandbox, account: sandbox.account(account), vendor: vendor.name };
        return showEndpoint(addEndpoint(owner, wanted, most), vendor.name, account);
      } catch (error) {
        if (error instanceof TooManyEndpoints)
          throw problem("too-many-endpoints", `${error.message} Delete one first.`);
        throw error;
      }
    },
  );

  app.patch(
    "/sandboxes/:s/webhooks/endpoints/:id",
    {
      schema: {
        operationId: "changeEndpoint",
        summary: "Change a webhook endpoint's secret, its URL, or whether it is enabled",
        tags,
        params: oneParams,
        body: endpointChange,
        response: { 200: shownEndpoint },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      for (const { name } of vendors) {
        const changed = changeEndpoint(sandbox, name, endpointIdOf(vendors, sandbox, request.params.id), request.body);
        const account = sandbox.accounts.names().find((each) => sandbox.account(each).id === changed?.accountId);
        if (changed !== undefined && account !== undefined) return showEndpoint(changed.endpoint, name, account);
      }
      throw noSuchEndpoint(sandbox, request.params.id);
    },
  );

  app.delete(
    "/sandboxes/:s/webhooks/endpoints/:id",
    {
      schema: {
        operationId: "deleteEndpoint",
        summary: "Remove a webhook endpoint",
        tags,
        params: oneParams,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const id = endpointIdOf(vendors, sandbox, request.params.id);
      if (!vendors.some(({ name }) => removeEndpoint(sandbox, name, id))) throw noSuchEndpoint(sandbox, id);
      reply.code(204);
    },
  );
};

/** Returns the id of an endpoint; `latest` stands for the newest of all vendors and accounts. */
function endpointIdOf(vendors: readonly Vendor[], sandbox: Sandbox, id: string): string {
  if (id !== LATEST) return id;
  const all = sandbox.accounts
    .names()
    .flatMap((account) => vendors.flatMap(({ name }) => endpointsOf(sandbox, sandbox.account(account), name)));
  return all.toSorted((a, b) => b.createdAt - a.createdAt)[0]?.id ?? id;
}

const noSuchEndpoint = (sandbox: Sandbox, id: string) =>
  problem("no-such-endpoint", `Sandbox "${sandbox.name}" has no webhook endpoint ${id}.`);

function filterOf(
  sandbox: Sandbox,
  { account, vendor, label, ...rest }: ListQuery & Pick<DeliveryFilter, "status" | "subject" | "event" | "url">,
): DeliveryFilter {
  const { status, subject, event, url } = rest;
  const filter = { vendor, label, status, subject, event, url };
  return account === undefined ? filter : { ...filter, accountId: sandbox.account(account).id };
}

function pageOf(
  outbox: Outbox,
  sandbox: Sandbox,
  filter: DeliveryFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): { items: z.output<typeof deliverySummary>[]; nextCursor: string | null } {
  const after = numberOfCursor(cursor);
  const found = outbox.list(sandbox, filter, { limit: limit + 1, after });
  const items = found.slice(0, limit);
  const last = items[items.length - 1];
  return {
    items: items.map((delivery) => summarizeDelivery(delivery, outbox.attemptsOf(sandbox, delivery))),
    nextCursor: found.length > limit && last !== undefined ? String(last.rowId) : null,
  };
}

function deliveryOf(outbox: Outbox, sandbox: Sandbox, id: string): Delivery {
  const found = outbox.find(sandbox, id) ?? (id === LATEST ? deliveries.latest(sandbox, 1)[0] : undefined);
  if (found === undefined) throw problem("no-such-delivery", `Sandbox "${sandbox.name}" has no delivery ${id}.`);
  return found;
}

function show(outbox: Outbox, sandbox: Sandbox, delivery: Delivery): z.output<typeof shownDelivery> {
  const rendered = outbox.render(sandbox, delivery, delivery.createdAt) ?? { headers: [], body: delivery.body };
  const expected = (attempt: Attempt) => outbox.expectedHeaders(sandbox, delivery, attempt);
  return showDelivery(delivery, outbox.attemptsOf(sandbox, delivery), { rendered, expected });
}

function endpointRulesOf({ name, title, webhooks }: Vendor): { most: number; defaultSecret: string } {
  if (webhooks === undefined) throw problem("no-endpoints", `${title} sends no webhooks.`);
  const { mostEndpoints, defaultSecret } = webhooks;
  if (mostEndpoints !== undefined) return { most: mostEndpoints, defaultSecret };
  throw problem(
    "no-endpoints",
    `${title} has no webhook endpoints: each request names the URL of its webhooks. Name the URL in the request; the secret is the account's own: PUT sandboxes/{s} {"accounts": {"main": {"vendors": {"${name}": {…}}}}}.`,
  );
}
