import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Made } from "../src/engine/history.ts";
import { defaultOutput, type OutputOptions } from "../src/engine/output.ts";
import type { OutputFormat, RemixTask } from "../src/engine/ports.ts";
import { readSidecar } from "../src/engine/sidecar.ts";
import { fitInto } from "../src/engine/size.ts";
import type { ImageWorkerMethods } from "../src/imageWorker.ts";
import { readProvenance } from "../src/platform/metadata/provenance.ts";
import { sourceFile } from "../src/platform/sourceFiles.ts";
import { WorkerThread } from "../src/platform/workerThread.ts";
import type { Recipe } from "../src/recipe/parameters.ts";
import { defaultRecipe } from "../src/recipe/recipe.ts";
import { recipeHash } from "../src/recipe/record.ts";
import { resultFinisher } from "../src/resultFinisher.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "image-remix-finisher-"));
const script = path.join(import.meta.dirname, "..", "src", "imageWorker.ts");
const worker = new WorkerThread<ImageWorkerMethods>(script);
afterAll(async () => {
  await worker.end();
  rmSync(folder, { recursive: true, force: true });
});

let remembered: Made[] = [];
beforeEach(() => {
  remembered = [];
});

const finisher = (thread: Pick<WorkerThread<ImageWorkerMethods>, "call">) =>
  resultFinisher({
    worker: thread,
    model: () => "ideogram:1@2",
    recipeHashOf: ({ recipe }) => recipeHash(recipe, []),
    remember: async (made) => void remembered.push(made),
    now: () => new Date(0),
  });
const finish = finisher(worker);

const size = { width: 256, height: 192 };
const shape = { width: 400, height: 200 };

/** A picture with something in it everywhere, so that whatever is missing is missed. */
function noise({ width, height }: { width: number; height: number }) {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: "grey",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  });
}
const encoded: Readonly<Record<OutputFormat, (of: typeof size) => Promise<Buffer>>> = {
  PNG: (of) => noise(of).png().toBuffer(),
  JPG: (of) => noise(of).jpeg().toBuffer(),
  WEBP: (of) => noise(of).webp().toBuffer(),
};

/** Damage inside of files that are complete as far as their parts tell. */
const damaged = {
  PNG: (file: Buffer) => file.fill(0, 1000, 1100),
  WEBP(file: Buffer) {
    const part = file.subarray(0, file.length / 2);
    part.writeUInt32LE(part.length - 8, 4);
    return part;
  },
} as const;

function task(output: Partial<OutputOptions> = {}, recipe: Partial<Recipe> = {}): RemixTask {
  const values = { ...defaultRecipe, positivePrompt: "green", ...recipe };
  return {
    taskUUID: "3f2b1c9e-6a0d-4c1f-9b7e-2d5a8c4e1f60",
    source: sourceFile(path.join(folder, "hero.png")),
    sourceSha256: sha256(source),
    recipe: values,
    positivePrompt: "green",
    size,
    fitting: fitInto(shape, size, values.fit),
    outputFormat: "PNG",
    referenceBase: null,
    preset: null,
    output: { ...defaultOutput, ...output },
  };
}
const source = await noise(shape).png().toBuffer();
writeFileSync(path.join(folder, "hero.png"), source);
const delivered = (bytes: Uint8Array, format: OutputFormat) => ({
  bytes,
  format,
  imageUUID: "one",
  seed: "7",
  cost: 0.06,
});
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Every way on which a result is finished: decoded for it or not, with metadata or without. */
const ways: readonly { readonly name: string; readonly made: RemixTask }[] = [
  { name: "as it came", made: task() },
  { name: "cut back", made: task({}, { fit: "pad" }) },
  { name: "at the source's size", made: task({ resize: "source" }) },
  { name: "without metadata", made: task({ metadata: "none" }) },
];

