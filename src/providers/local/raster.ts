import { givePlane, takeIndexes, takePlane } from "./planePool.ts";

/** An 8-bit sRGB picture with straight alpha, rows top to bottom, 4 bytes a pixel (RGBA). */
export interface Raster {
  /** Pixels in a row, at least 1. */
  readonly width: number;
  /** Rows, at least 1. */
  readonly height: number;
  /** `width * height * 4` bytes. */
  readonly data: Uint8ClampedArray;
}

/**
 * A picture as three flat OKLab planes, one number a pixel: the form every filter of the engine works on.
 * Planes instead of interleaved pixels because most filters touch lightness alone.
 */
export interface LabPlanes {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** OKLab lightness, 0 (black) to 1 (white). */
  readonly lightness: Float32Array;
  /** OKLab green–red axis, about -0.24 to 0.28 inside sRGB. */
  readonly a: Float32Array;
  /** OKLab blue–yellow axis, about -0.32 to 0.20 inside sRGB. */
  readonly b: Float32Array;
}

/** A picture's pixels as 32-bit words, alpha in the highest byte: machines that run the editor are little-endian. */
export function wordsOf({ data }: Raster): Int32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** A copy in memory that all who draw see. */
export function copyRaster(raster: Raster): Raster {
  const words = takeIndexes(raster.width * raster.height);
  words.set(wordsOf(raster));
  return { width: raster.width, height: raster.height, data: new Uint8ClampedArray(words.buffer) };
}

/** Planes of the given size, all black. */
export function blankPlanes(width: number, height: number): LabPlanes {
  const count = width * height;
  return {
    width,
    height,
    lightness: new Float32Array(count),
    a: new Float32Array(count),
    b: new Float32Array(count),
  };
}

/** Planes of the given size with whatever stands in memory: every pixel is to be written. See `takePlane`. */
export function takePlanes(width: number, height: number): LabPlanes {
  const count = width * height;
  return { width, height, lightness: takePlane(count), a: takePlane(count), b: takePlane(count) };
}

/** Gives planes back that nobody reads any more. */
export function givePlanes({ lightness, a, b }: LabPlanes): void {
  givePlane(lightness);
  givePlane(a);
  givePlane(b);
}

/** An independent copy. */
export function copyPlanes(planes: LabPlanes): LabPlanes {
  return {
    width: planes.width,
    height: planes.height,
    lightness: planes.lightness.slice(),
    a: planes.a.slice(),
    b: planes.b.slice(),
  };
}
