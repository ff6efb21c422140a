/** Windows bitmaps of every kind, made by hand. */

/** The header of a bitmap and what follows it. */
export interface BitmapParts {
  readonly width: number;
  /** Negative for rows from the top. */
  readonly height: number;
  readonly bitsPerPixel: number;
  /** 0 none, 1 RLE8, 2 RLE4, 3 bit fields. */
  readonly compression?: number;
  readonly masks?: readonly number[];
  /** Colours as [red, green, blue]. */
  readonly palette?: readonly (readonly number[])[];
  /** The pixels, as they stand in the file. */
  readonly pixels: readonly number[];
}

/** Writes a bitmap with the 40-byte header. */
export function bitmap(parts: BitmapParts): Buffer {
  const { masks = [], palette = [], pixels } = parts;
  const start = 54 + masks.length * 4 + palette.length * 4;
  const file = Buffer.alloc(start + pixels.length);
  file.write("BM", 0, "latin1");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(start, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(parts.width, 18);
  file.writeInt32LE(parts.height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(parts.bitsPerPixel, 28);
  file.writeUInt32LE(parts.compression ?? 0, 30);
  file.writeUInt32LE(palette.length, 46);
  for (const [index, mask] of masks.entries()) {
    file.writeUInt32LE(mask, 54 + index * 4);
  }
  for (const [index, [red = 0, green = 0, blue = 0]] of palette.entries()) {
    file.set([blue, green, red, 0], 54 + masks.length * 4 + index * 4);
  }
  file.set(pixels, start);
  return file;
}

export const red = [255, 0, 0] as const;
export const green = [0, 255, 0] as const;
export const blue = [0, 0, 255] as const;
export const white = [255, 255, 255] as const;

/** 3×2: red, green, blue above white, red, green; in a palette in this order. */
export const palette = [red, green, blue, white] as const;
export const expected = [red, green, blue, white, red, green].flat();
const top = [0, 1, 2];
const bottom = [3, 0, 1];

const size = { width: 3, height: 2 };

/** The same six pixels in each form. */
export const bitmaps: Readonly<Record<string, Buffer>> = {
  "24 bits": bitmap({ ...size, bitsPerPixel: 24, pixels: rows24(bottom, top) }),
  "24 bits from the top": bitmap({ ...size, height: -2, bitsPerPixel: 24, pixels: rows24(top, bottom) }),
  "32 bits": bitmap({
    ...size,
    bitsPerPixel: 32,
    pixels: [...bottom, ...top].flatMap((index) => [...bgr(index), 0]),
  }),
  "16 bits, 5 each": bitmap({
    ...size,
    bitsPerPixel: 16,
    pixels: rows16(bottom, top, [0x7c00, 0x03e0, 0x001f, 0x7fff]),
  }),
  "16 bits, 5-6-5": bitmap({
    ...size,
    bitsPerPixel: 16,
    compression: 3,
    masks: [0xf800, 0x07e0, 0x001f],
    pixels: rows16(bottom, top, [0xf800, 0x07e0, 0x001f, 0xffff]),
  }),
  "8 bits": bitmap({ ...size, bitsPerPixel: 8, palette, pixels: [...bottom, 0, ...top, 0] }),
  "4 bits": bitmap({ ...size, bitsPerPixel: 4, palette, pixels: [0x30, 0x10, 0, 0, 0x01, 0x20, 0, 0] }),
  RLE8: bitmap({
    ...size,
    bitsPerPixel: 8,
    compression: 1,
    palette,
    // A literal run of three with its filler, the row's end; then runs of one, and the end.
    pixels: [0, 3, ...bottom, 0, 0, 0, 1, 0, 1, 1, 1, 2, 0, 1],
  }),
  RLE4: bitmap({
    ...size,
    bitsPerPixel: 4,
    compression: 2,
    palette,
    pixels: [0, 3, 0x30, 0x10, 0, 0, 2, 0x01, 1, 0x20, 0, 1],
  }),
};

function bgr(index: number): readonly number[] {
  return [...(palette[index] ?? [])].reverse();
}

function rows24(...rows: readonly (readonly number[])[]): readonly number[] {
  return rows.flatMap((row) => [...row.flatMap(bgr), 0, 0, 0]);
}

function rows16(
  first: readonly number[],
  second: readonly number[],
  colours: readonly number[],
): readonly number[] {
  return [first, second].flatMap((row) => [
    ...row.flatMap((index) => [(colours[index] ?? 0) & 255, (colours[index] ?? 0) >> 8]),
    0,
    0,
  ]);
}
