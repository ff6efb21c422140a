/**
 * What pictures cost: preparing a 12-megapixel photograph against native sharp in the same run, and the longest time for
 * which the extension host's own thread is blocked on the way of one remix. Prints a table.
 *
 *   npm run bench -- [--json FILE] [--rounds N]
 */
import { rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { fitInto } from "../../src/engine/size.ts";
import { layUpload } from "../../src/engine/upload.ts";
import type { ImageWorkerMethods } from "../../src/imageWorker.ts";
import { WorkerThread } from "../../src/platform/workerThread.ts";
import type { Size } from "../../src/recipe/models.ts";
import { defaultMaxPixels } from "../../src/recipe/settings.ts";
import { twelveMegapixelJpeg } from "../fixtures/pictures.ts";
import { type Block, longestBlock, median, timed } from "./figures.ts";

const { values: options } = parseArgs({ options: { json: { type: "string" }, rounds: { type: "string" } } });
const rounds = Number(options.rounds ?? 7);
const worker = new WorkerThread<ImageWorkerMethods>(
  path.join(path.dirname(path.dirname(import.meta.dirname)), "dist", "imageWorker.cjs"),
);
const never = new AbortController().signal;
const limits = { maxPixels: defaultMaxPixels };
const photo = await twelveMegapixelJpeg();
const source = { width: 4000, height: 3000 };
const file = path.join(os.tmpdir(), `image-remix-bench-${process.pid}.jpg`);

/** What native sharp needs for the same upload: the same size, the same quality. */
async function prepareNatively(bytes: Buffer, size: Size, fit: string): Promise<number> {
  const fitting = fitInto(source, size, fit);
  const { size: upload } = layUpload(fitting, size, limits);
  const whole = fitting.loss === 0;
  const picture = sharp(bytes, { failOn: "error" }).autoOrient();
  const { length } = await (whole ? picture : picture.extract(fitting.source))
    .resize(upload.width, upload.height, { fit: "fill" })
    .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
    .toBuffer();
  return length;
}

/** A photo whose bytes no cache knows: what follows the end of a JPEG is ignored. */
function unknown(round: number): Buffer {
  return Buffer.concat([photo, Buffer.from(`round ${round}`)]);
}

/** Both ways in turn, so that a busy machine slows both. */
async function compare(name: string, size: Size) {
  const fitting = fitInto(source, size, "crop");
  const ours: number[] = [];
  const native: number[] = [];
  let bytes = 0;
  for (let round = -1; round < rounds; round++) {
    await writeFile(file, unknown(round));
    const { sha256 } = await worker.call("inspectSource", [file], never);
    const [upload, ownTime] = await timed(() =>
      worker.call("prepareUpload", [{ file, sha256 }, fitting, size, limits], never),
    );
    const [, nativeTime] = await timed(() => prepareNatively(unknown(round), size, "crop"));
    bytes = upload.bytes.length;
    // The first round warms both up.
    if (round >= 0) {
      ours.push(ownTime);
      native.push(nativeTime);
    }
  }
  const ratio = median(ours) / median(native);
  return { name, oursMs: median(ours), nativeMs: median(native), ratio, uploadBytes: bytes };
}

/** The way of one source through the worker: read, inspect, prepare, check and finish a result of the usual size. */
async function remixOnce(delivered: Buffer, size: Size): Promise<void> {
  const { sha256, ...facts } = await worker.call("inspectSource", [file], never);
  const fitting = fitInto(facts, size, "pad");
  await worker.call("prepareUpload", [{ file, sha256 }, fitting, size, limits], never);
  await worker.call("checkResult", [delivered], never);
  const finish = { size, format: "PNG", quality: 95, resize: "source", alpha: "keep", padded: true } as const;
  await worker.call("finishResult", [delivered, fitting, finish, { file, sha256 }], never);
}

async function blocks(size: Size) {
  const delivered = await sharp(photo).resize(size.width, size.height).png().toBuffer();
  const blocked: Record<"started" | "running" | "idle", Block[]> = { started: [], running: [], idle: [] };
  for (let round = 0; round < rounds; round++) {
    await writeFile(file, unknown(1000 + round));
    await worker.end();
    blocked.started.push(await longestBlock(() => remixOnce(delivered, size)));
    await writeFile(file, unknown(2000 + round));
    blocked.running.push(await longestBlock(() => remixOnce(delivered, size)));
    // What the machine does to a thread that does nothing.
    blocked.idle.push(await longestBlock(() => sleep(1000)));
  }
  return blocked;
}

const preparations = [
  await compare("whole, 4:3", { width: 1024, height: 768 }),
  await compare("cropped to 16:9", { width: 1280, height: 720 }),
];
const block = await blocks({ width: 1280, height: 720 });
await rm(file, { force: true });
await worker.end();

const ms = (value: number) => value.toFixed(0).padStart(6);
console.log(`12-megapixel JPEG, ${(photo.length / 1e6).toFixed(1)} MB, ${rounds} rounds, medians\n`);
console.log("preparation          ours   native   ratio   upload");
for (const { name, oursMs, nativeMs, ratio, uploadBytes } of preparations) {
  const size = `${(uploadBytes / 1e6).toFixed(2)} MB`;
  console.log(`${name.padEnd(16)} ${ms(oursMs)} ms ${ms(nativeMs)} ms   ×${ratio.toFixed(2)}  ${size}`);
}
console.log("\nlongest block of the main thread     by the clock        of the processor");
console.log("during one remix                  median     worst       median     worst");
for (const [name, all] of [
  ["thread started for it", block.started],
  ["thread running", block.running],
  ["doing nothing for 1 s", block.idle],
] as const) {
  const figures = [all.map(({ wall }) => wall), all.map(({ cpu }) => cpu)].flatMap((values) => [
    median(values),
    Math.max(...values),
  ]);
  console.log(name.padEnd(30), figures.map((value) => `${value.toFixed(1).padStart(6)} ms`).join("  "));
}
if (options.json !== undefined) {
  await writeFile(options.json, `${JSON.stringify({ preparations, block }, null, 2)}\n`);
}
