/** Renders quiet tones and speech as WAV files. */
import type { AudioSpec } from "./audio-spec.ts";
import { hashSeed } from "./colour.ts";
import type { Steps } from "../../engine/base/turns.ts";
import { momentMs, speechMoments, type Loudness } from "./voice.ts";

/** Samples per second: enough for a tone, and a fraction of a studio's rate. */
const sampleRate = 8000;
const bytesPerSample = 2;
/** About -28 dB. */
const amplitude = 1300;

/** Bytes that are filled in about a millisecond. */
const sliceBytes = 1024 * 1024;

/** Renders the requested duration as WAV: PCM, 16 bits, mono. The title is in its INFO chunk. */
export function* renderWav({ durationSeconds, title, seed, voice }: AudioSpec): Steps<Uint8Array> {
  const samples = Math.max(1, Math.round(durationSeconds * sampleRate));
  const titleText = Buffer.from(`${title}\0`);
  const paddedTitle = Buffer.concat([titleText, Buffer.alloc(titleText.length % 2)]);
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * bytesPerSample, 8);
  format.writeUInt16LE(bytesPerSample, 12);
  format.writeUInt16LE(bytesPerSample * 8, 14);
  const soundBytes = samples * bytesPerSample;
  const list = Buffer.concat([Buffer.from("INFO"), chunkHeader("INAM", paddedTitle.length), paddedTitle]);
  const inside = Buffer.concat([
    Buffer.from("WAVE"),
    chunkHeader("fmt ", format.length),
    format,
    chunkHeader("LIST", list.length),
    list,
    chunkHeader("data", soundBytes),
  ]);
  const before = Buffer.concat([chunkHeader("RIFF", inside.length + soundBytes), inside]);
  const file = Buffer.allocUnsafeSlow(before.length + soundBytes);
  file.set(before);
  const period = voice === "tone" ? onePeriod(quarterOf(seed)) : speechPeriod(seed);
  // Whole periods, so that the sound is continuous across slices.
  const step = Math.max(1, Math.floor(sliceBytes / period.length)) * period.length;
  for (let at = before.length; at < file.length; at += step) {
    file.fill(period, at, Math.min(file.length, at + step));
    yield;
  }
  return file;
}

/** Returns a quarter of a period, in samples: a pitch between 200 and 400 Hz. */
function quarterOf(seed: string): number {
  const [choice = 0] = hashSeed(seed);
  return 5 + (choice % 6);
}

/** Returns one period of a triangle wave; integers only, so every machine computes the same. */
function onePeriod(quarter: number): Buffer {
  const period = Buffer.alloc(quarter * 4 * bytesPerSample);
  for (let index = 0; index < quarter * 4; index++)
    period.writeInt16LE(triangle(index, quarter, amplitude), index * bytesPerSample);
  return period;
}

/** Returns some phrases of speech. */
function speechPeriod(seed: string): Buffer {
  const moments = speechMoments(seed);
  const perMoment = (sampleRate * momentMs) / 1000;
  const period = Buffer.alloc(moments.length * perMoment * bytesPerSample);
  const usual = quarterOf(seed) + 3;
  let phase = 0;
  for (const [moment, { loudness, pitch }] of moments.entries()) {
    for (let index = 0; index < perMoment; index++) {
      const at = (moment * perMoment + index) * bytesPerSample;
      period.writeInt16LE(triangle(phase, usual - pitch, amplitudeOf(loudness)), at);
      phase = (phase + 1) % ((usual - pitch) * 4);
    }
  }
  return period;
}

function amplitudeOf(loudness: Loudness): number {
  return loudness === 0 ? 0 : amplitude >> (3 - loudness);
}

function triangle(index: number, quarter: number, peak: number): number {
  const distance = Math.abs(((index + quarter) % (quarter * 4)) - quarter * 2) - quarter;
  return Math.trunc((-distance * peak) / quarter);
}

function chunkHeader(type: string, contentBytes: number): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 0, "latin1");
  header.writeUInt32LE(contentBytes, 4);
  return header;
}
