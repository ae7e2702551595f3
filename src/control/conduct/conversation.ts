/**
 * Collects what a client and one vendor said to each other in a sandbox, for the rules of conduct: requests by account,
 * the generations that they are about, and the webhooks. It reads what exists already and changes nothing.
 */
import type { Instant } from "../../engine/base/clock.ts";
import { deliveries } from "../../engine/delivery/deliveries.ts";
import type { Attempt, Delivery } from "../../engine/delivery/delivery.ts";
import type { Generation } from "../../engine/model/generation.ts";
import { isTerminal } from "../../engine/model/phases.ts";
import { hidesAnswer } from "../../engine/rule/faults.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { VendorConduct } from "../../vendors/conduct.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import type { FindingId } from "./finding-kinds.ts";

/** One delivery with its attempts, first to last. */
export interface Webhook {
  readonly delivery: Delivery;
  readonly attempts: readonly Attempt[];
}

/** What a rule found: the requests and deliveries that it rests on, and a sentence with the facts of this case. */
export interface Evidence {
  readonly id: FindingId;
  readonly what: string;
  /** The vendor's own statement, where the rule rests on one. */
  readonly source?: string;
  readonly requests?: readonly JournalEntry[];
  readonly webhooks?: readonly Webhook[];
  readonly generation?: string;
}

export class Conversation {
  readonly sandbox: Sandbox;
  readonly vendor: Vendor;
  readonly facts: VendorConduct;
  /** The vendor's requests in order of arrival, without preflights and HEAD. */
  readonly requests: readonly JournalEntry[];
  readonly webhooks: readonly Webhook[];
  /** The exit code of the client, if its run is over and the code is known. */
  readonly exitCode: number | undefined;
  readonly now: Instant;
  readonly #generations = new Map<string, Generation | undefined>();

  constructor(
    sandbox: Sandbox,
    { vendor, facts }: { readonly vendor: Vendor; readonly facts: VendorConduct },
    { entries, exitCode }: { readonly entries: readonly JournalEntry[]; readonly exitCode: number | undefined },
  ) {
    this.sandbox = sandbox;
    this.vendor = vendor;
    this.facts = facts;
    this.exitCode = exitCode;
    this.now = sandbox.clock.now();
    this.requests = entries.filter(
      ({ vendor: name, method }) => name === vendor.name && method !== "OPTIONS" && method !== "HEAD",
    );
    this.webhooks = deliveries
      .list(sandbox, { vendor: vendor.name })
      .map((delivery) => ({ delivery, attempts: deliveries.attemptsOf(sandbox, delivery) }));
  }

  generation(id: string): Generation | undefined {
    if (!this.#generations.has(id)) this.#generations.set(id, this.sandbox.generations.find(this.vendor.name, id));
    return this.#generations.get(id);
  }

  /** Returns the single status reads of one generation by one account, in order; one list per pair. */
  statusReads(): readonly { readonly id: string; readonly reads: readonly JournalEntry[] }[] {
    const wanted = new Set<string | undefined>(this.facts.statusReads);
    const byPair = new Map<string, { id: string; reads: JournalEntry[] }>();
    for (const entry of this.requests) {
      const [id] = entry.generations ?? [];
      if (id === undefined || entry.method !== "GET" || !wanted.has(entry.operation)) continue;
      const pair = `${entry.account ?? ""} ${id}`;
      const known = byPair.get(pair) ?? { id, reads: [] };
      known.reads.push(entry);
      byPair.set(pair, known);
    }
    return [...byPair.values()];
  }

  /** Returns the requests that make jobs. */
  creates(): readonly JournalEntry[] {
    const wanted = new Set<string | undefined>(this.facts.creates);
    return this.requests.filter(({ method, operation }) => method === "POST" && wanted.has(operation));
  }

  /** Returns for how long a request is held at most; undefined if it does not ask to be held. */
  heldMs({ url }: JournalEntry): number | undefined {
    return this.facts.heldMs?.(queryOf(url));
  }

  /** Returns whether a whole answer of a status read showed the end of its generation. */
  toldEnd(entry: JournalEntry): boolean {
    const [id = ""] = entry.generations ?? [];
    const end = endOf(this.generation(id));
    if (end === undefined || entry.state !== "answered" || entry.status !== 200 || isDamaged(entry)) return false;
    // A read that is not held shows the state at its arrival.
    return end <= (this.heldMs(entry) === undefined ? entry.at : (entry.answeredAt ?? entry.at));
  }

  /** Returns when an answer or an accepted webhook first told the client that the generation has ended. */
  toldAt({ id }: Generation): Instant | undefined {
    const answers = this.statusReads()
      .filter((each) => each.id === id)
      .flatMap(({ reads }) => reads.filter((entry) => this.toldEnd(entry)))
      .map(({ answeredAt, at }) => answeredAt ?? at);
    const events = this.webhooks
      .filter(({ delivery }) => delivery.subject === id && delivery.status === "delivered")
      .flatMap(({ attempts }) => attempts.slice(-1).map(({ endedAt }) => endedAt));
    const instants = [...answers, ...events];
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  /** Returns the generations that clients made, of which a request is in the journal. */
  made(): readonly Generation[] {
    const ids = new Set(this.creates().flatMap(({ generations = [] }) => generations));
    return [...ids].flatMap((id) => this.generation(id) ?? []);
  }
}

/** Returns when a generation ended; undefined before its end. */
export function endOf(generation: Generation | undefined): Instant | undefined {
  if (generation === undefined || !isTerminal(generation.announced)) return undefined;
  const last = generation.timeline.steps.find(({ phase }) => isTerminal(phase));
  return last === undefined ? undefined : generation.createdAt + last.offset;
}

/** Returns whether a fault lost or damaged the answer, so that the client could not read it. */
export function isDamaged({ fault, state }: JournalEntry): boolean {
  return state !== "answered" || (fault !== undefined && hidesAnswer(fault));
}

export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : url.slice(start + 1));
}

export function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

/** A moment in a request's life, on both clocks. */
export interface Moment {
  readonly at: Instant;
  readonly wallAt: Instant;
  readonly isFrozen: boolean;
}

/**
 * Returns the milliseconds between two moments on the sandbox's clock. Returns undefined if the clock stood still, even
 * for a part of the time, since the client then lived longer than the clock says.
 */
export function interval(from: Moment, to: Moment, rate: number): number | undefined {
  const elapsed = to.at - from.at;
  const lived = (to.wallAt - from.wallAt) * Math.min(rate, 1);
  return from.isFrozen || to.isFrozen || elapsed < lived * 0.9 - 5 ? undefined : elapsed;
}

/** Returns the moment at which a request was answered. */
export function answerOf({ at, wallAt, isFrozen, answeredAt, wallAnsweredAt }: JournalEntry): Moment {
  return { at: answeredAt ?? at, wallAt: wallAnsweredAt ?? wallAt, isFrozen };
}

/** Returns a text that is equal for equal bodies, whatever the order of their keys; undefined if it was not kept. */
export function canonicalBody({ requestBody, requestBodyKept }: JournalEntry): string | undefined {
  if (requestBodyKept === "no" || requestBodyKept === "unread") return undefined;
  if (requestBody === undefined) return "";
  return JSON.stringify(requestBody, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
