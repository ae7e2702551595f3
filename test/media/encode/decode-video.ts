/** Decodes MP4 files for the tests of the video encoder. */
import { H264Decoder } from "h264decoder";
import { createFile, MP4BoxBuffer, type Movie, type Sample } from "mp4box";

export interface Demuxed {
  readonly info: Movie;
  readonly samples: readonly Sample[];
  readonly parameterSets: readonly Uint8Array[];
}

export interface DecodedFrame {
  readonly codedWidth: number;
  readonly codedHeight: number;
  readonly luma: Uint8Array;
  readonly all: Uint8Array;
}

/** Demuxes a track of an MP4 file with mp4box. */
export function demux(bytes: Uint8Array, kind: "video" | "audio" = "video"): Demuxed {
  const file = createFile();
  let info: Movie | undefined;
  const samples: Sample[] = [];
  file.onReady = (movie) => {
    info = movie;
    const [track] = kind === "video" ? movie.videoTracks : movie.audioTracks;
    if (!track) throw new Error(`no ${kind} track`);
    file.setExtractionOptions(track.id, undefined, { nbSamples: 100_000 });
    file.start();
  };
  file.onSamples = (_id, _user, some) => samples.push(...some);
  file.onError = (_module, message) => {
    throw new Error(message);
  };
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0), true);
  file.flush();
  if (!info) throw new Error("mp4box found no movie");
  const avcC = file.getBoxes("avcC", true)[0];
  if (!avcC) throw new Error("no avcC");
  return { info, samples, parameterSets: [...avcC.SPS, ...avcC.PPS].map(({ data }) => data) };
}

/** Decodes every picture of a demuxed file; throws for a sample that is not a picture. */
export function decodeFrames({ samples, parameterSets }: Demuxed): readonly DecodedFrame[] {
  const decoder = new H264Decoder();
  // The decoder returns ERROR for a broken unit and also for a unit without a picture, such as these.
  for (const unit of parameterSets) decoder.decode(unit);
  return samples.map(({ data, number }) => {
    const [unit, ...more] = unitsOf(data ?? new Uint8Array(0));
    if (!unit || more.length > 0) throw new Error(`sample ${String(number)} is not one NAL unit`);
    const result = decoder.decode(unit);
    if (result !== H264Decoder.PIC_RDY) throw new Error(`sample ${String(number)} decodes to ${String(result)}`);
    const { width, height } = decoder;
    const all = Uint8Array.from(decoder.pic);
    return { codedWidth: width, codedHeight: height, all, luma: all.subarray(0, width * height) };
  });
}

function unitsOf(sample: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(sample.buffer, sample.byteOffset, sample.byteLength);
  const units: Uint8Array[] = [];
  for (let at = 0; at < sample.length;) {
    const length = view.getUint32(at);
    units.push(sample.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return units;
}
