/**
 * Windows bitmaps, which sharp does not read. By hand, since no package reads them right: of the kept ones `fast-bmp`
 * knows no palettes and refuses plain 32-bit files, and `bmp-ts` misplaces run-length and 4-bit pixels.
 *
 * The layouts are those of https://learn.microsoft.com/windows/win32/gdi/bitmap-storage and, for the 12-byte header,
 * https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-bitmapcoreheader.
 */
import type { Size } from "../../recipe/models.ts";
import { expandRuns } from "./bmpRuns.ts";

/** What the headers of a bitmap say. */
export interface BmpHeader extends Size {
  readonly bitsPerPixel: 1 | 4 | 8 | 16 | 24 | 32;
  readonly compression: "none" | "rle4" | "rle8";
  /** Whether the rows are stored from the top to the bottom. */
  readonly topDown: boolean;
  /** Offset of the pixels, in bytes. */
  readonly start: number;
  /** Blue, green, red and a filler for each colour, from `offset`. */
  readonly palette: { readonly offset: number; readonly count: number; readonly stride: 3 | 4 };
  /** The bits of a 16- or 32-bit pixel that hold red, green, blue and alpha; alpha is 0 where there is none. */
  readonly masks: readonly [red: number, green: number, blue: number, alpha: number];
}

/** Decoded pixels: three bytes each, or four with straight alpha; rows from the top. */
export interface BmpPixels {
  readonly data: Uint8Array;
  readonly channels: 3 | 4;
}

/** Whether the file is called a bitmap by its first bytes, and its headers are there. */
export function isBmp(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 26 && bytes[0] === 0x42 && bytes[1] === 0x4d && viewOf(bytes).getUint32(14, true) <= 200
  );
}

/** @throws Error for headers that make no sense or name a compression that is not supported */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const view = viewOf(bytes);
  const headerLength = view.getUint32(14, true);
  const start = view.getUint32(10, true);
  if (headerLength === 12) {
    const bitsPerPixel = depthOf(view.getUint16(24, true));
    const offset = 26;
    const count = Math.floor(Math.max(0, start - offset) / 3);
    return {
      ...sizeOf(view.getUint16(18, true), view.getUint16(20, true)),
      bitsPerPixel,
      compression: "none",
      start,
      palette: { offset, count, stride: 3 },
      masks: usualMasks(bitsPerPixel),
    };
  }
  const bitsPerPixel = depthOf(view.getUint16(28, true));
  const code = view.getUint32(30, true);
  const ownMasks = code === 3 || code === 6;
  // After a header of the oldest form the masks follow it; the longer forms hold them in the same place.
  const offset = 14 + headerLength + (ownMasks && headerLength === 40 ? (code === 6 ? 16 : 12) : 0);
  const used = view.getUint32(46, true);
  const possible = Math.floor(Math.max(0, start - offset) / 4);
  return {
    ...sizeOf(view.getInt32(18, true), view.getInt32(22, true)),
    bitsPerPixel,
    compression: compressionOf(code, bitsPerPixel),
    start,
    palette: { offset, count: Math.min(used === 0 ? 256 : used, possible), stride: 4 },
    masks: ownMasks
      ? [
          view.getUint32(54, true),
          view.getUint32(58, true),
          view.getUint32(62, true),
          code === 6 || headerLength >= 56 ? view.getUint32(66, true) : 0,
        ]
      : usualMasks(bitsPerPixel),
  };
}

function sizeOf(width: number, height: number) {
  if (width <= 0 || height === 0) {
    throw new Error("its size is not a size");
  }
  return { width, height: Math.abs(height), topDown: height < 0 };
}

function depthOf(bits: number): BmpHeader["bitsPerPixel"] {
  const depth = ([1, 4, 8, 16, 24, 32] as const).find((known) => known === bits);
  if (depth === undefined) {
    throw new Error(`${bits} bits per pixel`);
  }
  return depth;
}

function compressionOf(code: number, bitsPerPixel: number): BmpHeader["compression"] {
  if (code === 0 || ((code === 3 || code === 6) && (bitsPerPixel === 16 || bitsPerPixel === 32))) {
    return "none";
  }
  if (code === 1 && bitsPerPixel === 8) {
    return "rle8";
  }
  if (code === 2 && bitsPerPixel === 4) {
    return "rle4";
  }
  throw new Error(`compression ${code} with ${bitsPerPixel} bits per pixel`);
}

