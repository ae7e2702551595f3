/** Begins every request: finds its sandbox, settles that sandbox's clock, and opens an entry in its journal. */
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from "fastify";
import type { Instant } from "../../engine/base/clock.ts";
import type { KeyVerdict } from "../../engine/sandbox/sandboxes.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { Turns } from "../../engine/base/turns.ts";
import { MemoryExhausted } from "../../platform/memory-budget.ts";
import { TooManySandboxes } from "../../engine/sandbox/sandboxes.ts";
import type { JournalEntry } from "../journal/journal.ts";
import { withoutSecrets } from "../../wording/shown-urls.ts";
import { publishArrival } from "../journal/entry-event.ts";
import { normalPath } from "../../engine/rule/normal-path.ts";
import { pathOf } from "../parsing/paths.ts";
import { queryOf } from "./query-of-request.ts";
import { hasPrefixOf, otherVendorOf } from "./key-form.ts";
import type { HttpContext, VendorHttp } from "./vendor-http.ts";

const SANDBOX_HEADER = "x-fauxgen-sandbox";

/** Finds the sandbox of a request without a usable key from its path or token; undefined if neither names one. */
export type OwnerOf = (request: FastifyRequest) => Sandbox | undefined;

/** Declares the request properties that the pipeline sets. Call it once, on the root instance. */
export function decorateRequests(app: FastifyInstance, context: HttpContext): void {
  app.decorate("httpContext", context);
  app.decorateRequest("fixtures", {
    getter() {
      return this.server.fixtures.of(this.sandbox);
    },
  });
  for (const name of [
    "sandbox",
    "account",
    "user",
    "now",
    "entry",
    "journal",
    "keyVerdict",
    "epoch",
    "fault",
    "heldAgain",
    "vendorHttp",
    "answersAfter",
    "written",
    "matchingWork",
    "shownPhase",
    "answer",
    "answerVintage",
  ])
    app.decorateRequest(name, undefined);
  app.decorateRequest("bodyBytes", 0);
  app.decorateRequest("unpackedBytes", 0);
  app.decorateRequest("isAnswerEdited", false);
  app.decorateRequest("encodingError", undefined);
  app.decorateRequest("bodyAsSent", undefined);
  app.decorateRequest("sentForm", undefined);
  app.decorateRequest("formSource", undefined);
}

