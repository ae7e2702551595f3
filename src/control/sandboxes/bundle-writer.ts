/**
 * Writes a bundle in pieces, as fast as its reader takes them and no faster: the rows of one instant, however long that
 * lasts and whatever changes meanwhile.
 */
import { Readable } from "node:stream";
import type { WallClock } from "../../engine/base/clock.ts";
import type { SavedSandbox } from "../../engine/sandbox/bundle.ts";
import { Turns } from "../../engine/base/turns.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";

/** So much text is written at once. */
const PIECE_LENGTH = 64 * 1024;

/** How long the reader may take nothing, in real time; every write of the sandbox costs more meanwhile. */
const STALL_MS = 30_000;

export interface BundleToWrite {
  /** Everything except the journal and the tables. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly entries: readonly JournalEntry[];
  readonly evicted: number;
  readonly snapshot: SavedSandbox;
  readonly wall: WallClock;
  /** Returns what is shown of an entry, and of a text in a row. */
  readonly showEntry: (entry: JournalEntry) => unknown;
  readonly showValue: (value: unknown) => unknown;
}

/** Returns the text of a bundle as a stream; its end, also an early one, ends the snapshot. */
export function writeBundle(bundle: BundleToWrite): Readable {
  let stopGuard = (): void => undefined;
  const stream = Readable.from(guarded(), { objectMode: false, highWaterMark: PIECE_LENGTH });
  stream.once("close", () => {
    stopGuard();
    bundle.snapshot.end();
  });
  return stream;

  async function* guarded(): AsyncGenerator<string, void> {
    for await (const piece of gathered(textOf(bundle), bundle.wall)) {
      stopGuard = bundle.wall.after(STALL_MS, () => {
        stream.destroy(new Error("The bundle was not read."));
      });
      yield piece;
      stopGuard();
    }
  }
}

/** Joins short texts, and lets other requests go first now and then. */
async function* gathered(texts: Iterable<string>, wall: WallClock): AsyncGenerator<string, void> {
  const turns = new Turns(wall);
  let waiting = "";
  for (const text of texts) {
    waiting += text;
    await turns.pause();
    if (waiting.length < PIECE_LENGTH) continue;
    yield waiting;
    waiting = "";
  }
  yield waiting;
}

function* textOf({ head, entries, evicted, snapshot, showEntry, showValue }: BundleToWrite): Generator<string, void> {
  yield `${JSON.stringify(head).slice(0, -1)},"journal":{"entries":[`;
  for (const [index, entry] of entries.entries()) yield `${index === 0 ? "" : ","}${JSON.stringify(showEntry(entry))}`;
  yield `],"evicted":${evicted}},"tables":{`;
  const rows = snapshot.read();
  let next = rows.next();
  for (const [index, { table, columns }] of snapshot.tables.entries()) {
    yield `${index === 0 ? "" : ","}${JSON.stringify(table)}:{"columns":${JSON.stringify(columns)},"rows":[`;
    let isFirst = true;
    for (; next.done !== true && next.value.table === table; next = rows.next())
      for (const row of next.value.rows) {
        yield `${isFirst ? "" : ","}${JSON.stringify(row.map(writeValue(showValue)))}`;
        isFirst = false;
      }
    yield "]}";
  }
  yield "}}";
}

/** Returns the writer of values; files are written as they are, because only texts have URLs. */
function writeValue(show: (value: unknown) => unknown): (value: string | number | null | Buffer) => unknown {
  return (value) => {
    if (Buffer.isBuffer(value)) return { base64: value.toString("base64") };
    return typeof value === "string" ? show(value) : value;
  };
}
