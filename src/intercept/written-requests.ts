/**
 * Follows the HTTP/1 requests that a connection writes, however they are cut into writes or joined in one, so that every
 * request's head is judged and no body is mistaken for one.
 */
import {
  isBegunRequestLine,
  isIncompleteHead,
  requestHead,
  writtenTarget,
  type WrittenTarget,
} from "./written-target.ts";

/** Longer heads are not held; Node.js and proxies refuse them. */
const MOST_HEAD_BYTES = 64 * 1024;

/** What becomes of written bytes: a target that was looked for, or the bytes to write; undefined leaves them as they are. */
export type Judged = { readonly found: WrittenTarget } | { readonly bytes: Buffer | undefined };

export class WrittenRequests {
  /** The beginning of a head that is not complete, and how many of its bytes have been written on. */
  #begun: Buffer = Buffer.alloc(0);
  #passed = 0;
  #body: Body | undefined;

  /** Takes the bytes of a write. Looks for a host for which `isWanted` holds. */
  take(written: Buffer, isWanted: (host: string) => boolean): Judged {
    const bytes = this.#begun.length === 0 ? written : Buffer.concat([this.#begun, written]);
    const from = this.#passed;
    const isHolding = this.#begun.length > from;
    let at = 0;
    this.#begun = Buffer.alloc(0);
    this.#passed = 0;
    while (at < bytes.length) {
      if (this.#body !== undefined) {
        at = this.#body.skip(bytes, at);
        if (this.#body.isOver) this.#body = undefined;
        continue;
      }
      const rest = bytes.subarray(at);
      const found = writtenTarget(rest, isWanted);
      if (found !== undefined) return { found };
      if (rest.length <= MOST_HEAD_BYTES && (isIncompleteHead(rest) || isBegunRequestLine(rest))) {
        // A line without an end may be of another protocol, whose server answers it, so it is not held.
        const isHeld = isIncompleteHead(rest);
        this.#begun = rest;
        this.#passed = isHeld ? Math.max(0, from - at) : rest.length;
        return isHeld || isHolding ? { bytes: bytes.subarray(from, at + this.#passed) } : { bytes: undefined };
      }
      const head = requestHead(rest);
      if (head === undefined) break;
      at += head.length;
      this.#body = head.isChunked ? new ChunkedBody() : new SizedBody(head.contentLength);
      if (this.#body.isOver) this.#body = undefined;
    }
    return { bytes: isHolding ? bytes.subarray(from) : undefined };
  }
}

interface Body {
  readonly isOver: boolean;
  /** Returns where the bytes of this body end, at most the length of `bytes`. */
  readonly skip: (bytes: Buffer, at: number) => number;
}

class SizedBody implements Body {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get isOver(): boolean {
    return this.#left === 0;
  }

  skip(bytes: Buffer, at: number): number {
    const size = Math.min(this.#left, bytes.length - at);
    this.#left -= size;
    return at + size;
  }
}

class ChunkedBody implements Body {
  isOver = false;
  #line = "";
  #left = 0;
  #isInTrailers = false;

  skip(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && !this.isOver) {
      const size = Math.min(this.#left, bytes.length - at);
      this.#left -= size;
      at += size;
      if (this.#left > 0 || at === bytes.length) break;
      const end = bytes.indexOf("\n", at);
      this.#line += bytes.toString("latin1", at, end === -1 ? bytes.length : end);
      at = end === -1 ? bytes.length : end + 1;
      if (end !== -1) this.#takeLine();
    }
    return at;
  }

  #takeLine(): void {
    const line = this.#line.trim();
    this.#line = "";
    if (this.#isInTrailers) {
      this.isOver = line === "";
      return;
    }
    const size = Number.parseInt(line, 16);
    // What is not chunked is judged as a request again.
    if (!(size >= 0)) this.isOver = true;
    else if (size === 0) this.#isInTrailers = true;
    else this.#left = size + "\r\n".length;
  }
}
