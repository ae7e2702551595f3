/** Writes the boxes of MP4 files (ISO/IEC 14496-12). */

export function fullBox(type: string, flags: number, ...content: readonly Uint8Array[]): Uint8Array {
  return box(type, uint32(flags), ...content);
}

export function box(type: string, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([uint32(length), text(type), ...content]);
}

export function text(value: string): Uint8Array {
  return Buffer.from(value, "latin1");
}

export function uint32(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
  return new Uint8Array(view.buffer);
}

export function uint16(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  for (const [index, value] of values.entries()) view.setUint16(index * 2, value);
  return new Uint8Array(view.buffer);
}
