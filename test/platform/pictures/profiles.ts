import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Sharp } from "sharp";

/** A picture in sRGB as a PNG in Adobe RGB (1998): other numbers, the same look. */
export async function adobeRgb(picture: Sharp): Promise<Buffer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "image-remix-icc-"));
  try {
    const file = path.join(folder, "adobe.icc");
    writeFileSync(file, adobeRgbProfile());
    return await picture.withIccProfile(file).png().toBuffer();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A matrix profile (ICC.1:2022, 8.3) with the primaries of Adobe RGB (1998), adapted to D50, and gamma 563/256. */
function adobeRgbProfile(): Buffer {
  const tags: readonly (readonly [string, Buffer])[] = [
    ["desc", description("Adobe RGB (1998)")],
    ["cprt", Buffer.concat([Buffer.from("text\0\0\0\0", "latin1"), Buffer.from("none\0\0\0\0", "latin1")])],
    ["wtpt", xyz(0.9642, 1, 0.8249)],
    ["rXYZ", xyz(0.6097, 0.3111, 0.0195)],
    ["gXYZ", xyz(0.2053, 0.6257, 0.0609)],
    ["bXYZ", xyz(0.1492, 0.0632, 0.7446)],
    ["rTRC", gamma()],
    ["gTRC", gamma()],
    ["bTRC", gamma()],
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  let at = 128 + table.length;
  for (const [index, [name, data]] of tags.entries()) {
    table.write(name, 4 + index * 12, "latin1");
    table.writeUInt32BE(at, 8 + index * 12);
    table.writeUInt32BE(data.length, 12 + index * 12);
    at += data.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at, 0);
  header.writeUInt32BE(0x02400000, 8);
  header.write("mntrRGB XYZ ", 12, "latin1");
  header.write("acsp", 36, "latin1");
  header.set(xyz(0.9642, 1, 0.8249).subarray(8), 68);
  return Buffer.concat([header, table, ...tags.map(([, data]) => data)]);
}

function xyz(...values: readonly [number, number, number]): Buffer {
  const data = Buffer.alloc(20);
  data.write("XYZ ", 0, "latin1");
  for (const [index, value] of values.entries()) {
    data.writeInt32BE(Math.round(value * 65_536), 8 + index * 4);
  }
  return data;
}

function gamma(): Buffer {
  const data = Buffer.alloc(16);
  data.write("curv", 0, "latin1");
  data.writeUInt32BE(1, 8);
  data.writeUInt16BE(563, 12);
  return data;
}

function description(text: string): Buffer {
  const data = Buffer.alloc(Math.ceil((90 + text.length + 1) / 4) * 4);
  data.write("desc", 0, "latin1");
  data.writeUInt32BE(text.length + 1, 8);
  data.write(text, 12, "latin1");
  return data;
}
