import { isMac } from "./words.ts";

/** The key has done its work: neither the browser nor VS Code, which listens to the page's keys, does more with it. */
export function claim(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/** Whether a key takes what has the focus away: on a Mac's keyboard the one called Delete is Backspace. */
export function removes({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  const isKey = key === "Delete" || (isMac() && key === "Backspace");
  return isKey && !altKey && !ctrlKey && !metaKey && !shiftKey;
}

/** Whether letters that are typed there are text. */
export function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("textarea, input[type=text], vscode-text-area, vscode-text-field")
  );
}

/**
 * Where an arrow key, Home or End leads in a row or column of things of which one has the focus.
 *
 * @returns undefined for other keys, and where there is nothing to go to
 */
export function nextIndex(
  { key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent,
  index: number,
  count: number,
): number | undefined {
  if (count === 0 || altKey || ctrlKey || metaKey || shiftKey) {
    return undefined;
  }
  switch (key) {
    case "ArrowLeft":
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "ArrowRight":
    case "ArrowDown":
      return Math.min(count - 1, index + 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
