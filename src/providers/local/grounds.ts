import type { Edges } from "./edges.ts";
import type { Segments } from "./segments.ts";

/**
 * For each region smaller than `limit` pixels the larger region it stands on, such as a letter's label; -1 for
 * regions that stand on nothing. The majority vote of R. Boyer and J. Moore (1981) finds what a region mostly touches
 * in one walk over the edges.
 */
export function groundsOf(regions: Segments, edges: Edges, limit: number): Int32Array {
  const { labels, sizes, count } = regions;
  const grounds = new Int32Array(count).fill(-1);
  const votes = new Int32Array(count);
  for (let index = 0; index < edges.pixels.length; index++) {
    const label = labels[edges.pixels[index] as number] as number;
    const size = sizes[label] as number;
    if (size >= limit) continue;
    const side = (edges.share[index] as number) < 0.5 ? edges.high : edges.low;
    const other = labels[side[index] as number] as number;
    if (other === label || (sizes[other] as number) < Math.max(limit * 0.25, size)) continue;
    if (votes[label] === 0) grounds[label] = other;
    votes[label] = (votes[label] as number) + (grounds[label] === other ? 1 : -1);
  }
  return grounds;
}
