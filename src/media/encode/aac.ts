/**
 * Encodes silence and speech as AAC-LC (ISO/IEC 14496-3, 4.4): 16 kHz, mono, 1024 samples per frame.
 *
 * A frame of silence has no spectrum. A frame of speech has a few lines: a tone and its overtones. A line whose sign
 * follows the pattern of its phase continues smoothly from frame to frame.
 */
import { MsbBitWriter } from "./bit-writer.ts";
import { hashSeed } from "./colour.ts";
import { momentAt, speechMoments, type Moment } from "./voice.ts";

export const aacSampleRate = 16_000;
export const aacFrameSamples = 1024;

/** AudioSpecificConfig: AAC-LC, 16 kHz, one channel. */
export const aacConfiguration: readonly number[] = [0x14, 0x08];

/** The first lines of the scale factor bands of 16 kHz (table 4.129), as far as speech needs them. */
const bandEdges: readonly number[] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 100, 112, 124, 136, 148, 160];
const bands = bandEdges.length - 1;
const codebook = 7;
/** Codes of codebook 7 for a pair of a value from 0 to 7 and a zero, as [length, code]. */
const pairCodes: readonly (readonly [number, number])[] = [
  [1, 0],
  [3, 0x4],
  [6, 0x36],
  [7, 0x73],
  [8, 0xf3],
  [9, 0x1ed],
  [10, 0x3ee],
  [11, 0x7f6],
];
/** The values of a tone and its overtones. */
const overtones = [5, 7, 4, 2] as const;
/** The gain of the loudest moment; every 4 less halve it. */
const loudestGain = 168;
const gainStep = 5;
/** Whether a line of an even number is negative in each of four successive frames. */
const isNegative = [false, true, true, false] as const;

/** Returns a function that returns the frame of each index; equal frames are encoded once. */
export function aacFrames(seed: string, sound: "silence" | "speech"): (index: number) => Uint8Array {
  const silence = encodeFrame(undefined);
  if (sound === "silence") return () => silence;
  const moments = speechMoments(seed);
  const known = new Map<string, Uint8Array>();
  return (index) => {
    const moment = momentAt(moments, ((index + 0.5) * aacFrameSamples * 1000) / aacSampleRate);
    if (moment.loudness === 0) return silence;
    const key = `${moment.loudness} ${moment.pitch} ${index % 4}`;
    const frame = known.get(key) ?? encodeFrame({ ...moment, base: baseLine(seed), index });
    known.set(key, frame);
    return frame;
  };
}

/** Returns the even line of the lowest tone: 110 to 200 Hz, because a line is 7.8 Hz wide. */
function baseLine(seed: string): number {
  const [choice = 0] = hashSeed(seed);
  return 14 + 2 * (choice % 6);
}

/** Encodes raw_data_block with one channel; undefined is silence. */
function encodeFrame(tone: (Moment & { readonly base: number; readonly index: number }) | undefined): Uint8Array {
  const bits = new MsbBitWriter();
  // single_channel_element, the first one.
  bits.write(0, 3 + 4);
  bits.write(tone === undefined ? 0 : loudestGain - (3 - tone.loudness) * gainStep, 8);
  // One long window of the sine shape.
  bits.write(0, 1 + 2 + 1);
  bits.write(tone === undefined ? 0 : bands, 6);
  // No prediction.
  bits.write(0, 1);
  if (tone !== undefined) {
    bits.write(codebook, 4);
    bits.write(bands, 5);
    // Every scale factor is equal to the one before it.
    bits.write(0, bands);
  }
  // No pulses, no noise shaping, no gain control.
  bits.write(0, 3);
  if (tone !== undefined) writeSpectrum(bits, tone.base + 2 * tone.pitch, isNegative[tone.index % 4] === true);
  bits.write(0b111, 3);
  bits.align(0);
  return bits.take();
}

function writeSpectrum(bits: MsbBitWriter, base: number, negative: boolean): void {
  for (let line = 0; line < (bandEdges.at(-1) ?? 0); line += 2) {
    const value = line > 0 && line % base === 0 ? (overtones[line / base - 1] ?? 0) : 0;
    const [length = 0, code = 0] = pairCodes[value] ?? [];
    bits.write(code, length);
    if (value > 0) bits.write(negative ? 1 : 0, 1);
  }
}
