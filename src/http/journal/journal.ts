/**
 * Keeps the journal of each sandbox: its requests and their responses. An entry exists from the moment its request
 * arrives, so that a held request can be found and counted. The journal is limited in entries and bytes, and counts the
 * entries that it dropped.
 */
import type { Instant } from "../../engine/base/clock.ts";
import { elide } from "../../engine/rule/elided.ts";
import type { RequestQuery } from "../../engine/rule/request-match.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { MemoryBudget } from "../../platform/memory-budget.ts";
import type { RequestOrder } from "./exchange-order.ts";
import { AnswerCounts } from "./answer-counts.ts";
import type { DiagnosticCode } from "./diagnostics.ts";
import { DroppedEntries } from "./dropped-entries.ts";
import { JournalRoom } from "./journal-room.ts";
import type { Operation } from "./operations.ts";

export interface JournalEntry {
  readonly id: number;
  readonly method: string;
  /** The requested path and query, with keys in the query redacted. */
  readonly url: string;
  /** The routed path in its normal form. */
  readonly path: string;
  /** The query as sent and as the vendor reads it, with secrets redacted. */
  readonly query: RequestQuery;
  vendor: string | undefined;
  operation: Operation | undefined;
  account: string | undefined;
  /** Whether a key or a URL named the sandbox; false for a request that is in `default` because neither did. */
  isAssigned: boolean;
  /** `gone`: the client disconnected before its answer; `dropped`: a fault closed the connection. */
  state: "arrived" | "held" | "answered" | "gone" | "dropped";
  status: number | undefined;
  /** The value of the answer's Retry-After header, if it has one. */
  retryAfter: string | undefined;
  /** The client's port, which tells its connections apart; undefined for a request that did not come over a socket. */
  readonly clientPort: number | undefined;
  readonly at: Instant;
  /** Whether the sandbox's clock stood still when the request arrived. */
  isFrozen: boolean;
  readonly wallAt: Instant;
  /** When it was held for the first time; undefined for a request that was never held. */
  heldAt: Instant | undefined;
  answeredAt: Instant | undefined;
  wallAnsweredAt: Instant | undefined;
  /** Its place among the server's requests; undefined for a request that a bundle brought. */
  readonly order: RequestOrder | undefined;
  scenario: string | undefined;
  /** Ids of the rules that were applied. */
  rules: string[] | undefined;
  fault: string | undefined;
  /** Public ids of the generations that the request names or creates. */
  generations: string[] | undefined;
  label: string | undefined;
  diagnostics: { code: DiagnosticCode; text: string | undefined }[] | undefined;
  /** The headers as received, keys included; code that shows an entry redacts them. */
  readonly requestHeaders: Readonly<Record<string, string | string[] | undefined>>;
  /** The size of its URL and headers, once the journal has counted it. */
  headBytes?: number | undefined;
  /** The parsed body in any form; undefined when the request had none or it was not kept. */
  requestBody: unknown;
  /** Whether the body is whole, has shortened strings, was not kept, or was not read because the request was refused. */
  requestBodyKept: KeptBody;
  /** Bytes of the body and of its rows that are kept. */
  requestBytesKept: number;
  /** The rows of a batch, each as rules compare it; absent for other requests. */
  requestRows?: readonly unknown[] | "not-kept" | undefined;
  /** Bytes of the body that were read. */
  requestBytes: number;
  /** The text of the body as sent; undefined for media, a stream, and a body larger than the limit. */
  responseBody: string | undefined;
  /** Bytes of the body that were sent. */
  responseBytes: number;
}

type KeptBody = "whole" | "shortened" | "no" | "unread";

export interface JournalLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** The largest body that is kept. Long strings of a larger request are shortened; of a larger reply, only the size is kept. */
  readonly maxBodyBytes: number;
}

/** The assumed size of an entry without its texts, in bytes. */
const ENTRY_BYTES = 1024;

/** The assumed size of a value in a parsed body, beside its text: `[[],[],[]]` is short and takes much memory. */
const NODE_BYTES = 40;

