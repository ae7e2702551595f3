/** Renders videos as MP4 files (ISO/IEC 14496-12, -14, -15) with an H.264 track and, if asked, an AAC track. */
import { aacConfiguration, aacFrames, aacFrameSamples, aacSampleRate } from "./aac.ts";
import { layOutCard, marginOf, type CardTexts } from "./card.ts";
import { planClockFace } from "./clock-face.ts";
import type { Dimensions } from "./dimensions.ts";
import { encodeVideo, type EncodedVideo } from "./h264.ts";
import { box, fullBox, text, uint16, uint32 } from "./mp4-boxes.ts";
import { identityMatrix, trackBox, type Chunk, type MovieTime, type Track } from "./mp4-track.ts";
import { paint } from "./picture.ts";
import type { Steps } from "../../engine/base/turns.ts";

/** The index comes before the data, so that a player can start during the download. */

/** Ticks per second: divisible by 24, 25, 30 and 1000, so that common durations are exact. */
const timescale = 24_000;
const framesPerSecond = 24;
/** Longer videos have a lower frame rate instead of more frames, so that the file stays small. */
const maxFrames = 1440;
/** Sound and pictures alternate in the file at this interval, or a longer one in a long video. */
const secondsPerChunk = 1;
const maxChunks = 300;
const framesPerSlice = 24;

export interface VideoSpec extends Dimensions, CardTexts {
  readonly durationSeconds: number;
  readonly seed: string;
  readonly sound: "none" | "silence" | "speech";
}

/** Renders a card with a running time code; its duration is exact to 1/24000 s. Both sides must be even. */
export function* renderMp4(spec: VideoSpec): Steps<Uint8Array> {
  const ticks = Math.max(1, Math.round(spec.durationSeconds * timescale));
  const tracks = [yield* videoTrack(spec, ticks)];
  if (spec.sound !== "none") tracks.push(yield* audioTrack(spec, spec.sound, ticks));
  const fileType = box("ftyp", text("isom"), uint32(512), text("isomiso2avc1mp41"));
  // The index contains positions in the file, which depend only on the index's length.
  const indexAt = (dataAt: number) => movieBox(tracks, { timescale, ticks }, dataAt);
  const dataAt = fileType.length + indexAt(0).length + 8;
  yield;
  return Buffer.concat([fileType, indexAt(dataAt), box("mdat", ...interleaved(tracks).map(({ bytes }) => bytes))]);
}

function* videoTrack(spec: VideoSpec, ticks: number): Steps<Track> {
  const { width, height, seed, durationSeconds } = spec;
  const frames = Math.min(maxFrames, Math.max(1, Math.round(durationSeconds * framesPerSecond)));
  const face = planClockFace(spec, marginOf(spec));
  const card = layOutCard({ ...spec, footer: face.footer });
  const picture = paint({
    width,
    height: face.codedHeight,
    seed,
    rectangles: [...card.rectangles, ...face.rectangles],
    lines: [...card.lines, ...face.lines],
  });
  yield;
  const video = yield* encodeVideo(picture, spec);
  const samples = [withLength(video.first)];
  const momentOf = (index: number) => ({
    seconds: (index * durationSeconds) / frames,
    share: index / Math.max(1, frames - 1),
  });
  for (let index = 1; index < frames; index++) {
    samples.push(withLength(video.next(index, face.change(momentOf(index - 1), momentOf(index)))));
    if (index % framesPerSlice === 0) yield;
  }
  const times = sampleTimes(ticks, frames);
  return { kind: "video", timescale, width, height, sampleEntry: videoEntry(spec, video), samples, ticks, times };
}

function* audioTrack({ seed }: VideoSpec, sound: "silence" | "speech", movieTicks: number): Steps<Track> {
  const ticks = Math.max(1, Math.round((movieTicks * aacSampleRate) / timescale));
  const count = Math.ceil(ticks / aacFrameSamples);
  const frameAt = aacFrames(seed, sound);
  const samples: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    samples.push(frameAt(index));
    if (index % 4096 === 4095) yield;
  }
  // The last frame is cut, so that sound and picture end together.
  const rest = ticks - (count - 1) * aacFrameSamples;
  const times = (
    [
      [count - 1, aacFrameSamples],
      [1, rest],
    ] as const
  ).filter(([each]) => each > 0);
  return {
    kind: "audio",
    timescale: aacSampleRate,
    width: 0,
    height: 0,
    sampleEntry: audioEntry(),
    samples,
    ticks,
    times,
  };
}

