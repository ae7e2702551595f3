/** What a file that a client sent is, by its bytes: kind, size in pixels, length. */
import { imageSize } from "image-size";

/** A file that can be read in parts; `end` is not included. */
export interface ReadableFile {
  /** Bytes. */
  readonly size: number;
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

export type InspectedMedia =
  | { readonly kind: "image"; readonly width: number; readonly height: number }
  | {
      readonly kind: "video";
      readonly width: number;
      readonly height: number;
      readonly durationSeconds: number;
      readonly frames: number;
    }
  | { readonly kind: "audio"; readonly durationSeconds: number }
  /** Nothing that is known here, damaged files included. */
  | { readonly kind: "unknown" };

/** An image's size is in its first bytes, behind at most some metadata. */
const IMAGE_HEAD_BYTES = 256 * 1024;

const UNKNOWN: InspectedMedia = { kind: "unknown" };

/** Reads as much of the file as it takes: PNG, JPEG, WebP and other images; MP4, QuickTime, WebM; MP3, WAV, Ogg, FLAC and AAC. */
export async function inspectMedia(file: ReadableFile): Promise<InspectedMedia> {
  if (file.size === 0) return UNKNOWN;
  return inspectImage(await file.read(0, Math.min(file.size, IMAGE_HEAD_BYTES))) ?? (await inspectTimed(file));
}

function inspectImage(head: Uint8Array): InspectedMedia | undefined {
  try {
    const { width, height } = imageSize(head);
    return { kind: "image", width, height };
  } catch {
    return undefined;
  }
}

async function inspectTimed({ size, read }: ReadableFile): Promise<InspectedMedia> {
  // Loaded when the first such file comes, because it is large and most sandboxes never see one.
  const { ADTS, CustomSource, FLAC, Input, MATROSKA, MP3, MP4, OGG, QTFF, WAVE, WEBM } = await import("mediabunny");
  // Only formats that hold everything themselves: a playlist would have it fetch what a stranger wrote.
  const input = new Input({
    formats: [MP4, QTFF, WEBM, MATROSKA, MP3, WAVE, OGG, FLAC, ADTS],
    source: new CustomSource({ getSize: () => size, read }),
  });
  try {
    const durationSeconds = await input.computeDuration();
    const track = await input.getPrimaryVideoTrack();
    if (track === null)
      return (await input.getPrimaryAudioTrack()) === null ? UNKNOWN : { kind: "audio", durationSeconds };
    const { packetCount: frames } = await track.computePacketStats();
    const [width, height] = await Promise.all([track.getDisplayWidth(), track.getDisplayHeight()]);
    return { kind: "video", width, height, durationSeconds, frames };
  } catch {
    return UNKNOWN;
  } finally {
    input.dispose();
  }
}
