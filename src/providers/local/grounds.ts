import type { Edges } from "./edges.ts";
import type { Segments } from "./segments.ts";

/**
 * For each region smaller than `limit` pixels the larger region it stands on, such as a letter's label; -1 for
 * regions that stand on nothing. A ground is large, or at least far larger than what stands on it. The majority vote of R. Boyer and J. Moore (1981) finds what a region mostly touches
 * in one walk over the edges.
 */
export function groundsOf(regions: Segments, edges: Edges, limit: number): Int32Array {
  const least = (size: number) => Math.max(Math.min(limit * 0.25, size * 8), size);
  return mostlyTouched(regions, edges, limit, least);
}

/** For each region smaller than `limit` pixels the region of at least `least` pixels, by its own, that it mostly touches. */
export function mostlyTouched(
  regions: Segments,
  edges: Edges,
  limit: number,
  least: (size: number) => number,
): Int32Array {
  const { labels, sizes, count } = regions;
  const grounds = new Int32Array(count).fill(-1);
  const votes = new Int32Array(count);
  for (let index = 0; index < edges.pixels.length; index++) {
    const label = labels[edges.pixels[index] as number] as number;
    const size = sizes[label] as number;
    if (size >= limit) continue;
    const side = (edges.share[index] as number) < 0.5 ? edges.high : edges.low;
    const other = labels[side[index] as number] as number;
    if (other === label || (sizes[other] as number) < least(size)) continue;
    if (votes[label] === 0) grounds[label] = other;
    votes[label] = (votes[label] as number) + (grounds[label] === other ? 1 : -1);
  }
  return grounds;
}

/** How many pixels of each region lie on edges: all of a hairline, few of a broad area. */
export function mixedPixels(regions: Segments, edges: Edges): Int32Array {
  const mixed = new Int32Array(regions.count);
  for (let index = 0; index < edges.pixels.length; index++) {
    const label = regions.labels[edges.pixels[index] as number] as number;
    mixed[label] = (mixed[label] as number) + 1;
  }
  return mixed;
}
