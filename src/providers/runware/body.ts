import type { WireObject } from "../../recipe/wire.ts";

/** Characters from which on a picture inside a request is worth a detour. */
const long = 10_000;

/**
 * The JSON of a request with one task. Pictures inside it are put in afterwards: `JSON.stringify` would look for what
 * has to be escaped in megabytes of Base64, where nothing has to be.
 *
 * @param mark text that stands nowhere in the task, without anything that JSON escapes
 */
export function bodyOf(task: WireObject, mark: string): string {
  const pictures: string[] = [];
  const json = JSON.stringify([task], (_name, value: unknown) => {
    if (typeof value !== "string" || value.length < long || !/^data:image\/[a-z]+;base64,/.test(value)) {
      return value;
    }
    pictures.push(value);
    return mark;
  });
  const [first = "", ...others] = json.split(mark);
  return others.reduce((text, other, index) => text + pictures[index] + other, first);
}
