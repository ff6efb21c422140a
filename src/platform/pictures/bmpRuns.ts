import type { BmpHeader } from "./bmp.ts";

/**
 * Expands the run-length forms of a bitmap to one palette index a pixel, rows from the top
 * (https://learn.microsoft.com/windows/win32/gdi/bitmap-compression). Pixels that are jumped over have index 0.
 *
 * @param runs the file from the start of its pixels
 * @throws Error for runs that end too early
 */
export function expandRuns(runs: Uint8Array, { width, height, compression, topDown }: BmpHeader): Uint8Array {
  const found = new Uint8Array(width * height);
  const nibbles = compression === "rle4";
  let at = 0;
  let x = 0;
  let y = 0;
  const next = (): number => {
    const byte = runs[at];
    if (byte === undefined) {
      throw new Error("it ends too early");
    }
    at += 1;
    return byte;
  };
  const put = (index: number) => {
    if (x < width && y < height) {
      found[(topDown ? y : height - 1 - y) * width + x] = index;
    }
    x += 1;
  };
  /** The index that pixel number `n` of a run has, where the run's bytes repeat or follow each other. */
  const indexOf = (byte: number, n: number) => {
    if (!nibbles) {
      return byte;
    }
    return n % 2 === 0 ? byte >> 4 : byte & 15;
  };
  while (y < height) {
    const count = next();
    const value = next();
    if (count > 0) {
      for (let n = 0; n < count; n++) {
        put(indexOf(value, n));
      }
    } else if (value === 0) {
      x = 0;
      y += 1;
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      x += next();
      y += next();
    } else {
      const length = nibbles ? Math.ceil(value / 2) : value;
      for (let n = 0, byte = 0; n < value; n++) {
        byte = !nibbles || n % 2 === 0 ? next() : byte;
        put(indexOf(byte, n));
      }
      at += length % 2;
    }
  }
  return found;
}
