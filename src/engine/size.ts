import { type Size, sizeName } from "../recipe/models.ts";
import { bestPosition, type Detail } from "./detail.ts";

/** A part of a picture in whole pixels, from its upper left corner. */
export interface Rectangle extends Size {
  readonly left: number;
  readonly top: number;
}

/** A part of a picture in fractions of its width and height, from its upper left corner. */
export interface FractionRectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** `part` of a picture of the size `all`, in fractions of it. */
export function shareOf({ left, top, width, height }: Rectangle, all: Size): FractionRectangle {
  return {
    left: left / all.width,
    top: top / all.height,
    width: width / all.width,
    height: height / all.height,
  };
}

/** Share of the source's area, 0 to 1, that is cut off when it is cropped to the shape of `target`. */
export function cropLoss(source: Size, target: Size): number {
  const across = source.width * target.height;
  const down = source.height * target.width;
  return 1 - Math.min(across, down) / Math.max(across, down);
}

/**
 * The size that loses least of the source; of two that lose the same, the one with more pixels, then the first.
 *
 * @throws RangeError when there is no size to choose from
 */
export function leastLoss(source: Size, sizes: readonly Size[]): Size {
  const [best] = sizes.toSorted(
    (a, b) => cropLoss(source, a) - cropLoss(source, b) || b.width * b.height - a.width * a.height,
  );
  if (best === undefined) {
    throw new RangeError("no sizes to choose from");
  }
  return best;
}

/** The size called `name`, or the one that loses least when it is `auto`; undefined for a name that is not legal. */
export function sizeFor(name: string, source: Size, sizes: readonly Size[]): Size | undefined {
  return name === "auto" ? leastLoss(source, sizes) : sizes.find((size) => sizeName(size) === name);
}

/** How a source is laid into the size that is drawn. */
export interface Fitting {
  /** The part of the upright source that is used, in source pixels. */
  readonly source: Rectangle;
  /** Where that part lies in the size that is drawn, in its pixels; the rest is filled by extending the edges. */
  readonly target: Rectangle;
  /** Share of the source's area, 0 to 1, that is cut off. */
  readonly loss: number;
  /** Size of the upright source in pixels; absent in records of earlier versions. */
  readonly of?: Size | undefined;
}

/**
 * Lays `source` into `size`: cut to its shape (`crop`), or whole, with room around it (`pad`).
 *
 * @param detail of the source, where it is known: then a crop lies where it shows clearly more than in the centre
 */
export function fitInto(source: Size, size: Size, fit: string, detail?: Detail): Fitting {
  const of = { width: source.width, height: source.height };
  if (fit === "pad") {
    return { source: whole(source), target: centredPart(size, source), loss: 0, of };
  }
  const centred = centredPart(source, size);
  const part = detail === undefined ? centred : moved(centred, source, detail);
  return { source: part, target: whole(size), loss: cropLoss(source, size), of };
}

/** Share of the source's area that may be cut off without it mattering where. */
const negligibleLoss = 0.03;

/** Whether the source's detail can move the crop, so that it is worth measuring. */
export function detailMatters(source: Size, size: Size, fit: string): boolean {
  return fit !== "pad" && cropLoss(source, size) > negligibleLoss;
}

function moved(part: Rectangle, source: Size, { across, down }: Detail): Rectangle {
  const left = source.width - part.width;
  const top = source.height - part.height;
  return {
    ...part,
    left: left === 0 ? 0 : Math.floor(left * bestPosition(across, part.width / source.width)),
    top: top === 0 ? 0 : Math.floor(top * bestPosition(down, part.height / source.height)),
  };
}

/** The largest centred part of `outer` that has the shape of `shape`, at least one pixel each way. */
export function centredPart(outer: Size, shape: Size): Rectangle {
  const width = clamp(Math.round((outer.height * shape.width) / shape.height), outer.width);
  const height = clamp(Math.round((outer.width * shape.height) / shape.width), outer.height);
  return {
    left: Math.floor((outer.width - width) / 2),
    top: Math.floor((outer.height - height) / 2),
    width,
    height,
  };
}

/** Whether both have the same width and height. */
export function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

/** `part` of a picture of size `from`, in the pixels of the same picture at size `to`: at least one each way. */
export function scaled(part: Rectangle, from: Size, to: Size): Rectangle {
  const [left, width] = scaledRange(part.left, part.width, from.width, to.width);
  const [top, height] = scaledRange(part.top, part.height, from.height, to.height);
  return { left, top, width, height };
}

function scaledRange(start: number, length: number, from: number, to: number): readonly [number, number] {
  const first = Math.min(Math.round((start * to) / from), to - 1);
  const end = Math.round(((start + length) * to) / from);
  return [first, Math.max(1, end - first)];
}

/** A whole picture as a part of itself. */
export function whole({ width, height }: Size): Rectangle {
  return { left: 0, top: 0, width, height };
}

function clamp(length: number, limit: number): number {
  return Math.max(1, Math.min(length, limit));
}
