/**
 * Splits a JSON document that arrives in chunks into the values of which it consists, without holding it as a whole. The
 * reader says which objects and arrays are descended into; every other value is a piece, which JSON.parse decodes. A
 * tokenizer from npm would visit every byte of the encoded files in a bundle; this one only looks for their end.
 */

export type Container = "object" | "array";

/** The keys that lead to a value; an item of an array has the key `*`. */
export type Path = readonly string[];

export interface Piece {
  readonly path: Path;
  readonly value: unknown;
}

export interface JsonPiecesOptions {
  /** Returns what is descended into at a path, if it is there; undefined for a piece. */
  readonly descend: (path: Path) => Container | undefined;
  /** The largest piece. */
  readonly mostBytes: number;
  /** The deepest nesting of a piece. */
  readonly mostLevels: number;
}

/** Thrown for text that is not the JSON of one value. */
export class JsonBroken extends Error {}

/** Thrown for a piece that is too large, or nested too deeply. */
export class PieceTooLarge extends Error {}

type Expected = "value" | "item" | "key" | "first-key" | "colon" | "comma" | "nothing";

interface Open {
  readonly kind: Container;
  readonly path: Path;
  key: string;
}

/** A value whose end has not arrived. */
interface Unfinished {
  readonly kind: "text" | "nested" | "plain";
  readonly chunks: Buffer[];
  bytes: number;
  level: number;
  isInText: boolean;
  isEscaped: boolean;
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OBJECT, OBJECT_END, ARRAY, ARRAY_END] = [0x7b, 0x7d, 0x5b, 0x5d];
const SPACES: ReadonlySet<number | undefined> = new Set([0x20, 0x0a, 0x0d, 0x09]);

export class JsonPieces {
  readonly #options: JsonPiecesOptions;
  readonly #open: Open[] = [];
  #expected: Expected = "value";
  #unfinished: Unfinished | undefined;
  #read = 0;

  constructor(options: JsonPiecesOptions) {
    this.#options = options;
  }

  /** Takes a chunk, and yields the pieces that end in it. Throws {@link JsonBroken} and {@link PieceTooLarge}. */
  *push(chunk: Buffer): Generator<Piece, void> {
    const isMarked = this.#read === 0 && chunk.subarray(0, 3).toString("hex") === "efbbbf";
    for (let at = isMarked ? 3 : 0; at < chunk.length;) {
      if (this.#unfinished === undefined) {
        at = this.#step(chunk, at);
        continue;
      }
      const end = endOf(this.#unfinished, chunk, at, this.#options.mostLevels);
      this.#keep(this.#unfinished, chunk.subarray(at, end));
      if (end === undefined) break;
      at = end;
      const value = this.#parse(this.#unfinished);
      this.#unfinished = undefined;
      if (this.#expected === "key" || this.#expected === "first-key") this.#takeKey(value);
      else {
        yield { path: this.#path, value };
        this.#expected = this.#afterValue;
      }
    }
    this.#read += chunk.length;
  }

  /** Throws {@link JsonBroken} if the document has not ended. */
  end(): void {
    if (this.#expected !== "nothing")
      throw new JsonBroken(`The JSON ends after ${this.#read} bytes, before its value.`);
  }

  get #path(): Path {
    const open = this.#open.at(-1);
    return open === undefined ? [] : [...open.path, open.key];
  }

  get #afterValue(): Expected {
    return this.#open.length === 0 ? "nothing" : "comma";
  }

  /** Reads one character between two values, or begins a value; returns the place after what was read. */
  #step(chunk: Buffer, at: number): number {
    const byte = chunk[at];
    if (SPACES.has(byte)) return at + 1;
    const open = this.#open.at(-1);
    const isEnd = byte === (open?.kind === "object" ? OBJECT_END : ARRAY_END);
    switch (this.#expected) {
      case "colon":
        if (byte !== COLON) throw this.#broken(at);
        this.#expected = "value";
        return at + 1;
      case "comma":
        if (isEnd) return this.#close(at);
        if (byte !== COMMA) throw this.#broken(at);
        this.#expected = open?.kind === "object" ? "key" : "value";
        return at + 1;
      case "key":
      case "first-key":
        if (isEnd && this.#expected === "first-key") return this.#close(at);
        if (byte !== QUOTE) throw this.#broken(at);
        return this.#begin("text", at);
      case "item":
        return isEnd ? this.#close(at) : this.#beginValue(byte, at);
      case "value":
        return this.#beginValue(byte, at);
      case "nothing":
        throw this.#broken(at);
    }
  }

  #beginValue(byte: number | undefined, at: number): number {
    const kind = byte === OBJECT ? "object" : byte === ARRAY ? "array" : undefined;
    const path = this.#path;
    if (kind !== undefined && this.#options.descend(path) === kind) {
      this.#open.push({ kind, path, key: "*" });
      this.#expected = kind === "object" ? "first-key" : "item";
      return at + 1;
    }
    return this.#begin(kind === undefined ? (byte === QUOTE ? "text" : "plain") : "nested", at);
  }

  #begin(kind: Unfinished["kind"], at: number): number {
    this.#unfinished = { kind, chunks: [], bytes: 0, level: 0, isInText: false, isEscaped: false };
    return at;
  }

