/**
 * Collects what a client and one vendor said to each other in a sandbox, for the rules of conduct: requests by account,
 * the generations that they are about, and the webhooks. It reads what exists already and changes nothing.
 */
import type { Instant } from "../../engine/base/clock.ts";
import { deliveries } from "../../engine/delivery/deliveries.ts";
import type { Attempt, Delivery } from "../../engine/delivery/delivery.ts";
import type { Generation } from "../../engine/model/generation.ts";
import { isTerminal } from "../../engine/model/phases.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { isOpen, type JournalEntry } from "../../http/journal/journal.ts";
import type { VendorConduct } from "../../vendors/conduct.ts";
import type { Vendor } from "../../vendors/vendor.ts";
import { answerOf, isDamaged, queryOf } from "./entries.ts";
import type { FindingId, Severity } from "./finding-kinds.ts";

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
  /** A lower severity than that of the kind, for a case that may be intended. */
  readonly severity?: Severity;
}

/** What was said in a sandbox, and how the client's command ended. */
export interface Said {
  readonly entries: readonly JournalEntry[];
  readonly strays?: readonly JournalEntry[];
  readonly ownerOfKey?: (entry: JournalEntry) => string | undefined;
  readonly exitCode: number | undefined;
}

/** The reads of one job by one account and path, in order. */
interface StatusReads {
  readonly id: string;
  readonly reads: readonly JournalEntry[];
}

export class Conversation {
  readonly sandbox: Sandbox;
  readonly vendor: Vendor;
  readonly facts: VendorConduct;
  /** The vendor's requests in order of arrival, without preflights and HEAD. */
  readonly requests: readonly JournalEntry[];
  /** Requests whose keys name this sandbox, though they could not be let in with them. */
  readonly strays: readonly JournalEntry[];
  readonly webhooks: readonly Webhook[];
  /** The exit code of the client, if its run is over and the code is known. */
  readonly exitCode: number | undefined;
  readonly now: Instant;
  /** Returns the vendor whose key a refused request carried. */
  readonly ownerOfKey: (entry: JournalEntry) => string | undefined;
  readonly #generations = new Map<string, Generation | undefined>();
  #statusReads: readonly StatusReads[] | undefined;

  constructor(
    sandbox: Sandbox,
    { vendor, facts }: { readonly vendor: Vendor; readonly facts: VendorConduct },
    { entries, strays = [], ownerOfKey = () => undefined, exitCode }: Said,
  ) {
    this.sandbox = sandbox;
    this.vendor = vendor;
    this.facts = facts;
    this.exitCode = exitCode;
    this.ownerOfKey = ownerOfKey;
    this.now = sandbox.clock.now();
    const isOurs = ({ vendor: name, method }: JournalEntry): boolean =>
      name === vendor.name && method !== "OPTIONS" && method !== "HEAD";
    this.requests = entries.filter(isOurs);
    this.strays = strays.filter(isOurs);
    this.webhooks = deliveries
      .list(sandbox, { vendor: vendor.name })
      .map((delivery) => ({ delivery, attempts: deliveries.attemptsOf(sandbox, delivery) }));
  }

  generation(id: string): Generation | undefined {
    if (!this.#generations.has(id)) this.#generations.set(id, this.sandbox.generations.find(this.vendor.name, id));
    return this.#generations.get(id);
  }

  /**
   * Returns the reads of one job by one account and path, in order; one list per pair. An output with a path of its own
   * is followed by itself.
   */
  statusReads(): readonly StatusReads[] {
    return (this.#statusReads ??= this.#collectStatusReads());
  }

  #collectStatusReads(): readonly StatusReads[] {
    const wanted = new Set<string | undefined>(this.facts.statusReads);
    const reads = this.requests.filter(({ method, operation }) => method === "GET" && wanted.has(operation));
    return [...Map.groupBy(reads, ({ account, path }) => `${account ?? ""} ${path}`).values()].map((own) => {
      const named = own.find(({ generations = [] }) => generations.length > 0)?.generations?.[0];
      return { id: named ?? own[0]?.path.split("/").at(-1) ?? "", reads: own };
    });
  }

  /** Returns the requests that make jobs. */
  creates(): readonly JournalEntry[] {
    const wanted = new Set<string | undefined>(this.facts.creates);
    return this.requests.filter(({ method, operation }) => method === "POST" && wanted.has(operation));
  }

  /** Returns for how long a request is held at most; undefined if it does not ask to be held. */
  heldMs({ url }: JournalEntry): number | undefined {
    return this.facts.heldMs?.(queryOf(url), this.sandbox);
  }

  /** Returns whether a whole answer of a status read showed the end of its generation. */
  toldEnd(entry: JournalEntry): boolean {
    const [id = ""] = entry.generations ?? [];
    const end = endOf(this.generation(id));
    if (end === undefined || entry.state !== "answered" || entry.status !== 200 || isDamaged(entry)) return false;
    // A read that is not held shows the state at its arrival.
    return end <= (this.heldMs(entry) === undefined ? entry.at : (entry.answeredAt ?? entry.at));
  }

  /** Returns when a status read or an accepted webhook first told the client that the generation has ended. */
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

  /** Returns whether anything that the vendor offers told the client that the generation has ended. */
  wasTold(generation: Generation): boolean {
    return (
      this.toldAt(generation) !== undefined ||
      this.#isAnsweredAtEnd(generation) ||
      this.#isListedAfterEnd(generation) ||
      this.#isToldOfWhole(generation) ||
      this.#isInEvents(generation)
    );
  }

  #isAnsweredAtEnd({ id }: Generation): boolean {
    const wanted = new Set<string | undefined>(this.facts.answersAtEnd);
    return this.requests.some(
      (entry) => wanted.has(entry.operation) && entry.generations?.includes(id) === true && !isDamaged(entry),
    );
  }

  /** Returns whether a list showed a generation after its end; a list whose text was not kept may have shown it. */
  #isListedAfterEnd(generation: Generation): boolean {
    const wanted = new Set<string | undefined>(this.facts.lists);
    const end = endOf(generation) ?? Infinity;
    return this.requests.some(
      (entry) =>
        wanted.has(entry.operation) &&
        entry.at >= end &&
        entry.status === 200 &&
        !isDamaged(entry) &&
        (entry.responseBody ?? generation.id).includes(generation.id),
    );
  }

  /** Returns whether the client was told, after the end, of a whole that its create had named, such as a batch. */
  #isToldOfWhole(generation: Generation): boolean {
    const { id } = generation;
    const end = endOf(generation) ?? Infinity;
    const create = this.creates().find(({ generations = [] }) => generations.includes(id));
    const isNamed = (whole: string): boolean => whole !== id && create?.responseBody?.includes(whole) === true;
    const isRead = this.statusReads().some(
      (each) =>
        isNamed(each.id) && each.reads.some((read) => read.at >= end && read.status === 200 && !isDamaged(read)),
    );
    return (
      isRead ||
      this.webhooks.some(
        ({ delivery, attempts }) =>
          isNamed(delivery.subject) && delivery.status === "delivered" && (attempts.at(-1)?.endedAt ?? 0) >= end,
      )
    );
  }

  /** Returns whether a stream of the generation's account was open at its end. */
  #isInEvents(generation: Generation): boolean {
    const wanted = new Set<string | undefined>(this.facts.eventStreams);
    const end = endOf(generation) ?? Infinity;
    return this.requests.some(
      (entry) =>
        wanted.has(entry.operation) &&
        entry.account === generation.account &&
        entry.at <= end &&
        entry.responseBytes > 0 &&
        (isOpen(entry) ? this.now : answerOf(entry).at) >= end,
    );
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