describe.each(ways)("a result that is saved $name", ({ made }) => {
  test.each(["PNG", "JPG", "WEBP"] as const)(
    "as %s of the size that was asked for leaves nothing to remark",
    async (format) => {
      const picture = await finish(delivered(await encoded[format](size), format), made, "runware");
      expect(picture.remarks).toEqual([]);
      await expect(sharp(picture.bytes).raw().toBuffer()).resolves.toBeDefined();
    },
  );

  test("and has another size than was asked for is saved all the same, and that is told", async () => {
    const bytes = await encoded.PNG({ width: 300, height: 200 });
    const picture = await finish(delivered(bytes, "PNG"), made, "runware");
    expect(picture.remarks).toEqual([
      "hero.png: 256 × 192 pixels were asked for, and the result came with 300 × 200.",
    ]);
    expect(remembered.map((one) => one.sha256)).toEqual([sha256(picture.bytes)]);
  });

  test.each(["PNG", "WEBP"] as const)(
    "and is a %s that cannot be decoded is left as it came",
    async (format) => {
      const bytes = damaged[format](await encoded[format](size));
      const picture = await finish(delivered(bytes, format), made, "runware");
      expect(picture).toMatchObject({ bytes, format });
      expect(picture.remarks).toEqual([
        expect.stringMatching(/^The result of hero\.png is damaged .*It is saved as it came\.$/),
      ]);
      expect(remembered.map((one) => one.sha256)).toEqual([sha256(bytes)]);
    },
  );

  test("and is a JPEG of which a part is missing is doubted", async () => {
    const whole = await encoded.JPG(size);
    const bytes = Buffer.concat([whole.subarray(0, whole.length / 2), whole.subarray(-2)]);
    const picture = await finish(delivered(bytes, "JPG"), made, "runware");
    expect(picture.remarks).toEqual([
      expect.stringMatching(/^The result of hero\.png may be damaged \(.*premature/),
    ]);
  });
});

test("a result says which part of the source it shows, and is remembered with it", async () => {
  const bytes = await encoded.PNG(size);
  const parts = { crop: task(), pad: task({}, { fit: "pad" }), cut: task({ resize: "source" }) };
  const used = async (made: RemixTask) => (await finish(delivered(bytes, "PNG"), made, "runware")).used;
  // 400 × 200 cut to 4:3 is 267 × 200; of that, cut to 2:1, 267 × 134.
  expect(await used(parts.crop)).toEqual({ left: 66 / 400, top: 0, width: 267 / 400, height: 1 });
  expect(await used(parts.pad)).toEqual({ left: 0, top: 0, width: 1, height: 1 });
  expect(await used(parts.cut)).toEqual({
    left: 66 / 400,
    top: 33 / 200,
    width: 267 / 400,
    height: 134 / 200,
  });
  expect(remembered.map((one) => one.used?.height)).toEqual([1, 1, 134 / 200]);
});

test("what a source that is gone is needed for is left out, and the picture is not blamed", async () => {
  const bytes = await encoded.PNG(size);
  const gone = { ...task({ resize: "source" }), source: sourceFile(path.join(folder, "gone", "hero.png")) };
  const picture = await finish(delivered(bytes, "PNG"), gone, "runware");
  expect(picture.remarks).toEqual([expect.stringMatching(/^hero\.png: hero\.png is gone/)]);
  expect((await readProvenance(picture.bytes))?.imageUUID).toBe("one");
});

test("a source that has changed since it was sent bends no result to its new shape", async () => {
  const own = path.join(folder, "edited");
  mkdirSync(own);
  const file = sourceFile(path.join(own, "hero.png"));
  writeFileSync(file.path, await noise({ width: shape.height, height: shape.width }).png().toBuffer());
  const bytes = await encoded.PNG(size);
  const made = { ...task({ resize: "source" }), source: file };
  const picture = await finish(delivered(bytes, "PNG"), made, "runware");
  expect(picture.remarks).toEqual([expect.stringMatching(/hero\.png has changed since it was sent/)]);
  expect(await sharp(picture.bytes).metadata()).toMatchObject(size);
});

test("a result at the source's size survives the end of the thread that writes into it", async () => {
  const ending = new WorkerThread<ImageWorkerMethods>(script);
  /** As `ending` is, until it writes where a picture came from. */
  const call: typeof ending.call = (method, args, signal, given) => {
    const result = ending.call(method, args, signal, given);
    if (method === "embedProvenance") {
      void ending.end();
    }
    return result;
  };
  try {
    const bytes = await encoded.WEBP(size);
    const made = task({ resize: "source" });
    const picture = await finisher({ call })(delivered(bytes, "WEBP"), made, "runware");
    expect(picture.remarks).toEqual([expect.stringMatching(/The result is saved without that\.$/)]);
    expect(picture.format).toBe("WEBP");
    expect(await sharp(picture.bytes).metadata()).toMatchObject(shape);
  } finally {
    await ending.end();
  }
});

test("what cannot be decoded still has its file beside it", async () => {
  const bytes = (await encoded.PNG(size)).fill(0, 200, 2000);
  const { sidecar = "" } = await finish(delivered(bytes, "PNG"), task({ sidecar: true }), "runware");
  expect(readSidecar(sidecar)).toMatchObject({ imageUUID: "one", recipe: { positivePrompt: "green" } });
});

test("a local preview is taken as it is", async () => {
  const bytes = readFileSync(path.join(import.meta.dirname, "..", "media", "icon.png"));
  expect((await finish(delivered(bytes, "PNG"), task({ metadata: "none" }), "local")).remarks).toEqual([]);
});
