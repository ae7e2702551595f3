/** Renders quiet tones and speech as MP3 files. */
import type { AudioSpec } from "./audio-spec.ts";
import { MsbBitWriter } from "./bit-writer.ts";
import { hashSeed } from "./colour.ts";
import { momentAt, momentMs, speechMoments, type Moment } from "./voice.ts";

/**
 * The format is MPEG-2 Layer III (ISO/IEC 13818-3), 16 kHz, mono, 8 kbit/s: every frame is 36 bytes and 36 ms. A
 * frame has at most one non-zero spectral line, a quiet tone. At a constant rate the duration follows from
 * the file's length, so no index is needed.
 */

const frameBytes = 36;
const frameSeconds = 0.036;
const bigValuesBits = 9;
/** The gain of the line: 210 is full scale, and every 4 less halve it. */
const globalGain = 194;
/** What a step of loudness adds. */
const gainStep = 5;
const maxTitleBytes = 100;

/** Renders the requested duration, to the nearest frame of 36 ms. The title is in its ID3 tag. */
export function renderMp3({ durationSeconds, title, seed, voice }: AudioSpec): Uint8Array {
  const count = Math.max(1, Math.round(durationSeconds / frameSeconds));
  const period = voice === "tone" ? toneFrame(seed, steady) : speechFrames(seed);
  return Buffer.concat([titleTag(title), Buffer.alloc(count * frameBytes, period)]);
}

const steady: Moment = { loudness: 3, pitch: 0 };

/** Returns the frames of some phrases of speech, as many as fit whole into them. */
function speechFrames(seed: string): Uint8Array {
  const moments = speechMoments(seed);
  const count = Math.floor((moments.length * momentMs) / (frameSeconds * 1000));
  return Buffer.concat(
    Array.from({ length: count }, (_, index) => toneFrame(seed, momentAt(moments, index * frameSeconds * 1000))),
  );
}

function toneFrame(seed: string, { loudness, pitch }: Moment): Uint8Array {
  const [choice = 0] = hashSeed(seed);
  // Line 2 * pairs is the audible one; a line is 13.9 Hz wide, so a tone has 220 to 640 Hz, and speech a little more.
  const pairsBefore = 8 + (choice % 16) + pitch;
  const isSilent = loudness === 0;
  const spectrumBits = isSilent ? 0 : pairsBefore + 3;
  const bits = new MsbBitWriter();
  // Sync word, MPEG-2, Layer III, no checksum; 8 kbit/s, 16 kHz; mono, original.
  bits.write(0xfff3, 16);
  bits.write(0x18c4, 16);
  // Side information: the frame's data begin in the same frame.
  bits.write(0, 8 + 1);
  bits.write(spectrumBits, 12);
  bits.write(isSilent ? 0 : pairsBefore + 1, bigValuesBits);
  bits.write(globalGain - (3 - loudness) * gainStep, 8);
  bits.write(0, 9);
  bits.write(0, 1);
  // All three regions use Huffman table 1: a pair of zeros is "1"; (1, 0) is "01" and a sign.
  bits.write(0b00001_00001_00001, 15);
  bits.write(0, 4 + 3 + 1 + 1);
  if (!isSilent) {
    for (let pair = 0; pair < pairsBefore; pair++) bits.write(1, 1);
    bits.write(0b010, 3);
  }
  bits.align(0);
  const frame = new Uint8Array(frameBytes);
  frame.set(bits.take());
  return frame;
}

/** Builds an ID3v2.4 tag with only the frame TIT2, in UTF-8. */
function titleTag(title: string): Uint8Array {
  const text = Buffer.from(title).subarray(0, maxTitleBytes);
  // Sizes have 7 bits per byte; these fit one byte.
  const header = [0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, text.length + 11];
  const frame = [0x54, 0x49, 0x54, 0x32, 0, 0, 0, text.length + 1, 0, 0, 3];
  return Buffer.concat([Uint8Array.from([...header, ...frame]), text]);
}
