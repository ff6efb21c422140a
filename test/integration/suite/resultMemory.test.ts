import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { describe, it } from "mocha";
import { type Remembered, ResultMemory } from "../../../src/editor/panel/resultMemory.ts";
import { Memory } from "./workspace.ts";

const resultsKey = "imageRemix.results";

function result(n: number): Remembered {
  return {
    key: `task${n} /work/hero.remix-${n}.png`,
    run: { id: "run", time: 1, title: "Winter" },
    entry: null,
    before: null,
    binned: null,
    result: {
      id: `r${n}`,
      source: "/work/hero.png",
      original: "/work/hero.png",
      path: `/work/hero.remix-${n}.png`,
      name: `hero.remix-${n}.png`,
      decision: "kept",
      provider: "local",
      model: null,
      flagged: false,
      cost: null,
      seed: null,
      size: null,
      used: { left: 0.5, top: 0, width: 0.25, height: 1 },
      file: "",
      prompt: "teal",
      recipe: "",
    },
  };
}

describe("what is remembered of results", () => {
  it("is there in the next window, with the part of the source that each shows", async () => {
    const memory = new Memory();
    const first = new ResultMemory(memory);
    first.add(result(1));
    first.add(result(2));
    const written = () => memory.get<readonly unknown[]>(resultsKey) ?? [];
    for (let left = 100; left > 0 && written().length < 2; left--) {
      await setTimeout(20);
    }
    assert.deepEqual(new ResultMemory(memory).all(), [result(1), result(2)]);
  });

  it("is read as far as it can be, and from versions that knew less", async () => {
    const memory = new Memory();
    const { used: _used, ...older } = result(1).result;
    const damaged = { ...result(2), run: "none" };
    await memory.update(resultsKey, [{ ...result(1), result: older }, damaged, null, result(3)]);
    const known = new ResultMemory(memory).all();
    assert.deepEqual(
      known.map((one) => [one.result.id, one.result.used]),
      [
        ["r1", null],
        ["r3", result(3).result.used],
      ],
    );
  });

  it("is nothing where it makes no sense", async () => {
    const memory = new Memory();
    await memory.update(resultsKey, "none");
    assert.deepEqual(new ResultMemory(memory).all(), []);
  });
});
