/** Sends generated requests to a server, and returns the errors in the answers. */
import fc from "fast-check";
import { vendors } from "../../src/vendors/index.ts";
import { keyHeaders } from "../support/app.ts";
import { readOperations, type Api, type DocumentedOperation } from "./documents.ts";
import { exchange, type Answer } from "./exchange.ts";
import { judge } from "./judge.ts";
import { fuzzSandboxes, requestsTo, type FuzzRequest } from "./requests.ts";
import type { World } from "./world.ts";

/** The number of requests per batch. A batch's seed is derived from the run's, so that it can be generated again. */
const BATCH = 200;

/** How long an answer may take unless it waits; much longer than the slowest operation needs. */
const PATIENCE_MS = 5000;

/** How long to wait for a request that may be held. */
const HOLDING_MS = 40;

export interface Fired {
  readonly sent: number;
  /** The number of answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The distinct errors, each with the first request that had it. */
  readonly violations: readonly string[];
}

export interface FireOptions {
  readonly count: number;
  readonly seed: number;
  /** How many requests are sent at once. Only with 1 does every run of a seed get the same answers. */
  readonly atOnce?: number;
}

/**
 * Generates the requests of a run without sending them: fast-check builds its character tables on first use, which
 * would look like memory that the server holds.
 */
export function rehearse(api: Api, { count, seed }: FireOptions): void {
  for (const request of generate(operationsFor(api), count, seed)) if (request.method === "") return;
}

/** Sends `count` requests to an API. Requests to control alternate with requests to vendors in the same sandboxes. */
export async function fire(world: World, api: Api, { count, seed, atOnce = 1 }: FireOptions): Promise<Fired> {
  const sandboxes = api === "control" ? fuzzSandboxes : [`fuzz-${api}`];
  const ids = new KnownIds();
  const statuses: Record<string, number> = {};
  const violations = new Map<string, string>();
  const requests = generate(operationsFor(api), count, seed);
  let sent = 0;
  const send = async (): Promise<void> => {
    for (const generated of requests) {
      const request = { ...generated, url: ids.fillIn(generated.url) };
      sent += 1;
      const sandbox = sandboxes[sent % sandboxes.length] ?? "default";
      const { answer, wrong } = await sendOne(world, request, sandbox);
      const status = answer === undefined ? "none" : String(answer.status);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (answer !== undefined && answer.status < 300) ids.learnFrom(answer.body);
      for (const each of api === "control" ? wrong.filter((what) => isControls(request, what)) : wrong) {
        const { method, path } = request.operation;
        const what = `${method} ${path}: ${each}`;
        if (!violations.has(what)) violations.set(what, `${what}\n  ${describe(request, answer)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, send));
  return { sent, statuses, violations: [...violations.values()] };
}

function operationsFor(api: Api): DocumentedOperation[] {
  const own = readOperations(api);
  return api === "control" ? [...own, ...own, ...vendors.flatMap(({ name }) => readOperations(name as Api))] : own;
}

/** Generates the requests of a run, batch by batch. */
function* generate(operations: readonly DocumentedOperation[], count: number, seed: number): Generator<FuzzRequest> {
  const requests = requestsTo(operations);
  for (let batch = 0; batch * BATCH < count; batch += 1)
    yield* fc.sample(requests, { seed: seed + batch, numRuns: Math.min(BATCH, count - batch * BATCH) });
}

/** Random rules and settings may cause any failure of a vendor, but not of the emulator itself. */
function isControls({ operation }: FuzzRequest, wrong: string): boolean {
  return operation.api === "control" || wrong === "the emulator failed";
}

async function sendOne(
  { port, agent }: World,
  request: FuzzRequest,
  sandbox: string,
): Promise<{ answer: Answer | undefined; wrong: string[] }> {
  const { url, headers, body } = request;
  const isHeld = /wait=|within=|events|follow/.test(url) || body?.includes('"within"') === true;
  const mayStick = Object.hasOwn(headers, "x-fauxgen-scenario") || body?.includes("fauxgen:") === true;
  const mayWait = isHeld || mayStick || /advance|\/queue|generate|tts/.test(url);
  try {
    const answer = await exchange({
      port,
      agent,
      method: request.method,
      url: request.url,
      headers: { ...request.headers, ...keyOf(request, sandbox) },
      body: request.body,
      patienceMs: isHeld ? HOLDING_MS : PATIENCE_MS,
    });
    if (answer === undefined) return { answer, wrong: mayWait ? [] : ["no answer in time"] };
    return { answer, wrong: judge(request, answer) };
  } catch (error) {
    return { answer: undefined, wrong: [`the connection failed: ${String(error)}`] };
  }
}

function keyOf({ key, operation }: FuzzRequest, sandbox: string): Record<string, string> {
  const vendor = vendors.find(({ name }) => name === operation.api);
  if (vendor === undefined || key === undefined) return {};
  const literal = "account" in key ? vendor.keyFrom(`fx_${sandbox}_${key.account}`) : key.literal;
  return keyHeaders(vendor, literal);
}

function describe({ method, url, headers, body }: FuzzRequest, answer: Answer | undefined): string {
  const asked = `${method} ${shorten(url)} ${JSON.stringify(headers)} ${shorten(body ?? "")}`;
  const diagnostic = String(answer?.headers["x-fauxgen-diagnostic"] ?? "");
  return `${asked}\n  -> ${answer?.status ?? "nothing"} ${shorten(answer?.body ?? "")} ${diagnostic}`;
}

const shorten = (text: string): string => (text.length > 600 ? `${text.slice(0, 600)}… (${text.length})` : text);

/** Ids and tokens from answers, for use in later requests, so that these get further than a 404. */
class KnownIds {
  readonly #ids: string[] = ["x"];
  #next = 0;

  fillIn(url: string): string {
    return url.replaceAll(/\{id:(\d+)\}/g, (_all, nth: string) =>
      encodeURIComponent(this.#ids[Number(nth) % this.#ids.length] ?? "x"),
    );
  }

  learnFrom(body: string): void {
    for (const [, id = ""] of body
      .slice(0, 100_000)
      .matchAll(/"(?:\w*[iI]d|token|nextCursor|cursor)":"?([^",}]{1,200})"?/g)) {
      if (this.#ids.includes(id)) continue;
      // Drops the oldest id, whose object may be deleted by now.
      this.#ids[1 + (this.#next % 60)] = id;
      this.#next += 1;
    }
  }
}
