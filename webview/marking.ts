/** Which of several things are marked, as in a list of files: by clicks and arrows with Ctrl, Cmd or Shift. */
export interface Marks {
  /** Ids of what is marked; none or at least two. */
  readonly marked: ReadonlySet<string>;
  /** Id from which Shift marks; null where that is what is looked at. */
  readonly anchor: string | null;
}

/** Keys that are held down. */
interface Keys {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export const noMarks: Marks = { marked: new Set(), anchor: null };

/**
 * What is marked after something was gone to.
 *
 * @param ids of everything, in its order
 * @param from id of what was looked at before
 * @param to id of what is looked at now
 */
export function marksAfter(
  marks: Marks,
  ids: readonly string[],
  from: string | null,
  to: string,
  { ctrlKey, metaKey, shiftKey }: Keys,
): Marks {
  if (shiftKey) {
    const anchor = marks.anchor ?? from ?? to;
    const [first = 0, last = 0] = [ids.indexOf(anchor), ids.indexOf(to)].toSorted((a, b) => a - b);
    return { marked: several(ids.slice(Math.max(0, first), last + 1)), anchor };
  }
  if (!ctrlKey && !metaKey) {
    return noMarks;
  }
  const before = marks.marked.size === 0 && from !== null ? [from] : [...marks.marked];
  const after = before.includes(to) && from !== to ? before.filter((id) => id !== to) : [...before, to];
  return { marked: several(after), anchor: to };
}

/** One alone is what is looked at: it needs no mark. */
function several(ids: readonly string[]): ReadonlySet<string> {
  const marked = new Set(ids);
  return marked.size > 1 ? marked : new Set();
}
