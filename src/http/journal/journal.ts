/**
 * The journal: what clients asked and what they got, per sandbox. An entry exists from the moment a request arrives,
 * so that one which is still held can be found and counted. Bounded by count and by bytes, and says what it dropped.
 */
import type { Instant } from "../../engine/base/clock.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { DiagnosticCode } from "./diagnostics.ts";
import type { Operation } from "./operations.ts";

export interface JournalEntry {
  readonly id: number;
  readonly method: string;
  /** Path with query, as it was asked, without keys that were put there. */
  readonly url: string;
  vendor: string | undefined;
  operation: Operation | undefined;
  account: string | undefined;
  /** Whether the sandbox was found by a key or a URL; false for a request that was put into `default` for want of one. */
  isAssigned: boolean;
  /** `gone`: the client went away before its answer; `dropped`: a fault closed the connection. */
  state: "arrived" | "held" | "answered" | "gone" | "dropped";
  status: number | undefined;
  readonly at: Instant;
  readonly wallAt: Instant;
  answeredAt: Instant | undefined;
  wallAnsweredAt: Instant | undefined;
  scenario: string | undefined;
  /** Rules and faults that were applied. */
  rules: string[] | undefined;
  fault: string | undefined;
  /** Public ids of the generations that it is about or that it made. */
  generations: string[] | undefined;
  label: string | undefined;
  diagnostics: { code: DiagnosticCode; text: string | undefined }[] | undefined;
  /** As they came, keys too: what shows an entry redacts them. */
  readonly requestHeaders: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body; undefined when there was none, or when it was larger than the bound. */
  requestBody: unknown;
  /** Bytes of the body that were read. */
  requestBytes: number;
  /** The text of the body as it was sent; undefined for media, for a stream, and for what is larger than the bound. */
  responseBody: string | undefined;
  /** Bytes of the body that were sent. */
  responseBytes: number;
}

export interface JournalLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** A body of more bytes than this is not kept; its size is. */
  readonly maxBodyBytes: number;
}

/** What an entry is reckoned to take besides its bodies. */
const ENTRY_BYTES = 1024;

export class Journal {
  readonly limits: JournalLimits;
  #entries: JournalEntry[] = [];
  #first = 0;
  #bytes = 0;
  #evicted = 0;
  #lastId = 0;
  /** Of the last entry that was dropped; those before it are not counted any more. */
  #lastDropped = 0;

  constructor(limits: JournalLimits) {
    this.limits = limits;
  }

  /** How many entries were dropped to stay within the bounds since the journal was last cleared. */
  get evicted(): number {
    return this.#evicted;
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
    this.#bytes += ENTRY_BYTES;
    this.#evict();
  }

  /** Keeps a request's body, within the bound, and its size. */
  keepRequest(entry: JournalEntry, bytes: number, body: unknown): void {
    const before = keptBytes(entry);
    entry.requestBytes = bytes;
    entry.requestBody = bytes <= this.limits.maxBodyBytes ? body : undefined;
    this.#countGrowth(entry, before);
  }

  /** Keeps the text of a reply's body, within the bound, and its size, in place of what was kept of it before. */
  keepReply(entry: JournalEntry, bytes: number, text: string | undefined): void {
    const before = keptBytes(entry);
    entry.responseBytes = bytes;
    entry.responseBody = bytes <= this.limits.maxBodyBytes ? text : undefined;
    this.#countGrowth(entry, before);
  }

  find(id: number): JournalEntry | undefined {
    // Who asks has most often just been told of the entry, so the search begins at the end.
    for (let index = this.#entries.length - 1; index >= this.#first; index -= 1) {
      const entry = this.#entries[index];
      if (entry?.id === id) return entry;
    }
    return undefined;
  }

  /** Entries in order of arrival. */
  entries(): readonly JournalEntry[] {
    return this.#entries.slice(this.#first);
  }

  /** Puts saved entries in place of what is here; those that were still held then are `gone`. */
  restore(entries: readonly JournalEntry[], evicted: number): void {
    this.#entries = entries.map((entry) => (isOpen(entry) ? { ...entry, state: "gone" as const } : { ...entry }));
    this.#first = 0;
    this.#bytes = bytesOf(this.#entries);
    this.#evicted = evicted;
    this.#lastId = Math.max(0, ...entries.map(({ id }) => id));
    this.#evict();
  }

  /** Forgets what has been answered; what still waits for an answer stays. */
  clear(): void {
    this.#entries = this.entries().filter(isOpen);
    this.#first = 0;
    this.#bytes = bytesOf(this.#entries);
    this.#evicted = 0;
  }

  #countGrowth(entry: JournalEntry, before: number): void {
    if (entry.id <= this.#lastDropped) return;
    this.#bytes += keptBytes(entry) - before;
    this.#evict();
  }

  #evict(): void {
    while (this.size > this.limits.maxEntries || (this.#bytes > this.limits.maxBytes && this.size > 1)) {
      const dropped = this.#entries[this.#first];
      if (dropped === undefined) return;
      this.#first += 1;
      this.#evicted += 1;
      this.#lastDropped = dropped.id;
      this.#bytes -= ENTRY_BYTES + keptBytes(dropped);
    }
    // A ring in all but name: the dropped front is cut off once it is as long as what is kept.
    if (this.#first > 256 && this.#first > this.size) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }
}

/** Whether a request still waits for its answer. */
export function isOpen({ state }: JournalEntry): boolean {
  return state === "arrived" || state === "held";
}

function bytesOf(entries: readonly JournalEntry[]): number {
  return entries.reduce((bytes, entry) => bytes + ENTRY_BYTES + keptBytes(entry), 0);
}

/** Bytes that an entry's bodies count for. */
function keptBytes({ requestBody, requestBytes, responseBody, responseBytes }: JournalEntry): number {
  return (requestBody === undefined ? 0 : requestBytes) + (responseBody === undefined ? 0 : responseBytes);
}

/** Every sandbox's journal. */
export class Journals {
  readonly #limits: JournalLimits;
  readonly #journals = new WeakMap<Sandbox, Journal>();

  constructor(limits: JournalLimits) {
    this.#limits = limits;
  }

  of(sandbox: Sandbox): Journal {
    let journal = this.#journals.get(sandbox);
    if (journal === undefined) this.#journals.set(sandbox, (journal = new Journal(this.#limits)));
    return journal;
  }

  /** Begins the sandbox's journal anew; what is under way goes on in the old one, which is not read any more. */
  forget(sandbox: Sandbox): void {
    this.#journals.delete(sandbox);
  }
}
