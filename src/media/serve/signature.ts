/** Checks by its first bytes whether a file has the format that its name says. */
import { closeSync, openSync, readSync } from "node:fs";
import type { MediaSpec } from "../encode/render.ts";

const HEAD_BYTES = 12;

/**
 * Patterns over the first bytes, one character per byte. MP4: a box that can begin a film; MP3: a tag or a frame's
 * sync.
 */
const SIGNATURES = {
  png: /^\x89PNG\r\n\x1a\n/,
  jpg: /^\xff\xd8\xff/,
  webp: /^RIFF[^]{4}WEBP/,
  mp4: /^[^]{4}(?:ftyp|moov|mdat|free|skip|wide)/,
  wav: /^RIFF[^]{4}WAVE/,
  mp3: /^(?:ID3|\xff[\xe2-\xff])/,
} as const satisfies Record<MediaSpec["format"], RegExp>;

/** Whether a file with this content begins as a file of this format. */
export function beginsAs(content: Uint8Array, format: MediaSpec["format"]): boolean {
  return SIGNATURES[format].test(Buffer.from(content.subarray(0, HEAD_BYTES)).toString("latin1"));
}

/** Reads the first bytes of a file. */
export function headOf(path: string): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, "r");
  try {
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
