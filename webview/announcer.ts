import type { Announcement } from "./announce.ts";

type Kind = Announcement["kind"];

/** Says each announcement when its time has come. */
export class Announcer {
  readonly #say: (kind: Kind, text: string) => void;
  readonly #waiting = new Map<Kind, { readonly text: string; readonly timer: number }>();

  constructor(say: (kind: Kind, text: string) => void) {
    this.#say = say;
  }

  announce({ kind, text, delay }: Announcement): void {
    const waiting = this.#waiting.get(kind);
    // A run goes on and on: of what it tells the newest is said when the first one's time has come. A price settles.
    const goesOn = kind === "run" && delay > 0 && waiting !== undefined;
    if (!goesOn) {
      window.clearTimeout(waiting?.timer);
    }
    if (delay === 0) {
      this.#waiting.delete(kind);
      this.#say(kind, text);
      return;
    }
    const timer = goesOn ? waiting.timer : window.setTimeout(() => this.#end(kind), delay);
    this.#waiting.set(kind, { text, timer });
  }

  /** Says nothing any more. */
  stop(): void {
    for (const { timer } of this.#waiting.values()) {
      window.clearTimeout(timer);
    }
    this.#waiting.clear();
  }

  #end(kind: Kind): void {
    const text = this.#waiting.get(kind)?.text;
    this.#waiting.delete(kind);
    if (text !== undefined) {
      this.#say(kind, text);
    }
  }
}
