/** Pictures of every kind that results may be, and readers that take them apart without the code under test. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import type { OutputFormat } from "../../../src/engine/ports.ts";
import { cmykJpeg, orientations, orientedJpeg, smallPng, transparentPng } from "../../fixtures/pictures.ts";
import { animatedPng, colourKinds, pngChunk, pngOf } from "../../fixtures/pngs.ts";

export interface Specimen {
  readonly name: string;
  readonly format: OutputFormat;
  readonly bytes: Buffer;
  /** Something in the XMP of somebody else that must survive. */
  readonly foreign?: string;
}

const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/** A packet of somebody else, with about `length` characters of their own. */
export function foreignPacket(mark: string, length = 10, more = ""): string {
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${rdf}" xmlns:v="urn:vendor/"><rdf:Description rdf:about="" v:mark="${mark}"${more}><v:long>${"é".repeat(length)}</v:long></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

/** A JPEG segment with its marker and length. */
export function segment(kind: number, data: Uint8Array | string): Buffer {
  const bytes = Buffer.from(data);
  const head = Buffer.from([0xff, kind, 0, 0]);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

/** `jpeg` with segments right after its `SOI`. */
export function withSegments(jpeg: Buffer, ...segments: readonly Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** A chunk of a RIFF file, padded. */
export function riffChunk(type: string, data: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type, "latin1"), size, data, Buffer.alloc(data.length % 2)]);
}