  #close(at: number): number {
    this.#open.pop();
    this.#expected = this.#afterValue;
    return at + 1;
  }

  #takeKey(key: unknown): void {
    const open = this.#open.at(-1);
    if (open !== undefined) open.key = String(key);
    this.#expected = "colon";
  }

  #keep(unfinished: Unfinished, bytes: Buffer): void {
    unfinished.bytes += bytes.length;
    if (unfinished.bytes > this.#options.mostBytes)
      throw new PieceTooLarge(`${this.#path.join(".")} has more than ${this.#options.mostBytes} bytes.`);
    unfinished.chunks.push(bytes);
  }

  #parse({ chunks }: Unfinished): unknown {
    const [only, ...others] = chunks;
    const text = (only !== undefined && others.length === 0 ? only : Buffer.concat(chunks)).toString();
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      const where = this.#path.join(".");
      throw new JsonBroken(
        `${where === "" ? "The body" : where} is not JSON: ${error instanceof Error ? error.message : ""}`,
      );
    }
  }

  #broken(at: number): JsonBroken {
    return new JsonBroken(`The body is not JSON: there is an unexpected character at byte ${this.#read + at}.`);
  }
}

/** Returns the place after the end of a value; undefined if it is not in the chunk. */
function endOf(value: Unfinished, chunk: Buffer, from: number, mostLevels: number): number | undefined {
  if (value.kind === "plain") {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === COMMA || byte === OBJECT_END || byte === ARRAY_END || SPACES.has(byte)) return at;
    }
    return undefined;
  }
  for (let at = from; at < chunk.length;) {
    if (value.isInText) {
      const end = endOfText(value, chunk, at);
      if (end === undefined) return undefined;
      value.isInText = false;
      at = end;
      if (value.level === 0) return at;
      continue;
    }
    const byte = chunk[at];
    at += 1;
    if (byte === QUOTE) value.isInText = true;
    else if (byte === OBJECT || byte === ARRAY) {
      value.level += 1;
      if (value.level > mostLevels) throw new PieceTooLarge(`A value is nested more than ${mostLevels} levels deep.`);
    } else if (byte === OBJECT_END || byte === ARRAY_END) {
      value.level -= 1;
      if (value.level === 0) return at;
    }
  }
  return undefined;
}

/** Returns the place after the quote that ends a text; undefined if it is not in the chunk. */
function endOfText(value: Unfinished, chunk: Buffer, from: number): number | undefined {
  let at = from;
  if (value.isEscaped) {
    value.isEscaped = false;
    at += 1;
  }
  for (;;) {
    const quote = chunk.indexOf(QUOTE, at);
    const end = quote === -1 ? chunk.length : quote;
    let backslashes = 0;
    while (end - backslashes > at && chunk[end - backslashes - 1] === BACKSLASH) backslashes += 1;
    const isEscaped = backslashes % 2 === 1;
    if (quote === -1) {
      value.isEscaped = isEscaped;
      return undefined;
    }
    if (!isEscaped) return quote + 1;
    at = quote + 1;
  }
}
