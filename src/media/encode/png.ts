/** Encodes pictures as PNG files. */
import { crc32 } from "node:zlib";
import type { Rgb } from "./colour.ts";
import { RunDeflater } from "./deflate.ts";
import { runsOf, type Picture } from "./picture.ts";
import type { Steps } from "../../engine/base/turns.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const filterSub = 1;
const filterUp = 2;
/** Rows of 4096 pixels that take about a millisecond. */
const rowsPerSlice = 64;

/** Encodes a picture as PNG, 8 bits per channel, RGB without alpha, as the vendors serve it. */
export function* encodePng(picture: Picture): Steps<Uint8Array> {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, picture.width);
  header.setUint32(4, picture.height);
  header.setUint8(8, 8);
  header.setUint8(9, 2);
  const pixels = yield* pixelData(picture);
  return Buffer.concat([
    Uint8Array.from(signature),
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("IDAT", pixels),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function* pixelData({ width, colours, bands }: Picture): Steps<Uint8Array> {
  const deflater = new RunDeflater();
  for (const band of bands) {
    deflater.run(filterSub, 1);
    let before: Rgb = [0, 0, 0];
    for (const { tone, length } of runsOf(band)) {
      const colour = colours[tone] ?? before;
      for (const channel of [0, 1, 2] as const) deflater.run((colour[channel] - before[channel]) & 0xff, 1);
      deflater.run(0, (length - 1) * 3);
      before = colour;
    }
    for (let y = band.top + 1; y < band.bottom; y++) {
      deflater.run(filterUp, 1);
      deflater.run(0, width * 3);
      if (y % rowsPerSlice === 0) yield;
    }
  }
  return deflater.take();
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}
