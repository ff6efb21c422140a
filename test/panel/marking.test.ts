import fc from "fast-check";
import { expect, test } from "vitest";
import { type Marks, marksAfter, noMarks } from "../../webview/marking.ts";

const ids = ["a", "b", "c", "d", "e"];
const plain = { ctrlKey: false, metaKey: false, shiftKey: false };
const ctrl = { ...plain, ctrlKey: true };
const cmd = { ...plain, metaKey: true };
const shift = { ...plain, shiftKey: true };
const marked = ({ marked }: Marks) => [...marked];

test("Ctrl and Cmd mark one after the other, with what was looked at before, and unmark", () => {
  const two = marksAfter(noMarks, ids, "a", "c", ctrl);
  expect(marked(two)).toEqual(["a", "c"]);
  const three = marksAfter(two, ids, "c", "e", cmd);
  expect(marked(three)).toEqual(["a", "c", "e"]);
  expect(marked(marksAfter(three, ids, "e", "c", ctrl))).toEqual(["a", "e"]);
  expect(marked(marksAfter(two, ids, "c", "a", ctrl))).toEqual([]);
});

test("Shift marks from where it began, in both directions", () => {
  const down = marksAfter(marksAfter(noMarks, ids, "b", "c", shift), ids, "c", "d", shift);
  expect(marked(down)).toEqual(["b", "c", "d"]);
  expect(marked(marksAfter(down, ids, "d", "a", shift))).toEqual(["a", "b"]);
  expect(marked(marksAfter(down, ids, "d", "b", shift))).toEqual([]);
});

test("going on without a key unmarks; never is one alone marked, nor what is not there", () => {
  const key = fc.constantFrom(plain, ctrl, cmd, shift);
  const steps = fc.array(fc.tuple(fc.constantFrom(...ids), key), { maxLength: 12 });
  fc.assert(
    fc.property(steps, (all) => {
      let [marks, from]: [Marks, string | null] = [noMarks, null];
      for (const [to, keys] of all) {
        marks = marksAfter(marks, ids, from, to, keys);
        from = to;
        expect(marks.marked.size).not.toBe(1);
        expect(marked(marks).every((id) => ids.includes(id))).toBe(true);
        expect(keys === plain && marks.marked.size > 0).toBe(false);
      }
    }),
  );
});
