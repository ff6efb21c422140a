/** Twelve-megapixel JPEGs like those of a camera: few are made of seeded noise, the others are those with a mark. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { link, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { cacheFolder } from "../../harness/paths.ts";

const width = 4000;
const height = 3000;

/** How rough each of the originals is: 3 to 6 MB at this quality, as cameras make them. */
const strengths = [0.07, 0.09, 0.11, 0.13] as const;
const quality = 88;

/** Pixels of a speck of each texture: natural scenes have about as much to see at every scale (Field, 1987). */
const textures = [1, 2, 4, 8, 16, 32, 64] as const;

/** Part of the cache's name, raised whenever other pictures are drawn. */
const edition = 2;

/**
 * Puts `count` different photographs into `folder`, which is made. They are links to files of the cache.
 *
 * @returns their absolute paths
 */
export async function photoFolder(folder: string, count: number): Promise<readonly string[]> {
  const cache = path.join(cacheFolder, `bench-photos-${edition}`);
  mkdirSync(cache, { recursive: true });
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (let index = 0; index < count; index++) {
    const name = `photo${String(index).padStart(4, "0")}.jpg`;
    const kept = path.join(cache, name);
    if (!existsSync(kept)) {
      await writeFile(`${kept}.part`, await marked(await original(cache, index % strengths.length), index));
      renameSync(`${kept}.part`, kept);
    }
    const file = path.join(folder, name);
    await link(kept, file);
    files.push(file);
  }
  return files;
}

const originals = new Map<number, Buffer>();

async function original(cache: string, which: number): Promise<Buffer> {
  const file = path.join(cache, `original${which}.jpg`);
  const known = originals.get(which) ?? (existsSync(file) ? readFileSync(file) : await photograph(which));
  originals.set(which, known);
  if (!existsSync(file)) {
    writeFileSync(file, known);
  }
  return known;
}

/** The same picture with a mark that is seen even when it is shrunk, so that no cache takes it for another. */
async function marked(jpeg: Buffer, index: number): Promise<Buffer> {
  const bits = Buffer.from(Array.from({ length: 12 }, (_, place) => ((index >> place) & 1) * 255));
  const mark = await sharp(bits, { raw: { width: 4, height: 3, channels: 1 } })
    .resize(64, 48, { kernel: "nearest", fit: "fill" })
    .toColourspace("srgb")
    .png()
    .toBuffer();
  return await sharp(jpeg)
    .composite([{ input: mark, left: 40, top: 40 }])
    .keepExif()
    .jpeg({ quality })
    .toBuffer();
}

/** Light that falls off, edges, and texture of every size from leaves down to grain, as photographs have it. */
async function photograph(which: number): Promise<Buffer> {
  const layers = await Promise.all(textures.map((step) => texture(step, which * 31 + step)));
  const strength = strengths[which] ?? strengths[0];
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = y * width + x;
      const rough = strength * layers.reduce((sum, layer) => sum + (layer[from] ?? 128) - 128, 0);
      const edge = Math.abs((x * (which + 2) + y * 3) % 1700) < 60 ? 34 : 0;
      const light = 60 + (110 * y) / height - edge;
      const at = from * 3;
      pixels[at] = byte(light + 30 + rough);
      pixels[at + 1] = byte(light + rough);
      pixels[at + 2] = byte(190 - light / 2 + 0.8 * rough);
    }
  }
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .withExif({ IFD0: { Make: "Example", Model: "Pocket 12", Orientation: "1" } })
    .jpeg({ quality })
    .toBuffer();
}

/** Noise of which each speck is so many pixels wide, one byte a pixel, around 128. */
async function texture(step: number, start: number): Promise<Buffer> {
  const across = Math.ceil(width / step);
  const down = Math.ceil(height / step);
  const noise = Buffer.alloc(across * down);
  let seed = 20_261_123 + start;
  for (let at = 0; at < noise.length; at++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    noise[at] = seed >>> 24;
  }
  return await sharp(noise, { raw: { width: across, height: down, channels: 1 } })
    .resize(width, height, { fit: "fill", kernel: "cubic" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
}

function byte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
