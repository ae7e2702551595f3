/** Renders still videos as MP4 files (ISO/IEC 14496-12, -14, -15) with one H.264 track. */
import type { Dimensions } from "./dimensions.ts";
import { encodeStillVideo, macroblockSize, type StillVideo } from "./h264.ts";
import { drawPicture } from "./picture.ts";

/** The index comes before the data, so that a player can start during the download. */

/** Ticks per second: divisible by 24, 25, 30 and 1000, so that common durations are exact. */
const timescale = 24_000;
const framesPerSecond = 24;
/** Longer videos have a lower frame rate instead of more frames: nothing moves, and the file stays small. */
const maxFrames = 600;
/** The largest text area. It fits 36 characters of three pixels per font pixel; each 256 pixels cost 384 bytes. */
const maxTextPixels = 16_000;

const identityMatrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000] as const;

export interface VideoSpec extends Dimensions {
  readonly durationSeconds: number;
  readonly title: string;
  readonly seed: string;
}

/** Renders a still video; its duration is exact to 1/24000 s. Both sides must be even. */
export function renderMp4(spec: VideoSpec): Uint8Array {
  const video = encodeStillVideo(drawPicture({ ...spec, maxTextPixels, textGrid: macroblockSize }));
  const ticks = Math.max(1, Math.round(spec.durationSeconds * timescale));
  const frames = Math.min(maxFrames, Math.max(1, Math.round(spec.durationSeconds * framesPerSecond)));
  const samples = Array.from({ length: frames }, (_, index) =>
    withLength(index === 0 ? video.first : video.repeat(index)),
  );
  const fileType = box("ftyp", text("isom"), uint32(512), text("isomiso2avc1mp41"));
  const index = (dataAt: number) => movieBox(spec, video, { samples, ticks, dataAt });
  // The index contains the position of the data, which depends only on the index's length.
  const dataAt = fileType.length + index(0).length + 8;
  return Buffer.concat([fileType, index(dataAt), box("mdat", ...samples)]);
}

/** The frames of a video, their total duration, and their position in the file. */
interface Samples {
  readonly samples: readonly Uint8Array[];
  readonly ticks: number;
  readonly dataAt: number;
}

function movieBox(size: Dimensions, video: StillVideo, { samples, ticks, dataAt }: Samples): Uint8Array {
  const tableOfSamples = box(
    "stbl",
    fullBox("stsd", 0, uint32(1), sampleEntry(size, video)),
    fullBox("stts", 0, ...sampleTimes(ticks, samples.length)),
    fullBox("stss", 0, uint32(1, 1)),
    fullBox("stsc", 0, uint32(1, 1, samples.length, 1)),
    fullBox("stsz", 0, uint32(0, samples.length, ...samples.map((sample) => sample.length))),
    fullBox("stco", 0, uint32(1, dataAt)),
  );
  const media = box(
    "mdia",
    fullBox("mdhd", 0, uint32(0, 0, timescale, ticks), uint16(0x55c4, 0)),
    fullBox("hdlr", 0, uint32(0), text("vide"), uint32(0, 0, 0), text("VideoHandler\0")),
    box(
      "minf",
      fullBox("vmhd", 1, uint16(0, 0, 0, 0)),
      box("dinf", fullBox("dref", 0, uint32(1), fullBox("url ", 1))),
      tableOfSamples,
    ),
  );
  return box(
    "moov",
    fullBox(
      "mvhd",
      0,
      uint32(0, 0, timescale, ticks, 0x10000),
      uint16(0x100, 0),
      uint32(0, 0, ...identityMatrix, 0, 0, 0, 0, 0, 0, 2),
    ),
    box(
      "trak",
      // Flags: the track is enabled and part of the presentation.
      fullBox(
        "tkhd",
        3,
        uint32(0, 0, 1, 0, ticks, 0, 0),
        uint16(0, 0, 0, 0),
        uint32(...identityMatrix, size.width << 16, size.height << 16),
      ),
      media,
    ),
  );
}

function sampleEntry(size: Dimensions, video: StillVideo): Uint8Array {
  const { sequenceParameters, pictureParameters } = video;
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

/** Gives all frames the same duration, except that the first ones get one more tick until the sum is right. */
function sampleTimes(ticks: number, frames: number): readonly Uint8Array[] {
  const each = Math.floor(ticks / frames);
  const longer = ticks % frames;
  const entries = [
    [longer, each + 1],
    [frames - longer, each],
  ].filter(([count]) => count !== 0);
  return [uint32(entries.length), ...entries.map((entry) => uint32(...entry))];
}

function withLength(unit: Uint8Array): Uint8Array {
  return Buffer.concat([uint32(unit.length), unit]);
}

function fullBox(type: string, flags: number, ...content: readonly Uint8Array[]): Uint8Array {
  return box(type, uint32(flags), ...content);
}

function box(type: string, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([uint32(length), text(type), ...content]);
}

function text(value: string): Uint8Array {
  return Buffer.from(value, "latin1");
}

function uint32(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
  return new Uint8Array(view.buffer);
}

function uint16(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  for (const [index, value] of values.entries()) view.setUint16(index * 2, value);
  return new Uint8Array(view.buffer);
}
