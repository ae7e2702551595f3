/** Renders quiet tones as WAV files. */
import type { AudioSpec } from "./audio-spec.ts";
import { hashSeed } from "./colour.ts";

/** Samples per second: enough for a tone, and a fraction of a studio's rate. */
const sampleRate = 8000;
const bytesPerSample = 2;
/** About -28 dB. */
const amplitude = 1300;

/** Renders a quiet tone as WAV: PCM, 16 bits, mono. The title is in its INFO chunk. */
export function renderWav(spec: AudioSpec): Uint8Array {
  const samples = Math.max(1, Math.round(spec.durationSeconds * sampleRate));
  const title = Buffer.from(`${spec.title}\0`);
  const paddedTitle = Buffer.concat([title, Buffer.alloc(title.length % 2)]);
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * bytesPerSample, 8);
  format.writeUInt16LE(bytesPerSample, 12);
  format.writeUInt16LE(bytesPerSample * 8, 14);
  const tone = Buffer.alloc(samples * bytesPerSample, onePeriod(spec.seed));
  return chunk("RIFF", [
    Buffer.from("WAVE"),
    chunk("fmt ", [format]),
    chunk("LIST", [Buffer.from("INFO"), chunk("INAM", [paddedTitle])]),
    chunk("data", [tone]),
  ]);
}

/** Returns one period of a triangle wave between 200 and 400 Hz; integers only, so every machine computes the same. */
function onePeriod(seed: string): Buffer {
  const [choice = 0] = hashSeed(seed);
  const quarter = 5 + (choice % 6);
  const period = Buffer.alloc(quarter * 4 * bytesPerSample);
  for (let index = 0; index < quarter * 4; index++) {
    const distance = Math.abs(((index + quarter) % (quarter * 4)) - quarter * 2) - quarter;
    period.writeInt16LE(Math.trunc((-distance * amplitude) / quarter), index * bytesPerSample);
  }
  return period;
}

function chunk(type: string, content: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 0, "latin1");
  header.writeUInt32LE(
    content.reduce((sum, part) => sum + part.length, 0),
    4,
  );
  return Buffer.concat([header, ...content]);
}
