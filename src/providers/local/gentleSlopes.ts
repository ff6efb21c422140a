import { stage } from "./crew.ts";
import { enlargedRows, enlargePlane, reduce } from "./fields.ts";
import { gaussianBlur, largestAround, smoothstep } from "./filters.ts";
import { takePlane } from "./planePool.ts";
import type { LabPlanes } from "./raster.ts";

/** The squared step, in OKLab, to a pixel's surroundings from which it is the border of a thing, no grain. */
const BORDER = 0.04 * 0.04;
/** Pixels of the look's fraction, each way, to one of those that surroundings are worked out with. */
const COARSE = 4;

/** Slopes, in OKLab to a unit: gentle ones, over which inks run into each other, and steeper ones. */
const GENTLE = [0.0015, 0.004] as const;
/** Half the least width, in units, of a gentle slope that inks are to run over. */
const REACH = 12;

/**
 * Takes what is left of grain out of gentle slopes, in place: ink areas would have ragged borders there. Like a bilateral
 * filter (C. Tomasi, R. Manduchi, 1998), but with one weight for all of a pixel's surroundings. `unit` in pixels of `planes`.
 */
export function evenOut(planes: LabPlanes, unit: number): void {
  const sigma = Math.max(0.8, (unit * 12) / COARSE);
  const { width, height, ...coarse } = reduce(planes, COARSE).planes;
  const lightness = gaussianBlur(coarse.lightness, width, height, sigma);
  const a = gaussianBlur(coarse.a, width, height, sigma);
  const b = gaussianBlur(coarse.b, width, height, sigma);
  even({ planes, surroundings: { width, height, lightness, a, b } }, planes.height);
}

/** A picture, and what lies around each of its pixels, at `1 / COARSE` of the size. */
interface Evening {
  readonly planes: LabPlanes;
  readonly surroundings: LabPlanes;
}

const even = stage("evenOut", ({ planes, surroundings }: Evening, from, to) => {
  const { width, height, lightness, a, b } = planes;
  const readL = enlargedRows(surroundings.lightness, COARSE, width, height);
  const readA = enlargedRows(surroundings.a, COARSE, width, height);
  const readB = enlargedRows(surroundings.b, COARSE, width, height);
  const ls = new Float32Array(width);
  const as = new Float32Array(width);
  const bs = new Float32Array(width);
  for (let y = from, pixel = from * width; y < to; y++) {
    readL(y, ls);
    readA(y, as);
    readB(y, bs);
    for (let x = 0; x < width; x++, pixel++) {
      const dl = (ls[x] as number) - (lightness[pixel] as number);
      const da = (as[x] as number) - (a[pixel] as number);
      const db = (bs[x] as number) - (b[pixel] as number);
      const gap = dl * dl + 3 * (da * da + db * db);
      if (gap >= BORDER) continue;
      const share = 1 - gap / BORDER;
      lightness[pixel] = (lightness[pixel] as number) + dl * share;
      a[pixel] = (a[pixel] as number) + da * share;
      b[pixel] = (b[pixel] as number) + db * share;
    }
  }
});

/**
 * How far each pixel lies on a wide gentle slope, 0 to 1: an opening (J. Serra, 1982) leaves out narrow ones, which are the
 * insides of things. `unit` in pixels of `planes`.
 */
export function gentleness(planes: LabPlanes, unit: number): Float32Array {
  const { width, height, lightness, a, b } = reduce(planes, COARSE).planes;
  const steep = takePlane(lightness.length);
  const stepTo = (other: number, place: number): number => {
    const dl = (lightness[other] as number) - (lightness[place] as number);
    const da = (a[other] as number) - (a[place] as number);
    const db = (b[other] as number) - (b[place] as number);
    return Math.sqrt(dl * dl + 3 * (da * da + db * db));
  };
  for (let y = 0, place = 0; y < height; y++) {
    const down = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++, place++) {
      const right = x + 1 < width ? 1 : 0;
      steep[place] = stepTo(place + right, place) + stepTo(place + down, place);
    }
  }
  const scale = unit / COARSE;
  const reach = Math.max(1, Math.round((REACH * unit) / COARSE));
  const wide = largestAround(steep, width, height, reach);
  for (let place = 0; place < wide.length; place++) {
    wide[place] = 1 - smoothstep(GENTLE[0], GENTLE[1], (wide[place] as number) * scale);
  }
  const opened = largestAround(wide, width, height, reach);
  return enlargePlane(opened, COARSE, planes.width, planes.height);
}
