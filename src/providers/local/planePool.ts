/**
 * Planes that were given back, by their length. Fresh memory is slow: the machine clears each page when it is first
 * touched, which takes as long as a filter's whole pass.
 */
const idle = new Map<number, Float32Array[]>();

/** A plane of `count` numbers with whatever stands in it: every one is to be written before it is read. */
export function takePlane(count: number): Float32Array {
  return idle.get(count)?.pop() ?? new Float32Array(count);
}

/** Gives back a plane that nobody reads any more; giving it back is a favour, not a duty. */
export function givePlane(plane: Float32Array): void {
  const list = idle.get(plane.length);
  if (list === undefined) idle.set(plane.length, [plane]);
  else list.push(plane);
}

/** Lets the memory go: no picture of these lengths is being drawn any more. */
export function dropPlanes(): void {
  idle.clear();
}