export class Journal {
  readonly limits: JournalLimits;
  /** When the journal began, on the host's clock: at the sandbox's last reset or its creation by a test, else 0. */
  readonly since: Instant;
  readonly #room: JournalRoom | undefined;
  #entries: JournalEntry[] = [];
  #first = 0;
  #bytes = 0;
  /** The facts of the entries that were dropped since the journal was last cleared. */
  readonly dropped = new DroppedEntries();
  /** The answers since the sandbox's last reset; dropped and deleted entries stay counted. */
  readonly answers = new AnswerCounts();
  /** How many entries came with a bundle; their answers were counted where they were sent. */
  restored = 0;
  #lastId = 0;
  /** Id of the last entry that was dropped; changes to dropped entries are not counted. */
  #lastDropped = 0;

  /** `room` is shared by the journals of all sandboxes. */
  constructor(
    limits: JournalLimits,
    { room, since = 0 }: { readonly room?: JournalRoom; readonly since?: Instant } = {},
  ) {
    this.limits = limits;
    this.since = since;
    this.#room = room;
  }

  /** The bytes that the journal keeps, as far as they are counted. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many entries were dropped to stay within the limits since the journal was last cleared. */
  get evicted(): number {
    return this.dropped.count;
  }

  get size(): number {
    return this.#entries.length - this.#first;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    this.#grow(weightOf(entry));
    this.#evict();
  }

  /** Keeps the received size of a request's body, and the body within the limit, if need be with shortened strings. */
  keepRequest(entry: JournalEntry, bytes: number, body: unknown, unpackedBytes = bytes): void {
    const before = weightOf(entry);
    const { kept, keptBody, keptSize } = keepWithin(this.limits.maxBodyBytes, Math.max(bytes, unpackedBytes), body);
    entry.requestBytes = bytes;
    entry.requestBody = keptBody;
    entry.requestBodyKept = kept;
    entry.requestBytesKept = keptSize;
    this.#countGrowth(entry, before);
  }

  /** Keeps the rows of a batch within the limit of a body, if need be with shortened strings. */
  keepRows(entry: JournalEntry, rows: readonly unknown[]): void {
    const before = weightOf(entry);
    const { keptBody, keptSize } = keepWithin(this.limits.maxBodyBytes, Buffer.byteLength(JSON.stringify(rows)), rows);
    entry.requestRows = Array.isArray(keptBody) ? keptBody : "not-kept";
    entry.requestBytesKept += keptSize;
    this.#countGrowth(entry, before);
  }

  /** Notes that a body of this size was not read; one over the limit would not have been kept either. */
  leaveUnread(entry: JournalEntry, bytes: number): void {
    entry.requestBytes = bytes;
    entry.requestBodyKept = bytes > this.limits.maxBodyBytes ? "no" : "unread";
  }

  /** Keeps the size of a reply's body, and its text if it is within the limit; replaces an earlier body. */
  keepReply(entry: JournalEntry, bytes: number, text: string | undefined): void {
    const before = weightOf(entry);
    entry.responseBytes = bytes;
    entry.responseBody = bytes <= this.limits.maxBodyBytes ? text : undefined;
    this.#countGrowth(entry, before);
  }

  find(id: number): JournalEntry | undefined {
    // Most searches are for a recent entry, so the search begins at the end.
    for (let index = this.#entries.length - 1; index >= this.#first; index -= 1) {
      const entry = this.#entries[index];
      if (entry?.id === id) return entry;
    }
    return undefined;
  }

  /** Returns the entries in order of arrival. */
  entries(): readonly JournalEntry[] {
    return this.#entries.slice(this.#first);
  }

  /** Replaces the entries with saved ones; requests that were open when saved become `gone`. */
  restore(entries: readonly JournalEntry[], evicted: number): void {
    this.#entries = entries.map((entry) => (isOpen(entry) ? { ...entry, state: "gone" as const } : { ...entry }));
    this.#first = 0;
    this.#grow(bytesOf(this.#entries) - this.#bytes);
    this.dropped.clear();
    this.dropped.addUnknown(evicted);
    this.#lastId = Math.max(0, ...entries.map(({ id }) => id));
    this.restored = entries.length;
    this.answers.clear();
    this.#evict();
  }

