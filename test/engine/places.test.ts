import { describe, expect, test } from "vitest";
import { Places } from "../../src/engine/places.ts";

const never = new AbortController().signal;

/** Asks for a place and notes when it is given. */
function asker(places: Places) {
  const given: string[] = [];
  const leave = new Map<string, () => void>();
  return {
    given,
    leave: (name: string) => leave.get(name)?.(),
    ask: (name: string, rank = 0, signal = never) =>
      places.take(signal, rank).then((give) => {
        given.push(name);
        leave.set(name, give);
      }),
  };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe("places", () => {
  test("are given to so many, and to the next once one is given back, no matter how often", async () => {
    const { given, ask, leave } = asker(new Places(() => 2));
    for (const name of ["a", "b", "c", "d"]) {
      void ask(name);
    }
    await soon();
    expect(given).toEqual(["a", "b"]);
    leave("a");
    leave("a");
    await soon();
    expect(given).toEqual(["a", "b", "c"]);
  });

  test("go to the lowest rank first", async () => {
    const places = new Places(() => 1);
    const { given, ask, leave } = asker(places);
    places.pause();
    void ask("late", 7);
    void ask("early", 3);
    void ask("as late", 7);
    await soon();
    expect(given).toEqual([]);
    places.resume();
    await soon();
    leave("early");
    await soon();
    leave("late");
    await soon();
    expect(given).toEqual(["early", "late", "as late"]);
  });

  test("are not lost to whoever stops waiting", async () => {
    const { given, ask, leave } = asker(new Places(() => 1));
    const stop = new AbortController();
    void ask("a");
    const stopped = ask("b", 0, stop.signal);
    void ask("c");
    stop.abort(new Error("no more"));
    await expect(stopped).rejects.toThrow("no more");
    leave("a");
    await soon();
    expect(given).toEqual(["a", "c"]);
    await expect(ask("d", 0, stop.signal)).rejects.toThrow("no more");
  });
});
