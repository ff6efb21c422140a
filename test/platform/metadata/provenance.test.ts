/** Metadata goes into pictures of every kind without changing anything else in them. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ExifReader from "exifreader";
import fc from "fast-check";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { RemixFailure } from "../../../src/engine/failure.ts";
import { provenanceIn } from "../../../src/engine/xmp.ts";
import { embedProvenance, readProvenance } from "../../../src/platform/metadata/provenance.ts";
import { anyProvenance, paidProvenance } from "../../fixtures/provenances.ts";
import {
  corpus,
  foreignPacket,
  otherParts,
  riffChunk,
  type Specimen,
  segment,
  withChunks,
  withSegments,
} from "./corpus.ts";

const specimens = await corpus();
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const embedded = new Map<string, Buffer>();
beforeAll(async () => {
  for (const { name, format, bytes } of specimens) {
    embedded.set(name, Buffer.from(await embedProvenance(bytes, format, paidProvenance, "full")));
  }
});
const withMetadata = ({ name }: Specimen) => embedded.get(name) ?? Buffer.alloc(0);

/** The XMP that a reader of somebody else finds, by name without prefix. */
function xmpTags(bytes: Buffer): Readonly<Record<string, { readonly value?: unknown } | undefined>> {
  return { ...ExifReader.load(bytes, { expanded: true }).xmp };
}

const text = z.optional(z.string());
const toolOutput = z.array(
  z.object({
    SourceFile: z.string(),
    SourceHash: text,
    Provider: text,
    Mark: text,
    Warning: text,
    Error: z.optional(z.undefined()),
  }),
);

/** The decoded samples, as many bits as the file has, all frames, not turned; and what else a viewer goes by. */
async function seen(bytes: Uint8Array) {
  const picture = sharp(bytes, { animated: true });
  const { xmp: _xmp, xmpAsString: _text, size: _size, ...facts } = await picture.metadata();
  const raw = await picture.raw({ depth: facts.depth }).toBuffer({ resolveWithObject: true });
  return { facts, info: raw.info, pixels: sha256(raw.data) };
}

describe.each(specimens.map((specimen) => [specimen.name, specimen] as const))("%s", (_name, specimen) => {
  test("looks the same with metadata as without, to the last bit", async () => {
    expect(await seen(withMetadata(specimen))).toEqual(await seen(specimen.bytes));
  });

  test("keeps every other part byte for byte", () => {
    const { bytes, format } = specimen;
    expect(otherParts(withMetadata(specimen), format)).toEqual(otherParts(bytes, format));
  });

  test("gives the record back to us, to sharp and to ExifReader", async () => {
    const bytes = withMetadata(specimen);
    expect(await readProvenance(bytes)).toEqual(paidProvenance);
    const { xmp } = await sharp(bytes).metadata();
    expect(provenanceIn([xmp?.toString() ?? ""])).toEqual(paidProvenance);
    const tags = xmpTags(bytes);
    expect(tags["DigitalSourceType"]?.value).toMatch(/compositeWithTrainedAlgorithmicMedia$/);
    expect(tags["sourceHash"]?.value).toBe(paidProvenance.source.hash);
    expect(tags["recipe"]?.value).toBe(JSON.stringify(paidProvenance.recipe));
    if (specimen.foreign !== undefined) {
      expect(tags["mark"]?.value).toBe(specimen.foreign);
    }
  });

  test("takes another record in place of the first", async () => {
    const { bytes, format } = specimen;
    const other = { ...paidProvenance, provider: "local", model: null, preset: "ü".repeat(99) } as const;
    const twice = Buffer.from(await embedProvenance(withMetadata(specimen), format, other, "full"));
    expect(await readProvenance(twice)).toEqual(other);
    expect(otherParts(twice, format)).toEqual(otherParts(bytes, format));
    if (!specimen.name.includes("64 KB")) {
      expect(twice).toEqual(Buffer.from(await embedProvenance(bytes, format, other, "full")));
    }
  });
});

