/**
 * How much there is to see in each strip of a picture, measured on a thumbnail, in no unit of its own; 0 for what is flat.
 * Strips are equally wide and at least one.
 */
export interface Detail {
  /** From left to right. */
  readonly across: readonly number[];
  /** From top to bottom. */
  readonly down: readonly number[];
}

/** Share of all detail that another window must hold more than the centred one, before it is taken instead. */
const clearlyBetter = 0.08;

/** Windows that hold this share less than the best one are as good: among them the middle is taken. */
const asGood = 0.02;

/** Positions that are tried. */
const steps = 64;

/**
 * Where a window of the share `length` of the whole should lie, from 0 (all the way to the left or top) to 1; one half
 * is the centre, which stays except where another place shows clearly more.
 *
 * @param strips the detail of each strip along the window's way
 * @param length 0 to 1
 */
export function bestPosition(strips: readonly number[], length: number): number {
  const all = strips.reduce((sum, strip) => sum + strip, 0);
  const shareAt = (position: number) => within(strips, position * (1 - length), length) / all;
  const tried = Array.from({ length: steps + 1 }, (_, step) => step / steps);
  const best = Math.max(...tried.map(shareAt));
  // Also where all is flat, and the shares are not numbers.
  if (!(best - shareAt(0.5) >= clearlyBetter)) {
    return 0.5;
  }
  const good = tried.filter((position) => shareAt(position) >= best - asGood);
  return good[Math.floor(good.length / 2)] ?? 0.5;
}

/** The detail between `start` and `start + length`, both as shares of the whole; of a strip that is cut, its part. */
function within(strips: readonly number[], start: number, length: number): number {
  return strips.reduce((sum, strip, index) => {
    const from = Math.max(index, start * strips.length);
    const to = Math.min(index + 1, (start + length) * strips.length);
    return sum + strip * Math.max(0, to - from);
  }, 0);
}