function movieBox(tracks: readonly Track[], movie: MovieTime, dataAt: number): Uint8Array {
  let position = dataAt;
  const chunksOf = new Map<Track, Chunk[]>(tracks.map((track) => [track, []]));
  for (const { track, count, bytes } of interleaved(tracks)) {
    chunksOf.get(track)?.push({ count, position });
    position += bytes.length;
  }
  return box(
    "moov",
    fullBox(
      "mvhd",
      0,
      uint32(0, 0, movie.timescale, movie.ticks, 0x10000),
      uint16(0x100, 0),
      uint32(0, 0, ...identityMatrix, 0, 0, 0, 0, 0, 0, tracks.length + 1),
    ),
    ...tracks.map((track, index) => trackBox(track, index + 1, chunksOf.get(track) ?? [], movie)),
  );
}

interface Part {
  readonly track: Track;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Returns the chunks of all tracks by their time; a track whose samples are longer than that has fewer. */
function interleaved(tracks: readonly Track[]): Part[] {
  const seconds = Math.max(...tracks.map(({ ticks, timescale: unit }) => ticks / unit));
  const count = Math.min(maxChunks, Math.max(1, Math.ceil(seconds / secondsPerChunk)));
  return Array.from({ length: count }, (_, index) => index).flatMap((index) =>
    tracks.flatMap((track): Part[] => {
      const of = (part: number): number => Math.floor((part * track.samples.length) / count);
      const samples = track.samples.slice(of(index), of(index + 1));
      return samples.length === 0 ? [] : [{ track, count: samples.length, bytes: Buffer.concat(samples) }];
    }),
  );
}

function videoEntry(size: Dimensions, { sequenceParameters, pictureParameters }: EncodedVideo): Uint8Array {
  const configuration = box(
    "avcC",
    // Version, then profile, compatibility and level as in the parameters; lengths of 4 bytes; one set of each kind.
    Uint8Array.of(1),
    sequenceParameters.subarray(1, 4),
    Uint8Array.of(0xff, 0xe1),
    uint16(sequenceParameters.length),
    sequenceParameters,
    Uint8Array.of(1),
    uint16(pictureParameters.length),
    pictureParameters,
  );
  return box(
    "avc1",
    uint16(0, 0, 0, 1),
    uint32(0, 0, 0, 0),
    uint16(size.width, size.height),
    uint32(0x480000, 0x480000, 0),
    uint16(1),
    new Uint8Array(32),
    uint16(24, 0xffff),
    configuration,
  );
}

function audioEntry(): Uint8Array {
  const specific = descriptor(5, ...aacConfiguration);
  // MPEG-4 audio, an audio stream; no buffer size and no rates are promised.
  const decoder = descriptor(4, 0x40, 0x15, ...Array.from({ length: 11 }, () => 0), ...specific);
  const elementary = descriptor(3, 0, 0, 0, ...decoder, ...descriptor(6, 2));
  return box(
    "mp4a",
    uint16(0, 0, 0, 1),
    uint32(0, 0),
    uint16(1, 16, 0, 0),
    uint32(aacSampleRate << 16),
    fullBox("esds", 0, Uint8Array.from(elementary)),
  );
}

/** Returns a descriptor of at most 127 bytes (ISO/IEC 14496-1, 8.3.3). */
function descriptor(tag: number, ...content: readonly number[]): number[] {
  return [tag, content.length, ...content];
}

/** Gives all frames the same duration, except that the first ones get one more tick until the sum is right. */
function sampleTimes(ticks: number, frames: number): (readonly [number, number])[] {
  const each = Math.floor(ticks / frames);
  const longer = ticks % frames;
  const runs = [[longer, each + 1] as const, [frames - longer, each] as const];
  return runs.filter(([count]) => count !== 0);
}

function withLength(unit: Uint8Array): Uint8Array {
  return Buffer.concat([uint32(unit.length), unit]);
}