/** Returns the first hook of a vendor's requests, or of requests for files if there is no vendor. */
export function openEntry(
  context: HttpContext,
  vendorHttp: VendorHttp | undefined,
  ownerOf: OwnerOf = () => undefined,
): onRequestHookHandler {
  return (request, reply, done) => {
    request.vendorHttp = vendorHttp;
    let found: Found;
    try {
      found = findSandbox(context, request, ownerOf);
    } catch (error) {
      const refusal = refusalOf(error, request);
      if (refusal !== undefined) enter(context, request, { sandbox: context.sandboxes.default, isAssigned: false });
      done(refusal ?? (error instanceof Error ? error : new Error(String(error))));
      return;
    }
    settleInTurns(found.sandbox, () => {
      try {
        enter(context, request, found);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      if (!request.sandbox.clock.isPlainRealTime) reply.header("date", new Date(request.now).toUTCString());
      done();
    });
  };
}

/** Returns the vendor's refusal of a request whose sandbox cannot be made; undefined for any other error. */
function refusalOf(error: unknown, request: FastifyRequest): Error | undefined {
  const isBound = error instanceof TooManySandboxes || error instanceof MemoryExhausted;
  if (!isBound) return undefined;
  const code = error instanceof TooManySandboxes ? "SANDBOXES_EXHAUSTED" : "MEMORY_EXHAUSTED";
  return request.vendorHttp?.errors.rateLimited(60, request).explained(code, error.message);
}

/**
 * Runs the work that is due in a sandbox before its request goes on. Requests of other sandboxes go between two turns,
 * because one instant may have thousands of transitions and deliveries.
 */
function settleInTurns(sandbox: Sandbox, next: () => void): void {
  if (sandbox.scheduler.isDue(sandbox.clock.now())) {
    const turns = new Turns(sandbox.wall);
    try {
      sandbox.settleAt(sandbox.clock.now(), turns);
    } catch {
      // The request settles once more, and answers the error.
    }
    if (turns.isOver && sandbox.scheduler.isDue(sandbox.clock.now()) && !sandbox.ending.aborted) {
      void sandbox.wall.nextTurn().then(() => {
        settleInTurns(sandbox, next);
      });
      return;
    }
  }
  next();
}

/** The sandbox of a request, and whether a key or a URL named it. */
interface Found {
  readonly sandbox: Sandbox;
  readonly isAssigned: boolean;
}

function findSandbox(context: HttpContext, request: FastifyRequest, ownerOf: OwnerOf): Found {
  const verdict = judge(context, request);
  request.keyVerdict = verdict;
  if (verdict !== undefined && "principal" in verdict) {
    const { sandbox, account, user } = verdict.principal;
    request.account = account;
    request.user = user;
    return { sandbox, isAssigned: true };
  }
  const refusing = verdict?.reason === "no-account" ? verdict.sandbox : undefined;
  const owner = refusing ?? ownerOf(request) ?? named(context, request);
  return { sandbox: owner ?? context.sandboxes.default, isAssigned: owner !== undefined };
}

function judge(context: HttpContext, request: FastifyRequest): KeyVerdict | undefined {
  const { vendorHttp } = request;
  const key = vendorHttp?.apiKey(request);
  if (vendorHttp === undefined || key === undefined || key === "") return undefined;
  if (!hasPrefixOf(vendorHttp, key) || otherVendorOf(context, vendorHttp, key) !== undefined)
    return { ok: false, reason: "unknown" };
  return context.sandboxes.judgeKey(key, vendorHttp.name);
}

/** Finds the sandbox that the header names, for requests without a key. It never creates a sandbox. */
function named(context: HttpContext, request: FastifyRequest): Sandbox | undefined {
  const name = request.headers[SANDBOX_HEADER];
  return typeof name === "string" ? context.sandboxes.find(name) : undefined;
}

function enter(context: HttpContext, request: FastifyRequest, { sandbox, isAssigned }: Found): void {
  request.sandbox = sandbox;
  let refusal: Error | undefined;
  try {
    request.now = sandbox.settle();
    refusal = sandbox.damage;
  } catch (error) {
    // For example on a full disk: the request gets the vendor's own error, and still a journal entry.
    refusal = error instanceof Error ? error : new Error(String(error));
    request.now = sandbox.clock.now();
  }
  const journal = context.journals.of(sandbox);
  const entry = newEntry(request, journal.nextId(), request.now, sandbox.usage.lastAt);
  entry.isFrozen = sandbox.clock.state.mode === "frozen";
  if (request.keyVerdict !== undefined && "principal" in request.keyVerdict) entry.account = request.account.name;
  if (!isAssigned) {
    entry.isAssigned = false;
    // A browser's preflight carries no key by design; noteUnassigned handles requests to public routes.
    if (request.method !== "OPTIONS" && !isPublic(request)) context.unassigned.add("no-sandbox", sandbox.name, entry);
  }
  request.entry = entry;
  request.journal = journal;
  request.epoch = sandbox.epoch;
  journal.add(entry);
  publishArrival(sandbox, entry);
  if (refusal !== undefined) throw refusal;
}

function isPublic({ vendorHttp, routeOptions }: FastifyRequest): boolean {
  return vendorHttp === undefined ? routeOptions.url !== undefined : routeOptions.config.access === "public";
}

/**
 * Notes a request without a key to a public route as unassigned, if it was refused. Called at the end of the request,
 * when its status is known.
 */
export function noteUnassigned(request: FastifyRequest): void {
  const { entry, sandbox, method } = request;
  if (entry.isAssigned || method === "OPTIONS" || !isPublic(request) || (entry.status ?? 0) < 400) return;
  request.server.httpContext.unassigned.add("no-sandbox", sandbox.name, entry);
}

/** Creates the entry of a request with the facts that are known when it arrives. */
export function newEntry(request: FastifyRequest, id: number, at: Instant, wallAt: Instant): JournalEntry {
  return {
    id,
    method: request.method,
    url: withoutSecrets(request.url),
    path: normalPath(pathOf(request.url)),
    query: queryOf(request),
    vendor: request.vendorHttp?.name,
    operation: request.routeOptions.config.operation,
    account: undefined,
    isAssigned: true,
    state: "arrived",
    status: undefined,
    retryAfter: undefined,
    clientPort: request.socket.remotePort,
    at,
    isFrozen: false,
    wallAt,
    heldAt: undefined,
    answeredAt: undefined,
    wallAnsweredAt: undefined,
    order: request.server.httpContext.exchangeOrder.arrive(request.socket),
    scenario: undefined,
    rules: undefined,
    fault: undefined,
    generations: undefined,
    label: undefined,
    diagnostics: undefined,
    requestHeaders: request.headers,
    headBytes: undefined,
    requestBody: undefined,
    requestBodyKept: "whole",
    requestBytesKept: 0,
    requestBytes: 0,
    responseBody: undefined,
    responseBytes: 0,
  };
}

declare module "fastify" {
  interface FastifyInstance {
    httpContext: HttpContext;
  }
}
