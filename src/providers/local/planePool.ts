import { alone, type Crew, withCrew } from "./crew.ts";

/** Memory that a picture's planes lie in, by length: what may be taken, and all that was. */
interface Pool {
  readonly idle: Map<number, Float32Array[]>;
  readonly taken: Set<Float32Array>;
  /** Who draws, and sees this memory. */
  readonly crew: Crew;
}

/** The pool of the picture that is being drawn. */
let pool: Pool | undefined;
/** The planes of the picture before: the next result of a task is of the same size, and a worker without work ends. */
let kept: Pick<Pool, "taken" | "crew"> | undefined;

/**
 * Draws with planes that come from a pool: fresh memory is slow, since the machine clears each page when it is first
 * touched, which takes as long as a filter's whole pass. When `draw` ends, all planes go back, whoever has them;
 * when it fails, none do, since some of the crew may still be writing.
 */
export function withPlanes<Result>(crew: Crew, draw: () => Result): Result {
  const own: Pool = { idle: new Map(), taken: new Set(), crew };
  for (const plane of kept?.crew === crew ? kept.taken : []) addTo(own, plane);
  kept = undefined;
  pool = own;
  try {
    const result = withCrew(crew, draw);
    kept = own;
    return result;
  } finally {
    pool = undefined;
  }
}

function addTo({ idle }: Pool, plane: Float32Array): void {
  const list = idle.get(plane.length);
  if (list === undefined) idle.set(plane.length, [plane]);
  else list.push(plane);
}

/** A plane of `count` numbers with whatever stands in it: every one is to be written before it is read. */
export function takePlane(count: number): Float32Array {
  const plane = pool?.idle.get(count)?.pop() ?? new Float32Array((pool?.crew ?? alone).memory(4 * count));
  pool?.taken.add(plane);
  return plane;
}

/** The same for whole numbers, such as the labels of regions. */
export function takeIndexes(count: number): Int32Array {
  return new Int32Array(takePlane(count).buffer);
}

/** The same for bytes, such as marks; all 0. */
export function takeMarks(count: number): Uint8Array {
  return new Uint8Array(takePlane(Math.ceil(count / 4)).buffer, 0, count).fill(0);
}

/** Gives back a plane early that nobody reads any more; nothing else may be given. */
export function givePlane(plane: Float32Array): void {
  if (pool?.taken.has(plane) === true) addTo(pool, plane);
}
