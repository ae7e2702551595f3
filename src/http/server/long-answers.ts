/**
 * Writes answers with long lists item by item: in turns, between which other requests are served, and as a stream once
 * the text is large, so that it is never in memory as a whole.
 */
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { STREAMED } from "../bodies/keep-bodies.ts";
import { Turns } from "../../engine/base/turns.ts";
import type { WallClock } from "../../engine/base/clock.ts";

/** A list with so many items is long. */
const LONG = 8;

/** The same for a server that checks its answers against their schemas, which an answer in turns is not. */
const LONG_UNCHECKED = 1000;

/** How deep lists are looked for: those of most vendors are in an envelope. */
const LEVELS = 2;

/** A larger text is sent as a stream. */
const MOST_TEXT_LENGTH = 4 * 1024 * 1024;

/** The time is looked at after so much text, because most items are small. */
const CHECKED_LENGTH = 16 * 1024;

/** So much of a stream is sent at once. */
const PIECE_LENGTH = 64 * 1024;

/** Adds this to a server; `checks` says whether it checks its answers against their schemas. */
export function writeLongAnswers(server: FastifyInstance, wall: WallClock, checks: boolean): void {
  const least = checks ? LONG_UNCHECKED : LONG;
  server.decorateReply("longText", undefined);
  server.addHook("preSerialization", (_request, reply, payload: unknown, done) => {
    if (!hasLongList(payload, least, LEVELS)) {
      done(null, payload);
      return;
    }
    write(payload, wall).then(
      (text) => {
        reply.longText = text;
        reply.serializer(() => "");
        done(null, payload);
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
  server.addHook("onSend", (_request, reply, payload, done) => {
    done(null, reply.longText ?? payload);
    reply.longText = undefined;
  });
}

function hasLongList(value: unknown, least: number, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.length >= least;
  if (levels === 0) return false;
  for (const key in value) if (hasLongList(Reflect.get(value, key), least, levels - 1)) return true;
  return false;
}

/** Returns the JSON of a value, or a stream of it if it is large, which tells the journal its size at its end. */
async function write(value: unknown, wall: WallClock): Promise<string | Readable> {
  const texts = textOf(value, LEVELS);
  const turns = new Turns(wall);
  const written: string[] = [];
  let length = 0;
  let checked = 0;
  for (let next = texts.next(); next.done !== true; next = texts.next()) {
    written.push(next.value);
    length += next.value.length;
    if (length > MOST_TEXT_LENGTH) {
      const rest = streamed(written.join(""), texts, wall, (bytes) => stream.emit(STREAMED, bytes));
      const stream = Readable.from(rest, { objectMode: false, highWaterMark: PIECE_LENGTH });
      return stream;
    }
    if (length - checked < CHECKED_LENGTH) continue;
    checked = length;
    await turns.pause();
  }
  return written.join("");
}

async function* streamed(
  first: string,
  rest: Iterator<string>,
  wall: WallClock,
  onEnd: (bytes: number) => void,
): AsyncGenerator<Buffer, void> {
  const turns = new Turns(wall);
  let waiting = first;
  let bytes = 0;
  for (let isLast = false; !isLast;) {
    const next = waiting.length < PIECE_LENGTH ? rest.next() : undefined;
    if (next?.done === false) waiting += next.value;
    isLast = next?.done === true;
    if (turns.isOver) await turns.pause();
    if (!isLast && waiting.length < PIECE_LENGTH) continue;
    const piece = Buffer.from(waiting);
    waiting = "";
    bytes += piece.length;
    if (isLast) onEnd(bytes);
    yield piece;
  }
}

/** Writes a value as JSON.stringify does, but each item of a list by itself, and without the items that are gone. */
function* textOf(value: unknown, levels: number): Generator<string, void> {
  if (typeof value !== "object" || value === null || "toJSON" in value) {
    yield jsonOf(value) ?? "null";
    return;
  }
  if (Array.isArray(value)) {
    let separator = "[";
    for (let index = 0; index < value.length; index += 1) {
      const text = jsonOf(value[index]);
      if (text === undefined) continue;
      yield separator + text;
      separator = ",";
    }
    yield separator === "[" ? "[]" : "]";
    return;
  }
  if (levels === 0) {
    yield jsonOf(value) ?? "null";
    return;
  }
  let separator = "{";
  for (const [key, part] of Object.entries(value)) {
    if (part === undefined || typeof part === "function" || typeof part === "symbol") continue;
    yield `${separator}${JSON.stringify(key)}:`;
    separator = ",";
    yield* textOf(part, levels - 1);
  }
  yield separator === "{" ? "{}" : "}";
}

/** JSON.stringify with its true type: it returns undefined for values that JSON cannot express. */
const jsonOf: (value: unknown) => string | undefined = JSON.stringify;

declare module "fastify" {
  interface FastifyReply {
    /** The text of an answer that was written in turns, which replaces what the serializer returns. */
    longText: string | Readable | undefined;
  }
}
