/** Renders media files of every format from a description. */
import { runAtOnce, type Steps } from "../../engine/base/turns.ts";
import type { AudioSpec } from "./audio-spec.ts";
import { layOutCard } from "./card.ts";
import { fitWithin, toEven, type Dimensions } from "./dimensions.ts";
import { encodeJpeg } from "./jpeg.ts";
import { renderMp3 } from "./mp3.ts";
import { renderMp4 } from "./mp4.ts";
import { paint, type Picture } from "./picture.ts";
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
  /** What the file stands for, such as the vendor's name; drawn large, or stored as the title of audio. Text of ASCII. */
  readonly title: string;
  /** The model, drawn below the title. */
  readonly model?: string | undefined;
  /** The first words of the prompt or the script, drawn in the middle. */
  readonly words?: string | undefined;
  /** Decides the background colour or the pitch. */
  readonly seed: string;
  /** The sound of a video: no track, a silent one, or speech. Audio is a tone unless it is speech. */
  readonly sound?: "none" | "silence" | "speech" | undefined;
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
const maxTextLength = 120;

/**
 * Renders a real, small media file. It is a pure function: the same spec gives the same bytes on every machine.
 *
 * @example
 * renderMedia({ format: "png", width: 1024, height: 576, durationSeconds: 0, title: "Acme", seed: id });
 */
export function renderMedia(spec: MediaSpec): Uint8Array {
  return runAtOnce(renderInSteps(spec));
}

/** Renders as {@link renderMedia} does, in steps of about a millisecond. */
export function* renderInSteps(spec: MediaSpec): Steps<Uint8Array> {
  switch (spec.format) {
    case "png":
      return yield* encodePng(drawImage(spec));
    case "jpg":
      return yield* encodeJpeg(drawImage(spec));
    case "webp":
      return yield* encodeWebp(drawImage(spec));
    case "mp4": {
      const fitting = fitWithin(spec, maxVideoSide);
      const size = { width: toEven(fitting.width), height: toEven(fitting.height) };
      const durationSeconds = clampDuration(spec.durationSeconds);
      const note = `${sizeText(size)}   ${Math.round(durationSeconds * 100) / 100} s`;
      return yield* renderMp4({
        ...textsOf(spec),
        ...size,
        note,
        durationSeconds,
        seed: spec.seed,
        sound: spec.sound ?? "silence",
      });
    }
    case "wav":
      return yield* renderWav(audioOf(spec));
    case "mp3":
      return renderMp3(audioOf(spec));
    default:
      return unknownFormat(spec.format);
  }
}

function unknownFormat(format: never): never {
  throw new TypeError(`no renderer for ${String(format)}`);
}

function drawImage(spec: MediaSpec): Picture {
  const size = fitWithin(spec, maxImageSide);
  const card = layOutCard({ ...size, ...textsOf(spec), note: sizeText(size) });
  return paint({ ...size, seed: spec.seed, ...card });
}

function sizeText({ width, height }: Dimensions): string {
  return `${width} x ${height}`;
}

function textsOf({ title, model = "", words = "" }: MediaSpec) {
  const short = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(0, maxTextLength);
  return { title: short(title), model: short(model), words: short(words) };
}

function audioOf({ title, model, words, durationSeconds, seed, sound }: MediaSpec): AudioSpec {
  const named = [title, model, words].filter((text) => text !== undefined && text !== "").join(": ");
  return {
    durationSeconds: clampDuration(durationSeconds),
    title: named.slice(0, maxTextLength),
    seed,
    voice: sound === "speech" ? "speech" : "tone",
  };
}

/** Limits the duration; without a usable duration the file lasts one video frame, so that it still plays. */
function clampDuration(seconds: number): number {
  return Math.min(maxDurationSeconds, Math.max(1 / 24, seconds || 0));
}
