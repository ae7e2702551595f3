/**
 * Serves the routes that save and restore a whole sandbox as one document, for example to debug a failed CI run
 * locally. Both work in pieces, because a bundle may have hundreds of megabytes.
 */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { Turns } from "../../engine/base/turns.ts";
import { storedVersion } from "../../engine/sandbox/bundle.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { isOpen, type JournalEntry } from "../../http/journal/journal.ts";
import { originOf } from "../../http/parsing/public-url.ts";
import { problem } from "../../http/errors/problems.ts";
import { readVersion } from "../../platform/version.ts";
import { withoutUrlSecretsIn } from "../../wording/shown-urls.ts";
import { bundle, headFrom } from "./bundle-document.ts";
import { readBundle } from "./bundle-reader.ts";
import { writeBundle } from "./bundle-writer.ts";
import { handle, handlesOf } from "./handles.ts";
import { showInstant } from "../instants.ts";
import { redactHeaders, secretHeadersOf } from "../requests/shown.ts";
import { checkAllButBodies, sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

/** The most bundles that are saved at once; each costs every write of its sandbox. */
const MOST_SAVES = 8;

const tags = ["control"] as const;

export const bundleRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, options) => {
  const { context, vendors } = options;
  const { journals, sandboxes } = context;
  const secrets = secretHeadersOf(vendors);
  const version = readVersion();
  const saves = new Set<Readable>();
  app.addHook("preClose", async () => {
    for (const save of saves) save.destroy(new Error("The server stops."));
  });

  // What the journal computes, and the order among all requests of this server, are not saved.
  const showEntry = ({ headBytes: _headBytes, order: _order, ...entry }: JournalEntry): unknown => ({
    ...entry,
    requestHeaders: redactHeaders(entry.requestHeaders, secrets),
    requestBody: withoutUrlSecretsIn(entry.requestBody),
    requestRows: withoutUrlSecretsIn(entry.requestRows),
    responseBody: withoutUrlSecretsIn(entry.responseBody),
  });

  const save = (sandbox: Sandbox, kept: "omit" | "include"): Readable => {
    const journal = journals.of(sandbox);
    const { mode, rate } = sandbox.clock.state;
    const showValue = kept === "include" ? (value: unknown) => value : withoutUrlSecretsIn;
    const stream = writeBundle({
      snapshot: sandboxes.save(sandbox),
      head: {
        format: "fauxgen-bundle",
        version,
        schema: storedVersion,
        sandbox: sandbox.name,
        secrets: kept,
        document: showValue(sandbox.document),
        clock: { mode, rate, now: showInstant(sandbox.clock.now()) },
        rates: sandbox.rates.save(),
        lastRule: sandbox.rules.lastNumber,
      },
      // An open entry changes when its request is answered.
      entries: journal.entries().map((entry) => (isOpen(entry) ? { ...entry } : entry)),
      evicted: journal.evicted,
      wall: sandbox.wall,
      showEntry,
      showValue,
    });
    saves.add(stream);
    stream.once("close", () => saves.delete(stream));
    return stream;
  };

  app.get(
    "/sandboxes/:s/bundle",
    {
      schema: {
        operationId: "saveBundle",
        summary: "Save a sandbox as a bundle, with hashes of its keys and with a redacted journal",
        description:
          "Passwords, tokens and signatures in URLs are left out, so that the bundle can be shared. With `secrets=include`, the data has them, and restored webhooks reach receivers that need them; the journal never has them. The bundle shows the sandbox as it is when the request arrives, however long the transfer lasts.",
        tags,
        params: sandboxParams,
        querystring: z.object({ secrets: z.enum(["omit", "include"]).default("omit") }),
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      if (saves.size >= MOST_SAVES)
        throw problem("too-many-saves", `${saves.size} bundles are being saved already. Try again in a moment.`);
      sendJson(reply, save(sandbox, request.query.secrets));
      return reply;
    },
  );

  await app.register(restoreRoute, options);
};

const restoreRoute: FastifyPluginAsyncZod<ControlOptions> = async (scope, { config, context, vendors }) => {
  const { sandboxes, journals } = context;
  let isStopping = false;
  scope.addHook("preClose", async () => {
    isStopping = true;
  });
  receiveUnread(scope);
  checkAllButBodies(scope);

  scope.put(
    "/sandboxes/:s/bundle",
    {
      schema: {
        operationId: "restoreBundle",
        summary: "Replace the content of a sandbox by a bundle; it then answers like the saved sandbox",
        description:
          "Ids and URLs contain the sandbox's name, so a bundle can only be restored under the name of the saved sandbox. The bundle is stored as it arrives, and replaces the content once it is complete and checked. The limits of uploads and generations and --memory bound it, and --max-body-bytes does not.",
        tags,
        params: sandboxParams,
        body: bundle,
        response: { 200: z.strictObject({ name: z.string(), vendors: z.record(z.string(), handle) }) },
      },
      config: { readsBodyInPieces: true },
    },
    async (request) => {
      const { params, unreadBody } = request;
      if (unreadBody === undefined) headFrom(undefined);
      const body = unreadBody ?? Readable.from([]);
      const sandbox = sandboxes.obtain(params.s);
      const restoration = sandboxes.restore(sandbox);
      try {
        const { head, entries, evicted } = await readBundle({
          body,
          sandbox: sandbox.name,
          wall: sandbox.wall,
          restoration,
          mostEntries: config.journalEntries,
          checkRunning: () => {
            if (isStopping) throw problem("not-ready", "The server stops.");
          },
        });
        const { mode, rate, now } = head.clock;
        const clock = { mode, rate, virtualAnchor: now, wallAnchor: sandbox.wall.now() };
        const { document: settings, rates, lastRule } = head;
        await new Turns(sandbox.wall).run(restoration.complete({ settings, clock, rates, lastRule }));
        journals.of(sandbox).restore(entries, evicted);
      } finally {
        restoration.abandon();
      }
      return { name: sandbox.name, vendors: handlesOf(vendors, sandbox, "main", originOf(request)) };
    },
  );
};

/** Sends the text of a document, whose type the route's schema has. */
function sendJson(reply: FastifyReply, text: Readable): void {
  void reply.type("application/json; charset=utf-8").send(text);
}

/** Leaves JSON bodies unread in this scope. */
function receiveUnread(scope: FastifyInstance): void {
  scope.decorateRequest("unreadBody", undefined);
  scope.removeContentTypeParser("application/json");
  scope.addContentTypeParser("application/json", (request: FastifyRequest, payload: Readable, done) => {
    request.unreadBody = payload;
    done(null);
  });
}

declare module "fastify" {
  interface FastifyRequest {
    /** The body of a request that is read in pieces. */
    unreadBody: Readable | undefined;
  }
  interface FastifyContextConfig {
    /** Whether the body is read in pieces, and never in memory as a whole. */
    readonly readsBodyInPieces?: boolean;
  }
}
