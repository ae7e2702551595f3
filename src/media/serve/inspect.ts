/** Detects the kind, the size in pixels and the length of an uploaded file from its bytes. */
import { imageSize } from "image-size";

/** A file that can be read in parts; `end` is exclusive. */
export interface ReadableFile {
  /** The size in bytes. */
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
  /** An unknown format, or a damaged file. */
  | { readonly kind: "unknown" };

/** An image's size is in its first bytes, after some metadata at most. */
const IMAGE_HEAD_BYTES = 256 * 1024;

const UNKNOWN: InspectedMedia = { kind: "unknown" };

/**
 * Reads only the needed parts of a file. Supports PNG, JPEG, WebP and other images; MP4, QuickTime, WebM; MP3, WAV,
 * Ogg, FLAC and AAC.
 */
export async function inspectMedia(file: ReadableFile): Promise<InspectedMedia> {
  if (file.size === 0) return UNKNOWN;
  return inspectImage(await file.read(0, Math.min(file.size, IMAGE_HEAD_BYTES))) ?? (await inspectTimed(file));
}

function inspectImage(head: Uint8Array): InspectedMedia | undefined {
  try {
    const { width, height } = imageSize(head);
    // Formats without a signature of their own match many bytes, such as zeros, and then have no size.
    return width > 0 && height > 0 ? { kind: "image", width, height } : undefined;
  } catch {
    return undefined;
  }
}

async function inspectTimed({ size, read }: ReadableFile): Promise<InspectedMedia> {
  // Loaded for the first such file, because the library is large and most sandboxes never need it.
  const { ADTS, CustomSource, FLAC, Input, MATROSKA, MP3, MP4, OGG, QTFF, WAVE, WEBM } = await import("mediabunny");
  // Only self-contained formats: a playlist from a client would make the library fetch the URLs in it.
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
    if (width === 0 || height === 0) return UNKNOWN;
    return { kind: "video", width, height, durationSeconds, frames };
  } catch {
    return UNKNOWN;
  } finally {
    input.dispose();
  }
}
