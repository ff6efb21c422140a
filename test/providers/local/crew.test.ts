import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { Hands } from "../../../src/platform/hands.ts";
import { alone, type Crew } from "../../../src/providers/local/crew.ts";
import type { Raster } from "../../../src/providers/local/raster.ts";
import { restyle } from "../../../src/providers/local/restyle.ts";
import { projectRoot } from "../../harness/paths.ts";
import { packshot, photograph, request, STYLES } from "./pictures.ts";

const crews = [1, 3].map((count) => new Hands(path.join(projectRoot, "src", "imageHand.ts"), count));

afterAll(async () => {
  await Promise.all(crews.map((hands) => hands.end()));
});

/** Those hands and a caller who takes its time, so that they draw most; `own` counts the parts that it drew. */
function withLazyCaller(hands: Hands): { readonly crew: Crew; readonly parts: { all: number; own: number } } {
  const parts = { all: 0, own: 0 };
  const never = new Int32Array(new SharedArrayBuffer(4));
  const crew: Crew = {
    memory: (bytes) => hands.memory(bytes),
    run(name, draw, args, count) {
      parts.all += count;
      const slowly: typeof draw = (all, from, to) => {
        parts.own += to - from;
        Atomics.wait(never, 0, 0, 1);
        draw(all, from, to);
      };
      return hands.run(name, slowly, args, count);
    },
  };
  return { crew, parts };
}

const isSame = (one: Raster, other: Raster) =>
  Buffer.from(one.data.buffer).equals(Buffer.from(other.data.buffer));

const sources = { packshot: packshot(331, 247), photograph: photograph(331, 247), line: packshot(40, 1) };

test.each(STYLES)("%s is the same to the byte, whoever draws", (styleType) => {
  for (const source of Object.values(sources)) {
    for (const renderingSpeed of ["DEFAULT", "QUALITY"] as const) {
      const asked = request({ styleType, renderingSpeed });
      const expected = restyle(source, asked);
      for (const hands of crews) {
        const { crew, parts } = withLazyCaller(hands);
        expect(isSame(restyle(source, asked, [], crew), expected)).toBe(true);
        if (source !== sources.line) expect(parts.own).toBeLessThan(parts.all);
      }
    }
  }
});

test("a crew that breaks down in the middle costs nothing but time", () => {
  const asked = request({ styleType: "ANIME" });
  for (const lastCall of [1, 9, 20]) {
    let calls = 0;
    const crew: Crew = {
      memory: (bytes) => new SharedArrayBuffer(bytes),
      run: (name, draw, args, count) => ++calls !== lastCall && alone.run(name, draw, args, count),
    };
    const drawn = restyle(sources.packshot, asked, [], crew);
    expect(calls).toBe(lastCall);
    expect(isSame(drawn, restyle(sources.packshot, asked))).toBe(true);
  }
});
