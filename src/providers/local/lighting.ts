import { stage } from "./crew.ts";
import { gaussianBlur, smoothstep } from "./filters.ts";
import { takePlane } from "./planePool.ts";

/** How a relief is lit. */
export interface Lighting {
  /** One thousandth of the picture's typical side, in pixels of the relief. */
  readonly unit: number;
  /** Where the lamp stands: angle from straight above in radians, to the left below 0. */
  readonly lamp: number;
  /** How deep the relief is; 1 is low. */
  readonly depth: number;
}

/** Light on each pixel of a relief. */
export interface Light {
  /** Factor on what lies there, about 1. */
  readonly shade: Float32Array;
  /** Share of white gloss on top, 0 to 1. */
  readonly shine: Float32Array;
}

/**
 * How far a photograph's surface stands over its surroundings where its slopes begin to be those of a border between
 * two colours, not of a form, and where they are nothing else: lit, they would rim dark things with light.
 */
const RIM = [0.03, 0.13] as const;

/**
 * Lights a relief with diffuse light, a gloss highlight (J. Blinn, "Models of light reflection for computer
 * synthesized pictures", 1977), contact shade and a cast shadow. `relief` is about 0 to 1, its borders are rounded
 * here.
 */
export function lightRelief(relief: Float32Array, width: number, height: number, lighting: Lighting): Light {
  const { unit } = lighting;
  const fine = gaussianBlur(relief, width, height, Math.max(0.6, unit * 2.2));
  const round = gaussianBlur(relief, width, height, Math.max(0.9, unit * 7), 2);
  const wide = gaussianBlur(relief, width, height, Math.max(2, unit * 22), 2);
  const light = { shade: takePlane(relief.length), shine: takePlane(relief.length) };
  shine({ relief, fine, round, wide, width, height, lighting, light }, height);
  return light;
}

/** A relief, the same blurred more and more, and the light on it. */
interface Relief {
  readonly relief: Float32Array;
  readonly fine: Float32Array;
  readonly round: Float32Array;
  readonly wide: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly lighting: Lighting;
  readonly light: Light;
}

const shine = stage("lightRelief", (args: Relief, top, bottom) => {
  const { relief, fine, round, wide, width, height, lighting, light } = args;
  const { unit, lamp, depth } = lighting;
  const lightX = Math.sin(lamp) * 0.62;
  const lightY = -0.62 * Math.cos(lamp);
  const lightZ = 0.78;
  const half = Math.hypot(lightX, lightY, lightZ + 1);
  const flatGloss = ((lightZ + 1) / half) ** 32;
  const shiftX = Math.round(-lightX * unit * 16);
  const shiftY = Math.round(-lightY * unit * 16);
  const steep = unit * 9 * depth;
  for (let y = top, pixel = top * width; y < bottom; y++) {
    const up = y > 0 ? -width : 0;
    const down = y + 1 < height ? width : 0;
    const fromRow = Math.min(height - 1, Math.max(0, y - shiftY)) * width;
    for (let x = 0; x < width; x++, pixel++) {
      const left = x > 0 ? pixel - 1 : pixel;
      const right = x + 1 < width ? pixel + 1 : pixel;
      const above = pixel + up;
      const below = pixel + down;
      const nx =
        steep *
        ((round[left] as number) -
          (round[right] as number) +
          0.45 * ((fine[left] as number) - (fine[right] as number)));
      const ny =
        steep *
        ((round[above] as number) -
          (round[below] as number) +
          0.45 * ((fine[above] as number) - (fine[below] as number)));
      const size = 1 / Math.sqrt(nx * nx + ny * ny + 1);
      const towards = nx * lightX + ny * lightY + lightZ;
      const diffuse = towards * size - lightZ;
      const facing = Math.max(0, ((towards + 1) * size) / half);
      const p4 = facing * facing * facing * facing;
      const p16 = p4 * p4 * p4 * p4;
      const from = fromRow + Math.min(width - 1, Math.max(0, x - shiftX));
      const blocked = Math.max(0, (round[from] as number) - (fine[pixel] as number));
      // Slopes belong to the raised side: on the ground beside it they would look like a halo.
      const raised = smoothstep(-0.03, 0.03, (relief[pixel] as number) - (round[pixel] as number));
      const under = (wide[pixel] as number) - (fine[pixel] as number);
      const sunk = Math.max(0, under);
      const body = depth > 1 ? (0.6 + 0.4 * raised) * (1 - smoothstep(RIM[0], RIM[1], -under)) : raised;
      // Studio light falls off across the set, from the side the lamp stands on.
      const fall = 0.98 + 0.13 * (((x + 0.5) / width - 0.5) * lightX + ((y + 0.5) / height - 0.5) * lightY);
      light.shade[pixel] =
        fall *
        Math.max(
          0.35,
          1 + 0.55 * diffuse * body - 0.3 * Math.min(1, blocked * 1.2) - 0.35 * Math.min(1, sunk),
        );
      light.shine[pixel] = Math.max(0, p16 * p16 - flatGloss) * 0.6 * body;
    }
  }
});
