import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Origin } from "../../src/engine/history.ts";
import { fileNameFor } from "../../src/engine/output.ts";
import { type Candidate, resultNames, standingOf } from "../../src/engine/upToDate.ts";

const origin: fc.Arbitrary<Origin> = fc.record({
  sourceHash: fc.constantFrom("s1", "s2"),
  recipeHash: fc.constantFrom("r1", "r2"),
  provider: fc.constantFrom("runware", "local"),
  model: fc.constantFrom("ideogram:1@2", null),
});
const candidate: fc.Arbitrary<Candidate> = fc.record({
  origin: fc.option(origin, { nil: undefined }),
  isCalledResult: fc.boolean(),
});
const candidates = fc.array(candidate, { maxLength: 8 });
const count = fc.integer({ min: 1, max: 4 });

describe("whether a source is up to date", () => {
  it("is so exactly when there are enough results of the same source, recipe, provider and model", () => {
    fc.assert(
      fc.property(origin, count, candidates, (wanted, number, all) => {
        const same = all.filter((one) => JSON.stringify(one.origin) === JSON.stringify(wanted));
        const { state, found } = standingOf(wanted, number, all);
        expect(found).toBe(same.length);
        expect(state === "upToDate").toBe(same.length >= number);
      }),
    );
  });

  it("becomes so once what is missing has been made, whatever else lies there, and stays so", () => {
    fc.assert(
      fc.property(origin, count, candidates, candidates, (wanted, number, all, more) => {
        const { found } = standingOf(wanted, number, all);
        const missing = Math.max(0, number - found);
        const made = Array.from({ length: missing }, () => ({ origin: wanted, isCalledResult: true }));
        expect(standingOf(wanted, number, [...all, ...made]).state).toBe("upToDate");
        expect(standingOf(wanted, number, [...more, ...made, ...all]).state).toBe("upToDate");
      }),
    );
  });

  it("ends when the source or the recipe changes, and is unknown only for the sake of unmarked results", () => {
    fc.assert(
      fc.property(origin, count, candidates, (wanted, number, all) => {
        const changed = { ...wanted, sourceHash: "s3" };
        const isUnmarked = (one: Candidate) => one.origin === undefined && one.isCalledResult;
        expect(standingOf(changed, number, all)).toEqual({
          state: all.some(isUnmarked) ? "unknown" : "toDo",
          found: 0,
        });
      }),
    );
  });
});

describe("the names of a source's results", () => {
  const word = fc.constantFrom(
    "{name}",
    "{n}",
    "{preset}",
    "{date}",
    "{seed}",
    "{size}",
    "x",
    "-",
    ".",
    "+",
    "(",
    "$",
  );
  const template = fc.array(word, { minLength: 1, maxLength: 7 }).map((words) => words.join(""));
  const stem = fc.constantFrom("hero", "a.b", "a+b (2)", "$&", "[x]", "con", "987654");

  it("are recognised, whatever the template", () => {
    fc.assert(
      fc.property(
        template,
        stem,
        fc.option(stem, { nil: null }),
        fc.integer({ min: 1, max: 999 }),
        (fileName, name, preset, n) => {
          const parts = {
            name,
            preset: preset ?? "settings",
            date: "2026-11-22",
            seed: "18446744073709551615",
            size: "1024x768",
          };
          const file = fileNameFor(fileName, parts, n);
          const names = resultNames({ stem: name }, { fileName }, preset);
          expect(`${file}.png`).toMatch(names);
          expect(`${file}.JPEG`).toMatch(names);
          expect(`${file}.txt`).not.toMatch(names);
        },
      ),
    );
  });

  it("are not those of another source", () => {
    const names = resultNames({ stem: "hero" }, { fileName: "{name}.remix-{n}" }, null);
    expect("hero2.remix-1.png").not.toMatch(names);
    expect("my hero.remix-1.png").not.toMatch(names);
    expect("hero.remix-x.png").not.toMatch(names);
    expect("hero.png").not.toMatch(names);
  });
});