/** `webp` with chunks at its end. */
export function withChunks(webp: Buffer, ...chunks: readonly Buffer[]): Buffer {
  const whole = Buffer.concat([webp, ...chunks]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

const exif = { IFD0: { Make: "Example", Model: "Pocket 12" } };
/** No noise, and yet no two pixels alike. */
function drawing(width: number, height: number, channels: 1 | 3 | 4 = 3) {
  const data = Buffer.from(
    Uint8Array.from({ length: width * height * channels }, (_, at) => (at * 7 + (at >> 5) * 3) & 0xff),
  );
  return sharp(data, { raw: { width, height, channels } });
}

async function jpegs(): Promise<readonly Specimen[]> {
  const plain = await drawing(33, 21).jpeg().toBuffer();
  const foreign = await drawing(33, 21).withXmp(foreignPacket("theirs")).jpeg().toBuffer();
  const large = `http://ns.adobe.com/xap/1.0/\0${foreignPacket("large", 32_500)}`;
  const specimens: Record<string, Buffer> = {
    baseline: plain,
    progressive: await drawing(33, 21).jpeg({ progressive: true }).toBuffer(),
    "4:4:4": await drawing(1, 1).jpeg({ chromaSubsampling: "4:4:4" }).toBuffer(),
    CMYK: await cmykJpeg(),
    grey: await drawing(33, 21, 1).toColourspace("b-w").jpeg().toBuffer(),
    ICC: await drawing(33, 21).withIccProfile("p3").jpeg().toBuffer(),
    "EXIF and ICC": await drawing(33, 21).withExif(exif).withIccProfile("p3").jpeg().toBuffer(),
    "fill bytes": withSegments(plain, Buffer.from([0xff]), segment(0xfe, "comment")),
    "C2PA (APP11)": withSegments(plain, segment(0xeb, "JP\0\x01 not a real manifest")),
    "bytes after the end": Buffer.concat([plain, Buffer.from("appended")]),
    "oat-crunch.jpg": sample("oat-crunch.jpg"),
    "doree-box.jpg": sample("doree-box.jpg"),
  };
  for (const orientation of orientations) {
    specimens[`orientation ${orientation}`] = await orientedJpeg(orientation);
  }
  return [
    ...named("JPG", specimens),
    { name: "JPG foreign XMP", format: "JPG", bytes: foreign, foreign: "theirs" },
    {
      name: "JPG foreign XMP of 64 KB",
      format: "JPG",
      bytes: withSegments(plain, segment(0xe1, large)),
      foreign: "large",
    },
  ];
}

async function pngs(): Promise<readonly Specimen[]> {
  const packet = Buffer.from(foreignPacket("theirs"));
  const keyword = "XML:com.adobe.xmp\0";
  const iTXt = pngChunk("iTXt", Buffer.concat([Buffer.from(`${keyword}\0\0de\0XMP\0`), packet]));
  const packed = pngChunk("iTXt", Buffer.concat([Buffer.from(`${keyword}\x01\0\0\0`), deflateSync(packet)]));
  const zTXt = pngChunk("zTXt", Buffer.concat([Buffer.from(`${keyword}\0`), deflateSync(packet)]));
  const specimens: Record<string, Buffer> = {
    plain: smallPng(),
    transparent: transparentPng(),
    animated: animatedPng(),
    interlaced: await drawing(33, 21).png({ progressive: true }).toBuffer(),
    "EXIF and ICC": await drawing(33, 21).withExif(exif).withIccProfile("p3").png().toBuffer(),
    "16 bit, EXIF": await drawing(33, 21).toColourspace("rgb16").withExif(exif).png().toBuffer(),
    "other texts, C2PA": pngOf(2, 8, [
      pngChunk("tEXt", Buffer.from("Comment\0hello")),
      pngChunk("caBX", Buffer.from("not a real manifest")),
    ]),
    "bytes after the end": Buffer.concat([smallPng(), Buffer.from("appended")]),
    "tea-tin.png": sample("tea-tin.png"),
  };
  for (const orientation of orientations) {
    specimens[`orientation ${orientation}`] = await drawing(33, 21)
      .withMetadata({ orientation })
      .png()
      .toBuffer();
  }
  for (const [name, colourType, depths] of colourKinds) {
    for (const depth of depths) {
      specimens[`${name} ${depth} bit`] = pngOf(colourType, depth);
    }
  }
  return [
    ...named("PNG", specimens),
    ...[iTXt, packed, zTXt].map((chunk, index) => ({
      name: `PNG foreign XMP in ${["iTXt", "compressed iTXt", "zTXt"][index]}`,
      format: "PNG" as const,
      bytes: pngOf(6, 8, [chunk]),
      foreign: "theirs",
    })),
  ];
}

async function webps(): Promise<readonly Specimen[]> {
  const frames = [0, 1, 2].map((shift) => ({
    create: { width: 17, height: 13, channels: 3 as const, background: { r: shift * 80, g: 60, b: 200 } },
  }));
  const stills = await Promise.all(frames.map((frame) => sharp(frame).png().toBuffer()));
  const animated = await sharp(stills, { join: { animated: true } })
    .webp({ delay: [50, 60, 70] })
    .toBuffer();
  const lossless = await drawing(31, 17, 4).webp({ lossless: true }).toBuffer();
  const specimens: Record<string, Buffer> = {
    lossy: await drawing(31, 17).webp().toBuffer(),
    "one pixel": await drawing(1, 1).webp().toBuffer(),
    lossless: await drawing(31, 17).webp({ lossless: true }).toBuffer(),
    "lossless with alpha": lossless,
    "lossy with alpha": await drawing(31, 17, 4).webp().toBuffer(),
    animated,
    "EXIF and ICC": await drawing(31, 17).withExif(exif).withIccProfile("p3").webp().toBuffer(),
    "unknown chunk": withChunks(lossless, riffChunk("ODDS", Buffer.from("odd"))),
    "C2PA at the end": withChunks(
      await drawing(31, 17).withExif(exif).webp().toBuffer(),
      riffChunk("C2PA", Buffer.from("not a real manifest")),
    ),
    "bytes after the end": Buffer.concat([lossless, Buffer.from("appended")]),
    "vesna.webp": sample("vesna.webp"),
  };
  for (const orientation of orientations) {
    specimens[`orientation ${orientation}`] = await drawing(31, 17)
      .withMetadata({ orientation })
      .webp()
      .toBuffer();
  }
  const foreign = await drawing(31, 17).withExif(exif).withXmp(foreignPacket("theirs")).webp().toBuffer();
  return [
    ...named("WEBP", specimens),
    { name: "WEBP foreign XMP", format: "WEBP", bytes: foreign, foreign: "theirs" },
  ];
}

function sample(name: string): Buffer {
  return readFileSync(path.join(import.meta.dirname, "../../../media/samples", name));
}

function named(format: OutputFormat, specimens: Readonly<Record<string, Buffer>>): readonly Specimen[] {
  return Object.entries(specimens).map(([name, bytes]) => ({ name: `${format} ${name}`, format, bytes }));
}

/** All of them. */
export async function corpus(): Promise<readonly Specimen[]> {
  return [...(await jpegs()), ...(await pngs()), ...(await webps())];
}

/** A part of a file: what kind it is, and its bytes. */
export type Part = readonly [kind: string, bytes: string];

/** The parts of a file in their order, without XMP and without the flag that announces it. */
export function otherParts(bytes: Buffer, format: OutputFormat): readonly Part[] {
  switch (format) {
    case "JPG":
      return jpegParts(bytes);
    case "PNG":
      return pngParts(bytes).filter(([, data]) => !data.startsWith("XML:com.adobe.xmp\0"));
    case "WEBP":
      return webpParts(bytes);
  }
}

function jpegParts(bytes: Buffer): readonly Part[] {
  const parts: Part[] = [];
  let at = 2;
  while (bytes[at + 1] !== 0xda) {
    const fill = bytes[at + 1] === 0xff ? 1 : 0;
    const end = at + fill + 2 + bytes.readUInt16BE(at + fill + 2);
    const data = bytes.toString("latin1", at, end);
    if (!data.slice(4).startsWith("http://ns.adobe.com/x")) {
      parts.push([data.slice(0, 2), data]);
    }
    at = end;
  }
  return [...parts, ["scans", bytes.toString("latin1", at)]];
}

function pngParts(bytes: Buffer): readonly Part[] {
  const parts: Part[] = [];
  let at = 8;
  while (parts.at(-1)?.[0] !== "IEND") {
    const end = at + 12 + bytes.readUInt32BE(at);
    parts.push([bytes.toString("latin1", at + 4, at + 8), bytes.toString("latin1", at + 8, end)]);
    at = end;
  }
  return [...parts, ["rest", bytes.toString("latin1", at)]];
}

function webpParts(bytes: Buffer): readonly Part[] {
  const parts: Part[] = [];
  const fileEnd = 8 + bytes.readUInt32LE(4);
  let at = 12;
  while (at < fileEnd) {
    const [type, length] = [bytes.toString("latin1", at, at + 4), bytes.readUInt32LE(at + 4)];
    // The extended header is compared by what sharp makes of it: a simple file has none.
    if (type !== "VP8X" && type !== "XMP ") {
      parts.push([type, bytes.toString("latin1", at + 8, at + 8 + length)]);
    }
    at += 8 + length + (length % 2);
  }
  return [...parts, ["rest", bytes.toString("latin1", at)]];
}