function usualMasks(bitsPerPixel: number): BmpHeader["masks"] {
  return bitsPerPixel === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0x00ff00, 0x0000ff, 0];
}

/**
 * Decodes a bitmap. The size must have been checked against a limit before.
 *
 * @throws Error for a file that ends too early
 */
export function decodeBmp(bytes: Uint8Array, header: BmpHeader): BmpPixels {
  const { width, height, bitsPerPixel, compression, start } = header;
  if (compression !== "none") {
    return { channels: 3, data: coloured(expandRuns(bytes.subarray(start), header), bytes, header) };
  }
  const stride = Math.ceil((width * bitsPerPixel) / 32) * 4;
  // The last row's filler is missing from some files.
  if (bytes.length < start + stride * (height - 1) + Math.ceil((width * bitsPerPixel) / 8)) {
    throw new Error("it ends too early");
  }
  const rowStart = (y: number) => start + stride * (header.topDown ? y : height - 1 - y);
  if (bitsPerPixel <= 8) {
    return { channels: 3, data: coloured(indices(bytes, header, rowStart), bytes, header) };
  }
  return bitsPerPixel === 24 ? truecolour(bytes, header, rowStart) : masked(bytes, header, rowStart);
}

type RowStart = (y: number) => number;

function indices(
  bytes: Uint8Array,
  { width, height, bitsPerPixel }: BmpHeader,
  rowStart: RowStart,
): Uint8Array {
  const found = new Uint8Array(width * height);
  const perByte = 8 / bitsPerPixel;
  const lowest = (1 << bitsPerPixel) - 1;
  for (let y = 0; y < height; y++) {
    const row = rowStart(y);
    for (let x = 0; x < width; x++) {
      const byte = bytes[row + Math.floor(x / perByte)] ?? 0;
      found[y * width + x] = (byte >> (8 - bitsPerPixel * ((x % perByte) + 1))) & lowest;
    }
  }
  return found;
}

/** Looks the colours up; what is not in the palette is black. */
function coloured(indexOf: Uint8Array, bytes: Uint8Array, { palette }: BmpHeader): Uint8Array {
  const data = new Uint8Array(indexOf.length * 3);
  for (const [pixel, index] of indexOf.entries()) {
    if (index < palette.count) {
      const colour = palette.offset + index * palette.stride;
      data[pixel * 3] = bytes[colour + 2] ?? 0;
      data[pixel * 3 + 1] = bytes[colour + 1] ?? 0;
      data[pixel * 3 + 2] = bytes[colour] ?? 0;
    }
  }
  return data;
}

function truecolour(bytes: Uint8Array, { width, height }: BmpHeader, rowStart: RowStart): BmpPixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0, from = rowStart(y), to = y * width * 3; x < width; x++, from += 3, to += 3) {
      data[to] = bytes[from + 2] ?? 0;
      data[to + 1] = bytes[from + 1] ?? 0;
      data[to + 2] = bytes[from] ?? 0;
    }
  }
  return { data, channels: 3 };
}

/** 16 and 32 bits: each channel where its mask says, stretched to 0 to 255. */
function masked(bytes: Uint8Array, header: BmpHeader, rowStart: RowStart): BmpPixels {
  const { width, height, bitsPerPixel } = header;
  const channels = header.masks[3] === 0 ? 3 : 4;
  const masks = header.masks.slice(0, channels).map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, highest: mask === 0 ? 1 : mask >>> shift };
  });
  const data = new Uint8Array(width * height * channels);
  const view = viewOf(bytes);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = rowStart(y); x < width; x++, from += bitsPerPixel / 8) {
      const pixel = bitsPerPixel === 16 ? view.getUint16(from, true) : view.getUint32(from, true);
      for (const { mask, shift, highest } of masks) {
        data[to] = Math.round((((pixel & mask) >>> shift) * 255) / highest);
        to += 1;
      }
    }
  }
  return { data, channels };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
