/** VS Code's keyboard shortcuts of two strokes: Ctrl+K or Cmd+K, then another key, which is not meant for the page. */
import { isMac } from "./words.ts";

/** Milliseconds for which VS Code waits for the second stroke. */
const patience = 5000;

const modifiers: ReadonlySet<string> = new Set(["Control", "Meta", "Shift", "Alt", "AltGraph", "CapsLock"]);

/** Second strokes. An event lives as long as it is handled. */
const strokes = new WeakSet<Event>();

/** Whether VS Code waits for this very key. It needs to get it, and the page is to do nothing. */
export function endsChord(event: KeyboardEvent): boolean {
  return strokes.has(event);
}

/** Sees every key before anything else on the page does, and knows which of them end a chord. */
export class ChordWatch {
  #timer: number | undefined;

  start(): void {
    window.addEventListener("keydown", this.#onKey, { capture: true });
    window.addEventListener("pointerdown", this.#end, { capture: true });
    window.addEventListener("blur", this.#end);
  }

  stop(): void {
    this.#end();
    window.removeEventListener("keydown", this.#onKey, { capture: true });
    window.removeEventListener("pointerdown", this.#end, { capture: true });
    window.removeEventListener("blur", this.#end);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (modifiers.has(event.key)) {
      return;
    }
    if (this.#timer !== undefined) {
      strokes.add(event);
      // A stroke that is held down is still the same one.
      if (!event.repeat) {
        this.#end();
      }
    } else if (startsChord(event)) {
      this.#timer = window.setTimeout(this.#end, patience);
    }
  };

  readonly #end = (): void => {
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
  };
}

function startsChord({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  const command = isMac() ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  return command && !altKey && !shiftKey && key.toLowerCase() === "k";
}