  /** Removes the entries of answered requests; entries of open requests stay. */
  clear(): void {
    this.#entries = this.entries().filter(isOpen);
    this.#first = 0;
    this.#grow(bytesOf(this.#entries) - this.#bytes);
    this.dropped.clear();
  }

  #countGrowth(entry: JournalEntry, before: number): void {
    if (entry.id <= this.#lastDropped) return;
    this.#grow(weightOf(entry) - before);
    this.#evict();
  }

  #grow(bytes: number): void {
    this.#bytes += bytes;
    this.#room?.grow(this, bytes);
  }

  /** Drops the oldest entry unless it is the only one; returns whether it did. */
  dropOldest(): boolean {
    const dropped = this.#entries[this.#first];
    if (dropped === undefined || this.size <= 1) return false;
    this.#first += 1;
    this.dropped.add(dropped);
    this.#lastDropped = dropped.id;
    this.#grow(-weightOf(dropped));
    return true;
  }

  /** Gives its room back, once nothing reads it any more. */
  close(): void {
    this.#room?.leave(this);
  }

  #evict(): void {
    while (this.size > this.limits.maxEntries || this.#bytes > this.limits.maxBytes) if (!this.dropOldest()) break;
    this.#room?.makeRoom(this);
    // The array is cut only once its dropped front is longer than the kept part, which keeps eviction cheap.
    if (this.#first > 256 && this.#first > this.size) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }
}

/** Returns whether a request still waits for its answer. */
export function isOpen({ state }: JournalEntry): boolean {
  return state === "arrived" || state === "held";
}

function bytesOf(entries: readonly JournalEntry[]): number {
  return entries.reduce((bytes, entry) => bytes + weightOf(entry), 0);
}

/** Returns the memory that an entry takes, estimated. */
function weightOf(entry: JournalEntry): number {
  const { requestBody, requestRows, requestBytesKept, responseBody, responseBytes } = entry;
  let bytes = ENTRY_BYTES + (entry.headBytes ??= headBytesOf(entry));
  for (const body of [requestBody, requestRows]) if (body !== undefined) bytes += NODE_BYTES * nodesIn(body);
  bytes += requestBytesKept;
  return responseBody === undefined ? bytes : bytes + responseBytes;
}

function headBytesOf({ url, requestHeaders }: JournalEntry): number {
  let bytes = 2 * url.length;
  for (const [name, value] of Object.entries(requestHeaders))
    bytes += name.length + (typeof value === "string" ? value.length : String(value ?? "").length);
  return bytes;
}

/** Counts the values in a body; a body that is kept is small. */
function nodesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const part of Object.values(value)) count += nodesIn(part);
  return count;
}

/** Returns what is kept of a body, and its size. */
function keepWithin(
  maxBytes: number,
  bytes: number,
  body: unknown,
): { readonly kept: KeptBody; readonly keptBody: unknown; readonly keptSize: number } {
  if (bytes <= maxBytes) return { kept: "whole", keptBody: body, keptSize: body === undefined ? 0 : bytes };
  const shortened = elide(body) ?? null;
  const size = Buffer.byteLength(JSON.stringify(shortened));
  if (size > maxBytes || shortened === null) return { kept: "no", keptBody: undefined, keptSize: 0 };
  return { kept: "shortened", keptBody: shortened, keptSize: size };
}

/** The journals of all sandboxes. */
export class Journals {
  readonly #limits: JournalLimits;
  readonly #room: JournalRoom;
  readonly #journals = new WeakMap<Sandbox, Journal>();

  constructor(limits: JournalLimits, budget: MemoryBudget) {
    this.#limits = limits;
    this.#room = new JournalRoom(budget);
  }

  of(sandbox: Sandbox): Journal {
    let journal = this.#journals.get(sandbox);
    if (journal === undefined) this.#journals.set(sandbox, (journal = new Journal(this.#limits, { room: this.#room })));
    return journal;
  }

  /** Starts a new journal for the sandbox; requests in progress stay in the old journal, which is no longer read. */
  forget(sandbox: Sandbox): void {
    this.#journals.get(sandbox)?.close();
    this.#journals.set(sandbox, new Journal(this.#limits, { room: this.#room, since: sandbox.wall.now() }));
  }
}
