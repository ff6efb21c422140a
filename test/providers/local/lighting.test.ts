import { expect, it } from "vitest";
import { lightRelief } from "../../../src/providers/local/lighting.ts";

const SIDE = 160;
const RADIUS = 32;

/** How far a pixel lies from the middle. */
const fromMiddle = (pixel: number) =>
  Math.hypot((pixel % SIDE) - SIDE / 2, Math.floor(pixel / SIDE) - SIDE / 2);

it("draws no rim of light round a dark thing in a photograph", () => {
  const disc = Float32Array.from({ length: SIDE * SIDE }, (_, pixel) =>
    fromMiddle(pixel) < RADIUS ? 0.15 : 0.8,
  );
  const lighting = { unit: 0.5, lamp: 0.7, depth: 1.6 };
  const ground = lightRelief(
    disc.map(() => 0.8),
    SIDE,
    SIDE,
    lighting,
  ).shade;
  const { shade, shine } = lightRelief(disc, SIDE, SIDE, lighting);
  for (let pixel = 0; pixel < disc.length; pixel++) {
    if (fromMiddle(pixel) < RADIUS + 1) continue;
    expect(shade[pixel]).toBeLessThan((ground[pixel] as number) + 0.04);
    expect(shine[pixel]).toBeLessThan(0.02);
  }
});