describe("any record", () => {
  const bases = ["JPG baseline", "PNG plain", "WEBP lossy", "WEBP lossless"].flatMap((name) =>
    specimens.filter((specimen) => specimen.name === name),
  );
  test("is read back from each format, at each level", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...bases), anyProvenance, async ({ format, bytes }, provenance) => {
        const full = await embedProvenance(bytes, format, provenance, "full");
        expect(await readProvenance(full)).toEqual(provenance);
        const marking = await embedProvenance(bytes, format, provenance, "marking");
        expect(await readProvenance(marking)).toEqual({ ...provenance, recipe: null });
        expect(await embedProvenance(bytes, format, provenance, "none")).toBe(bytes);
        if (format === "WEBP") {
          expect(full.length % 2).toBe(0);
          expect(Buffer.from(full).readUInt32LE(4)).toBe(full.length - 8);
        }
      }),
    );
  });
});

describe("a JPEG with more metadata than one segment holds", () => {
  const [plain] = specimens;
  const long = "x".repeat(19_000);
  const manyTexts = { styleReferenceImages: Array.from({ length: 9 }, (_, n) => `${n}${long}`) };
  const extendedOf = (bytes: Uint8Array) =>
    Buffer.from(bytes).toString("latin1").split("/xmp/extension/\0").length - 1;

  test("carries a record of its own that is too long", async () => {
    const provenance = { ...paidProvenance, recipe: manyTexts };
    const bytes = await embedProvenance(plain?.bytes ?? Buffer.alloc(0), "JPG", provenance, "full");
    expect(extendedOf(bytes)).toBe(3);
    expect(await readProvenance(bytes)).toEqual(provenance);
    expect(xmpTags(Buffer.from(bytes))["recipe"]?.value).toBe(JSON.stringify(manyTexts));
    const again = await embedProvenance(bytes, "JPG", paidProvenance, "full");
    expect(await readProvenance(again)).toEqual(paidProvenance);
    expect(Buffer.from(again).includes(long)).toBe(false);
  });

  test("keeps both parts of somebody else's", async () => {
    const text = foreignPacket("second", 40_000).replace('v:mark="second"', 'v:second="yes"');
    const part = Buffer.from(text);
    const guid = createHash("md5").update(part).digest("hex").toUpperCase();
    const parts = [0, 40_000, 80_000].map((at) => {
      const numbers = Buffer.alloc(8);
      numbers.writeUInt32BE(part.length, 0);
      numbers.writeUInt32BE(at, 4);
      const head = Buffer.concat([Buffer.from(`http://ns.adobe.com/xmp/extension/\0${guid}`), numbers]);
      return segment(0xe1, Buffer.concat([head, part.subarray(at, at + 40_000)]));
    });
    const note = ` xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="${guid}"`;
    for (const length of [10, 32_400]) {
      const main = segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${foreignPacket("first", length, note)}`);
      // The specification allows parts in the wrong order, which ExifReader does not read; ours are in the right one.
      const inFile = length === 10 ? parts : parts.toReversed();
      const picture = withSegments(plain?.bytes ?? Buffer.alloc(0), main, ...inFile);
      const bytes = Buffer.from(await embedProvenance(picture, "JPG", paidProvenance, "full"));
      expect(await readProvenance(bytes)).toEqual(paidProvenance);
      const tags = xmpTags(bytes);
      expect([tags["mark"]?.value, tags["second"]?.value]).toEqual(["first", "yes"]);
      expect(parts.every((one) => bytes.includes(one))).toBe(length === 10);
      expect((await seen(bytes)).pixels).toBe((await seen(picture)).pixels);
    }
  });
});

describe("what is no whole picture", () => {
  const small = specimens.filter(({ bytes }) => bytes.length < 5_000);
  /** Either it works or it is a failure that was foreseen. */
  const settles = async (bytes: Uint8Array, { format }: Specimen) => {
    for (const attempt of [
      () => embedProvenance(bytes, format, paidProvenance, "full"),
      () => readProvenance(bytes),
    ]) {
      await attempt().catch((error: unknown) => {
        expect(error).toBeInstanceOf(RemixFailure);
        expect((error as RemixFailure).message).toMatch(/^(is damaged or incomplete \(|has more metadata)/);
        expect((error as RemixFailure).cause).toBeUndefined();
      });
    }
  };

  test("is refused in words, wherever it was cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...small),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (one, part) => {
          await settles(withMetadata(one).subarray(0, part * withMetadata(one).length), one);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("is refused in words, whatever bytes it has", async () => {
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...small),
        fc.array(change, { minLength: 1 }),
        async (one, changes) => {
          const bytes = Buffer.from(withMetadata(one));
          for (const [place, value] of changes) {
            // Most changes into the first bytes, where lengths and types stand.
            bytes[Math.floor(place ** 3 * bytes.length)] = value;
          }
          await settles(bytes, one);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("is refused when only its first bytes are right", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...small),
        fc.integer({ min: 0, max: 24 }),
        fc.uint8Array(),
        async (one, n, rest) => {
          await settles(Buffer.concat([one.bytes.subarray(0, n), rest]), one);
        },
      ),
    );
  });

  test("is refused in a format that it is not", async () => {
    const [jpeg] = specimens;
    const wrong = embedProvenance(jpeg?.bytes ?? Buffer.alloc(0), "PNG", paidProvenance, "full");
    await expect(wrong).rejects.toThrow("is damaged or incomplete (it is not a PNG file)");
    expect(await readProvenance(Buffer.from("GIF89a"))).toBeUndefined();
    expect(await readProvenance(new Uint8Array())).toBeUndefined();
  });

  test("is refused when it claims absurd amounts", async () => {
    const huge = riffChunk("XMP ", Buffer.alloc(9 * 1024 * 1024, " "));
    const webp = specimens.find(({ name }) => name === "WEBP EXIF and ICC");
    const bytes = withChunks(webp?.bytes ?? Buffer.alloc(0), huge);
    await expect(readProvenance(bytes)).rejects.toMatchObject({ code: "tooLarge" });
    await expect(embedProvenance(bytes, "WEBP", paidProvenance, "full")).rejects.toMatchObject({
      code: "tooLarge",
    });
  });
});

const exiftool = spawnSync("exiftool", ["-ver"]).status === 0;
if (!exiftool) {
  console.log("There is no exiftool on the PATH: sharp and ExifReader have to do.");
}
if (exiftool) {
  test("exiftool reads them all, and finds nothing wrong with them that was not wrong before", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "image-remix-exiftool-"));
    try {
      for (const [index, specimen] of specimens.entries()) {
        writeFileSync(path.join(folder, `${index}.before`), specimen.bytes);
        writeFileSync(path.join(folder, `${index}.after`), withMetadata(specimen));
      }
      const read = (extension: string) => {
        const args = [
          "-json",
          "-ext",
          extension,
          "-XMP:all",
          "-Warning",
          "-Error",
          "-fileOrder",
          "FileName",
          folder,
        ];
        return toolOutput.parse(JSON.parse(execFileSync("exiftool", args, { encoding: "utf8" })));
      };
      const warnings = new Map(
        read("before").map((tags) => [path.parse(tags.SourceFile).name, tags.Warning]),
      );
      const after = read("after");
      expect(after).toHaveLength(specimens.length);
      for (const { SourceFile, SourceHash, Provider, Mark, Warning } of after) {
        const { name } = path.parse(SourceFile);
        const { foreign } = specimens[Number(name)] ?? {};
        // It mentions fill bytes between segments, which are legal, depending on what stands before them.
        const warning = Warning?.startsWith("[minor] Skipped unknown") ? undefined : Warning;
        const expected = [paidProvenance.source.hash, "runware", foreign, warnings.get(name)];
        expect([SourceHash, Provider, Mark, warning], specimens[Number(name)]?.name).toEqual(expected);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 300_000);
}
