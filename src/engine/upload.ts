import type { Size } from "../recipe/models.ts";
import { type Fitting, type Rectangle, sameSize, scaled, whole } from "./size.ts";

/** What the user's settings say about uploads. */
export interface UploadLimits {
  /** Pixels that an upload may have. */
  readonly maxPixels: number;
}

/** Runware stores pictures at no more than this a side (https://runware.ai/docs/utilities/image-upload), in pixels. */
const usefulSide = 2048;

/** A source with more than so many times the pixels that are drawn is shrunk to those: the rest would not be seen. */
const useful = 2;

/** Below this shorter side, in pixels, whole pixels would bend the shape; then the upload is enlarged. */
const leastSide = 32;

/** Size and place of the source's part in an upload. */
export interface UploadLayout {
  readonly size: Size;
  /** Where the source's part lies, in pixels of the upload; the rest is filled by extending its edges. */
  readonly target: Rectangle;
}

/**
 * How large an upload is. It has the shape of the task's size. A source that is not much larger than what is drawn keeps
 * its own pixels, one for one, and each side of the upload is at most two pixels off that shape; a larger one is shrunk
 * to the size that is drawn, or to the largest within the limits where that is less, each side less than a pixel short.
 * It is never enlarged, except that the shorter side has at least 32 pixels.
 *
 * The limits: `maxPixels`, and 2048 pixels a side, or the side of a square of `maxPixels` where that is more.
 *
 * @param size the size that is drawn, in which `fitting.target` lies
 */
export function layUpload(fitting: Fitting, size: Size, { maxPixels }: UploadLimits): UploadLayout {
  const own = atOwnPixels(fitting, size);
  const maxSide = Math.max(usefulSide, Math.floor(Math.sqrt(maxPixels)));
  const { width, height } = own.size;
  const mostPixels = Math.min(maxPixels, useful * size.width * size.height);
  const fits = width * height <= mostPixels && Math.max(width, height) <= maxSide;
  const factor = fits
    ? leastSide / Math.min(size.width, size.height)
    : Math.min(
        1,
        Math.sqrt(maxPixels / (size.width * size.height)),
        maxSide / Math.max(size.width, size.height),
      );
  if (fits && Math.min(width, height) >= leastSide) {
    return own;
  }
  const shrunk = { width: stretched(size.width, factor), height: stretched(size.height, factor) };
  return { size: shrunk, target: scaled(fitting.target, size, shrunk) };
}

function atOwnPixels({ source, target }: Fitting, size: Size): UploadLayout {
  if (sameSize(target, size)) {
    return { size: { width: source.width, height: source.height }, target: whole(source) };
  }
  // By the longer side, where rounding weighs least.
  const factor = source.width > source.height ? source.width / target.width : source.height / target.height;
  const left = Math.round(target.left * factor);
  const top = Math.round(target.top * factor);
  const right = Math.round((size.width - target.left - target.width) * factor);
  const bottom = Math.round((size.height - target.top - target.height) * factor);
  return {
    size: { width: left + source.width + right, height: top + source.height + bottom },
    target: { left, top, width: source.width, height: source.height },
  };
}

/** Rounded down, so that the limits hold; the tiny summand keeps whole numbers from falling below themselves. */
function stretched(length: number, factor: number): number {
  return Math.max(1, Math.floor(length * factor + 1e-6));
}
