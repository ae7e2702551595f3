/**
 * Reads a bundle as it arrives: its rows are stored one after the other, and the rest, which is small, is kept until
 * its end.
 */
import type { Readable } from "node:stream";
import { Turns } from "../../engine/base/turns.ts";
import type { WallClock } from "../../engine/base/clock.ts";
import { BundleUnfit, storedVersion } from "../../engine/sandbox/bundle.ts";
import type { Restoration } from "../../engine/sandbox/restoring.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { problem } from "../../http/errors/problems.ts";
import { MOST_JSON_LEVELS } from "../../http/server/json-bodies.ts";
import { invalidRequest } from "../scope.ts";
import { columnsFrom, entryFrom, headFrom, rowFrom, type ReceivedHead } from "./bundle-document.ts";
import { JsonBroken, JsonPieces, PieceTooLarge, type Container, type Path, type Piece } from "./json-pieces.ts";

/** The largest row, entry or document: the largest body of a vendor, whose quotes JSON doubles. */
const MOST_PIECE_BYTES = 96 * 1024 ** 2;

export interface BundleSource {
  readonly body: Readable;
  /** The name of the sandbox that is restored. */
  readonly sandbox: string;
  readonly wall: WallClock;
  readonly restoration: Restoration;
  /** The most entries of a journal that are kept. */
  readonly mostEntries: number;
  /** Throws if the server stops. */
  readonly checkRunning: () => void;
}

export interface ReadBundle {
  readonly head: ReceivedHead;
  readonly entries: readonly JournalEntry[];
  /** The number of entries that were dropped, before the bundle was saved and now. */
  readonly evicted: number;
}

/** Reads a bundle to its end. Throws a problem, and the errors of {@link Restoration.add}. */
export async function readBundle(source: BundleSource): Promise<ReadBundle> {
  const reader = new BundleReader(source);
  const turns = new Turns(source.wall);
  const pieces = new JsonPieces({
    descend: (path) => reader.descend(path),
    mostBytes: MOST_PIECE_BYTES,
    mostLevels: MOST_JSON_LEVELS,
  });
  try {
    // Leaving the loop must not destroy the connection, because the client still needs an answer.
    const chunks: AsyncIterable<Buffer> = source.body.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      for (const piece of pieces.push(chunk)) {
        reader.take(piece);
        await turns.pause();
        source.checkRunning();
      }
      await turns.pause();
    }
    pieces.end();
  } catch (error) {
    if (error instanceof JsonBroken) throw problem("bad-request", error.message);
    if (error instanceof PieceTooLarge) throw problem("too-large", error.message);
    throw error;
  }
  return reader.finish();
}

class BundleReader {
  readonly #source: BundleSource;
  readonly #head: Record<string, unknown> = {};
  readonly #journal: Record<string, unknown> = {};
  #entries: JournalEntry[] = [];
  #entryCount = 0;
  #table = "";
  #rowCount = 0;

  constructor(source: BundleSource) {
    this.#source = source;
  }

  /** Returns the kind of the object or array at a path whose values are read one by one. */
  readonly descend = (path: Path): Container | undefined => {
    const [first, second, third] = path;
    if (path.length === 0) return "object";
    if (first === "tables") {
      if (path.length === 1) this.#head["tables"] = {};
      if (path.length <= 2) return "object";
      return path.length === 3 && third === "rows" ? "array" : undefined;
    }
    if (first !== "journal") return undefined;
    if (path.length === 1) {
      this.#head["journal"] = this.#journal;
      return "object";
    }
    if (path.length > 2 || second !== "entries") return undefined;
    this.#journal["entries"] = [];
    return "array";
  };

  take({ path, value }: Piece): void {
    const [first = "", second = "", third = ""] = path;
    if (path.length === 1) this.#head[first] = value;
    else if (first === "tables") this.#takeOfTable(second, third, path.length, value);
    else if (path.length === 2) this.#journal[second] = value;
    else this.#takeEntry(value);
  }

  finish(): ReadBundle {
    const head = headFrom(this.#head);
    this.#checkOrigin();
    this.#dropEntries();
    const dropped = this.#entryCount - this.#entries.length;
    return { head, entries: this.#entries, evicted: head.journal.evicted + dropped };
  }

  #takeOfTable(table: string, part: string, depth: number, value: unknown): void {
    if (depth === 4) {
      if (table !== this.#table) throw new BundleUnfit(`The columns of table ${table} must come before its rows.`);
      this.#source.restoration.add(rowFrom(value, table, this.#rowCount));
      this.#rowCount += 1;
      return;
    }
    if (depth !== 3 || part !== "columns")
      throw invalidRequest([
        {
          field: ["body", "tables", table, part].filter((key) => key !== "").join("."),
          message: "is not a part of a table, which has columns and rows",
        },
      ]);
    // Most bundles name their origin before their rows; this one is then refused before they are stored.
    this.#checkOrigin();
    this.#source.restoration.begin(table, columnsFrom(value, table));
    this.#table = table;
    this.#rowCount = 0;
  }

  #takeEntry(value: unknown): void {
    this.#entries.push(entryFrom(value, this.#entryCount));
    this.#entryCount += 1;
    if (this.#entries.length > 2 * this.#source.mostEntries) this.#dropEntries();
  }

  #dropEntries(): void {
    this.#entries = this.#entries.slice(-this.#source.mostEntries);
  }

  /** Throws for a bundle of another sandbox or another version, as far as the bundle has said so. */
  #checkOrigin(): void {
    const { sandbox, schema, version } = this.#head;
    if (typeof sandbox === "string" && sandbox !== this.#source.sandbox)
      throw problem("other-sandbox", `The bundle is from sandbox "${sandbox}"; PUT it to sandboxes/${sandbox}/bundle.`);
    if (typeof schema === "number" && schema !== storedVersion)
      throw new BundleUnfit(
        `The bundle was made by fauxgen ${String(version)} with schema ${schema}; this server has schema ${storedVersion}.`,
      );
  }
}
