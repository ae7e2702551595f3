/** Encodes pictures that copy macroblocks from other places of the picture before (ITU-T H.264, P slices). */
import type { MsbBitWriter } from "./bit-writer.ts";
import { writeSe, writeUe } from "./h264-nal.ts";

/** A macroblock that is copied from elsewhere. */
export interface Copy {
  /** The place of the macroblock, in macroblocks. */
  readonly column: number;
  readonly row: number;
  /** Where the copied pixels are, relative to that place, in pixels. */
  readonly dx: number;
  readonly dy: number;
}

interface Vector {
  readonly x: number;
  readonly y: number;
}

const still: Vector = { x: 0, y: 0 };

/** Writes the macroblocks of a P slice; all that are not copied stay as they are. */
export function writeCopies(
  bits: MsbBitWriter,
  copies: readonly Copy[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): void {
  const vectors = new Map(copies.map(({ column, row, dx, dy }) => [row * columns + column, { x: dx * 4, y: dy * 4 }]));
  const vectorAt = (column: number, row: number): Vector | undefined =>
    column < 0 || row < 0 || column >= columns ? undefined : (vectors.get(row * columns + column) ?? still);
  const last = columns * rows;
  const beside = copies.flatMap(({ column, row }) =>
    [
      [0, 0],
      [1, 0],
      [-1, 1],
      [0, 1],
      [1, 1],
    ].flatMap(([right = 0, down = 0]) =>
      column + right < 0 || column + right >= columns || row + down >= rows
        ? []
        : [(row + down) * columns + column + right],
    ),
  );
  let next = 0;
  for (const index of [...new Set(beside)].sort((a, b) => a - b)) {
    const column = index % columns;
    const row = Math.floor(index / columns);
    const vector = vectorAt(column, row) ?? still;
    const left = vectorAt(column - 1, row);
    const above = vectorAt(column, row - 1);
    const corner = vectorAt(column + 1, row - 1) ?? vectorAt(column - 1, row - 1);
    const predicted = predict(left, above, corner);
    const isSkippedStill = [left, above].some((each) => each === undefined || isStill(each)) || isStill(predicted);
    if (isStill(vector) && isSkippedStill) continue;
    writeUe(bits, index - next);
    // P_L0_16x16 (table 7-13), the vector's difference from the prediction, and no residual.
    writeUe(bits, 0);
    writeSe(bits, vector.x - predicted.x);
    writeSe(bits, vector.y - predicted.y);
    writeUe(bits, 0);
    next = index + 1;
  }
  if (next < last) writeUe(bits, last - next);
}

function isStill({ x, y }: Vector): boolean {
  return x === 0 && y === 0;
}

/** Predicts a vector from its neighbours (8.4.1.3). */
function predict(left: Vector | undefined, above: Vector | undefined, corner: Vector | undefined): Vector {
  const known = [left, above, corner].filter((each) => each !== undefined);
  const [only = still] = known;
  if (known.length === 1) return only;
  const all = [left ?? still, above ?? still, corner ?? still];
  return { x: median(all.map(({ x }) => x)), y: median(all.map(({ y }) => y)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[1] ?? 0;
}
