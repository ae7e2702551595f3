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
  /** Path with query, as it was asked, but for keys that somebody put there. */
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
  requestBytes: number;
  responseBody: string | undefined;
  responseBytes: number;
}

export interface JournalLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** A body larger than this is not kept; its size is. */
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

  /** Counts bodies that were kept in an entry after it was added. */
  grew(bytes: number): void {
    this.#bytes += bytes;
    this.#evict();
  }

  find(id: number): JournalEntry | undefined {
    // Most who ask have just been told of the entry, so it is looked for from the end.
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
    this.#entries = entries.map((entry) =>
      entry.state === "arrived" || entry.state === "held" ? { ...entry, state: "gone" as const } : { ...entry },
    );
    this.#first = 0;
    this.#bytes = this.#entries.reduce((bytes, entry) => bytes + ENTRY_BYTES + keptBytes(entry, this.limits), 0);
    this.#evicted = evicted;
    this.#lastId = Math.max(0, ...entries.map(({ id }) => id));
    this.#evict();
  }

  /** Forgets what has been answered; whoever is still waiting for an answer stays. */
  clear(): void {
    this.#entries = this.entries().filter(({ state }) => state === "arrived" || state === "held");
    this.#first = 0;
    this.#bytes = this.#entries.reduce((bytes, entry) => bytes + ENTRY_BYTES + keptBytes(entry, this.limits), 0);
    this.#evicted = 0;
  }

  #evict(): void {
    while (this.size > this.limits.maxEntries || (this.#bytes > this.limits.maxBytes && this.size > 1)) {
      const dropped = this.#entries[this.#first];
      if (dropped === undefined) return;
      this.#first += 1;
      this.#evicted += 1;
      this.#bytes -= ENTRY_BYTES + keptBytes(dropped, this.limits);
    }
    // A ring in all but name: the dropped front is cut off once it is as long as what is kept.
    if (this.#first > 256 && this.#first > this.size) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }
}

/** Bytes that an entry's bodies count for. */
function keptBytes(entry: JournalEntry, limits: JournalLimits): number {
  const request = entry.requestBody === undefined || entry.requestBytes > limits.maxBodyBytes ? 0 : entry.requestBytes;
  return request + (entry.responseBody?.length ?? 0);
}

/** Every sandbox's journal; one that is reset begins anew. */
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

  /** Has the sandbox's journal begin anew; what was under way goes on in the old one, which nobody reads any more. */
  forget(sandbox: Sandbox): void {
    this.#journals.delete(sandbox);
  }
}
