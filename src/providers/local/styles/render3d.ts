import { gaussianBlur, smoothstep } from "../filters.ts";
import type { Look } from "../look.ts";
import { randomStream, stir } from "../random.ts";
import type { LabPlanes } from "../raster.ts";
import { recolor } from "../recolor.ts";

/**
 * RENDER_3D: a relief is estimated (small regions stand on large ones, light stands over dark, borders rounded by
 * blurring), then lit with diffuse light, a gloss highlight (J. Blinn, 1977), contact shade and cast shadow.
 */
export function render3d(look: Look): LabPlanes {
  const { source, unit } = look;
  const { width, height } = source;
  const painted = recolor(look, {
    lightness: 0.85,
    variation: 0.4,
    assignment: { lightness: 0.5, hue: 0.3, variety: 0.5 },
  });
  const relief = estimateRelief(look);
  const fine = gaussianBlur(relief, width, height, Math.max(0.8, unit * 2.2));
  const round = gaussianBlur(relief, width, height, Math.max(1.2, unit * 7));
  const wide = gaussianBlur(relief, width, height, Math.max(2, unit * 22), 2);
  const random = randomStream(stir(look.seed, 71));
  const angle = (random() < 0.5 ? -1 : 1) * (0.5 + 0.5 * random());
  const lightX = Math.sin(angle) * 0.62;
  const lightY = -0.62 * Math.cos(angle);
  const lightZ = 0.78;
  const half = Math.hypot(lightX, lightY, lightZ + 1);
  const shiftX = Math.round(-lightX * unit * 16);
  const shiftY = Math.round(-lightY * unit * 16);
  const { lightness, a, b } = painted;
  const steep = unit * 9;
  for (let y = 0, pixel = 0; y < height; y++) {
    const up = y > 0 ? -width : 0;
    const down = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++, pixel++) {
      const left = x > 0 ? -1 : 0;
      const right = x + 1 < width ? 1 : 0;
      const gx =
        (round[pixel + right] as number) -
        (round[pixel + left] as number) +
        0.45 * ((fine[pixel + right] as number) - (fine[pixel + left] as number));
      const gy =
        (round[pixel + down] as number) -
        (round[pixel + up] as number) +
        0.45 * ((fine[pixel + down] as number) - (fine[pixel + up] as number));
      const nx = -gx * steep;
      const ny = -gy * steep;
      const size = 1 / Math.sqrt(nx * nx + ny * ny + 1);
      const diffuse = (nx * lightX + ny * lightY + lightZ) * size - lightZ;
      const facing = Math.max(0, ((nx * lightX + ny * lightY + lightZ + 1) * size) / half);
      const p2 = facing * facing;
      const p8 = p2 * p2 * p2 * p2;
      const gloss = p8 * p8 * p8 * p8;
      const flatGloss = ((lightZ + 1) / half) ** 64;
      const fromX = Math.min(width - 1, Math.max(0, x - shiftX));
      const fromY = Math.min(height - 1, Math.max(0, y - shiftY));
      const blocked = Math.max(0, (round[fromY * width + fromX] as number) - (fine[pixel] as number));
      // Slopes belong to the raised side: on the ground beside it they would look like a halo.
      const raised = smoothstep(-0.03, 0.03, (relief[pixel] as number) - (round[pixel] as number));
      const sunk = Math.max(0, (wide[pixel] as number) - (fine[pixel] as number));
      const shade = Math.max(
        0.35,
        1 + 0.55 * diffuse * raised - 0.3 * Math.min(1, blocked * 1.2) - 0.35 * Math.min(1, sunk),
      );
      const shine = Math.max(0, gloss - flatGloss) * 0.55 * raised;
      // Studio light falls off across the set, from the side the lamp stands on.
      const fall =
        1 + 0.13 * (((x + 0.5) / width - 0.5) * lightX + ((y + 0.5) / height - 0.5) * lightY) - 0.02;
      const lit = (lightness[pixel] as number) * shade * fall;
      lightness[pixel] = lit + (1 - lit) * shine;
      a[pixel] = (a[pixel] as number) * shade * (1 - shine) * 1.06;
      b[pixel] = (b[pixel] as number) * shade * (1 - shine) * 1.06;
    }
  }
  return painted;
}

function estimateRelief(look: Look): Float32Array {
  const { source, regions } = look;
  const total = source.lightness.length;
  const relief = new Float32Array(total);
  const heights = new Float32Array(regions.count);
  for (let label = 0; label < regions.count; label++) {
    const share = (regions.sizes[label] as number) / total;
    // Fine print lies on its ground: raised, its shadows would swallow it.
    const log = Math.log(1 / share) / Math.log(4000);
    heights[label] = share < 0.00008 ? 0.5 : Math.min(0.72, log);
  }
  for (let pixel = 0; pixel < total; pixel++) {
    relief[pixel] =
      (heights[regions.labels[pixel] as number] as number) * 0.75 +
      (source.lightness[pixel] as number) * 0.35;
  }
  return relief;
}
