/** Writes a track of an MP4 file: its description, and where its samples are (ISO/IEC 14496-12, 8.3 to 8.7). */
import { box, fullBox, text, uint16, uint32 } from "./mp4-boxes.ts";

export interface Track {
  readonly kind: "video" | "audio";
  /** Ticks per second. */
  readonly timescale: number;
  /** The pixels of a video, 0 for audio. */
  readonly width: number;
  readonly height: number;
  /** The box that describes the encoding. */
  readonly sampleEntry: Uint8Array;
  readonly samples: readonly Uint8Array[];
  /** The duration of all samples, in ticks. */
  readonly ticks: number;
  /** Runs of samples of equal duration, as [count, ticks]. */
  readonly times: readonly (readonly [count: number, ticks: number])[];
}

/** Samples that follow each other in the file. */
export interface Chunk {
  readonly count: number;
  readonly position: number;
}

/** The time of the whole file: its unit, and its duration in that unit. */
export interface MovieTime {
  readonly timescale: number;
  readonly ticks: number;
}

export const identityMatrix: readonly number[] = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

const handlers = { video: ["vide", "VideoHandler\0"], audio: ["soun", "SoundHandler\0"] } as const;
const fullVolume = 0x100;

export function trackBox(track: Track, id: number, chunks: readonly Chunk[], movie: MovieTime): Uint8Array {
  const { kind, timescale, ticks, width, height } = track;
  const [handler, name] = handlers[kind];
  return box(
    "trak",
    // Flags: the track is enabled and part of the presentation.
    fullBox(
      "tkhd",
      3,
      uint32(0, 0, id, 0, movie.ticks, 0, 0),
      uint16(0, 0, kind === "audio" ? fullVolume : 0, 0),
      uint32(...identityMatrix, width << 16, height << 16),
    ),
    box(
      "mdia",
      fullBox("mdhd", 0, uint32(0, 0, timescale, ticks), uint16(0x55c4, 0)),
      fullBox("hdlr", 0, uint32(0), text(handler), uint32(0, 0, 0), text(name)),
      box(
        "minf",
        kind === "video" ? fullBox("vmhd", 1, uint16(0, 0, 0, 0)) : fullBox("smhd", 0, uint16(0, 0)),
        box("dinf", fullBox("dref", 0, uint32(1), fullBox("url ", 1))),
        sampleTable(track, chunks),
      ),
    ),
  );
}

function sampleTable({ kind, sampleEntry, samples, times }: Track, chunks: readonly Chunk[]): Uint8Array {
  return box(
    "stbl",
    fullBox("stsd", 0, uint32(1), sampleEntry),
    fullBox("stts", 0, uint32(times.length), ...times.map((run) => uint32(...run))),
    ...(kind === "video" ? [fullBox("stss", 0, uint32(1, 1))] : []),
    fullBox("stsc", 0, ...chunkRuns(chunks)),
    fullBox("stsz", 0, ...sampleSizes(samples)),
    fullBox("stco", 0, uint32(chunks.length, ...chunks.map(({ position }) => position))),
  );
}

/** Lists only the chunks whose number of samples differs from that of the chunk before. */
function chunkRuns(chunks: readonly Chunk[]): readonly Uint8Array[] {
  const runs = chunks.flatMap(({ count }, index) =>
    chunks[index - 1]?.count === count ? [] : [[index + 1, count, 1]],
  );
  return [uint32(runs.length), ...runs.map((run) => uint32(...run))];
}

function sampleSizes(samples: readonly Uint8Array[]): readonly Uint8Array[] {
  const [first] = samples;
  if (samples.every(({ length }) => length === first?.length)) return [uint32(first?.length ?? 0, samples.length)];
  return [uint32(0, samples.length), uint32(...samples.map(({ length }) => length))];
}
