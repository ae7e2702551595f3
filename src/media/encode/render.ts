/** Renders media files of every format from a description. */
import { fitWithin, toEven } from "./dimensions.ts";
import { encodeJpeg } from "./jpeg.ts";
import { renderMp3 } from "./mp3.ts";
import { renderMp4 } from "./mp4.ts";
import { drawPicture } from "./picture.ts";
import { encodePng } from "./png.ts";
import { renderWav } from "./wav.ts";
import { encodeWebp } from "./webp.ts";

/** The description of a file behind an output URL. */
export interface MediaSpec {
  readonly format: "png" | "jpg" | "webp" | "mp4" | "wav" | "mp3";
  /** Requested pixels of images and video; ignored for audio. A larger size is scaled down and keeps its ratio. */
  readonly width: number;
  readonly height: number;
  /** Duration of video and audio, in seconds; ignored for images. At most one hour is rendered. */
  readonly durationSeconds: number;
  /** Short text drawn into the picture, or stored as the title of audio; usually the id of the generation. */
  readonly title: string;
  /** Decides the background colour or the pitch. */
  readonly seed: string;
}

/** The content type of each format. */
export const CONTENT_TYPES = {
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
  mp4: "video/mp4",
  wav: "audio/wav",
  mp3: "audio/mpeg",
} as const satisfies Record<MediaSpec["format"], string>;

const maxImageSide = 4096;
/** The usual limit of hardware decoders. */
const maxVideoSide = 1920;
const maxDurationSeconds = 3600;
const maxTitleLength = 120;

/**
 * Renders a real, small media file. It is a pure function: the same spec gives the same bytes on every machine.
 *
 * @example
 * renderMedia({ format: "png", width: 1024, height: 576, durationSeconds: 0, title: id, seed: id });
 */
export function renderMedia(spec: MediaSpec): Uint8Array {
  const title = spec.title.slice(0, maxTitleLength);
  const image = () => drawPicture({ ...fitWithin(spec, maxImageSide), title, seed: spec.seed });
  const timed = { title, seed: spec.seed, durationSeconds: clampDuration(spec.durationSeconds) };
  switch (spec.format) {
    case "png":
      return encodePng(image());
    case "jpg":
      return encodeJpeg(image());
    case "webp":
      return encodeWebp(image());
    case "mp4": {
      const { width, height } = fitWithin(spec, maxVideoSide);
      return renderMp4({ ...timed, width: toEven(width), height: toEven(height) });
    }
    case "wav":
      return renderWav(timed);
    case "mp3":
      return renderMp3(timed);
    default:
      return unknownFormat(spec.format);
  }
}

function unknownFormat(format: never): never {
  throw new TypeError(`no renderer for ${String(format)}`);
}

/** Limits the duration; without a usable duration the file lasts one video frame, so that it still plays. */
function clampDuration(seconds: number): number {
  return Math.min(maxDurationSeconds, Math.max(1 / 24, seconds || 0));
}
