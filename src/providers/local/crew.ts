/**
 * What works on a picture, on one thread or on several: a stage draws a picture's rows (or columns, or whatever else a
 * stage counts), and a crew shares them out. Stages know nothing of threads.
 */

/**
 * Draws the parts `from` to `to - 1`. What these write no other parts of the stage may read or write, and which parts are
 * drawn together must make no difference to the result. What is written lies in planes of the pool: of all else a hand on another thread has a copy.
 */
export type Draw<Args> = (args: Args, from: number, to: number) => void;

/** Those who draw a picture. */
export interface Crew {
  /**
   * Draws all `count` parts of a stage.
   *
   * @param args plain objects, numbers and typed arrays
   * @returns false if some may be missing, or may still be written by somebody who does not answer
   */
  run<Args>(name: string, draw: Draw<Args>, args: Args, count: number): boolean;
  /** Memory that all of the crew see, cleared. */
  memory(bytes: number): ArrayBufferLike;
}

/** Parts that are drawn together by who draws alone. */
const PARTS = 64;

/** The thread that calls, by itself. */
export const alone: Crew = {
  run(_name, draw, args, count) {
    // Not all at once: V8 compiles a long loop that runs but once a picture anew each time.
    for (let part = 0; part < count; part += PARTS) draw(args, part, Math.min(count, part + PARTS));
    return true;
  },
  memory: (bytes) => new ArrayBuffer(bytes),
};

/** Thrown when a crew gave up in the middle of a picture, whose planes then are not to be used again. */
export class CrewLost extends Error {
  override readonly name = "CrewLost";
}

const stages = new Map<string, Draw<never>>();
let crew: Crew = alone;

/**
 * Declares a stage by a name that no other has, under which the other threads find it. Returns what draws it: all of
 * `count` parts, with the crew of the picture that is being drawn.
 */
export function stage<Args>(name: string, draw: Draw<Args>): (args: Args, count: number) => void {
  if (stages.has(name)) throw new Error(`There are two stages called ${name}.`);
  stages.set(name, draw);
  return (args, count) => {
    if (!crew.run(name, draw, args, count)) throw new CrewLost(`Not all of ${name} was drawn.`);
  };
}

/** The stage of that name, for a hand on another thread: it gets the arguments that the stage was called with. */
export function stageCalled(name: string): Draw<unknown> | undefined {
  return stages.get(name) as Draw<unknown> | undefined;
}

/** Runs `draw` with the stages in it drawn by `members`. */
export function withCrew<Result>(members: Crew, draw: () => Result): Result {
  const before = crew;
  crew = members;
  try {
    return draw();
  } finally {
    crew = before;
  }
}
