import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import path from "node:path";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { fitInto } from "../../../src/engine/size.ts";
import type { ImageWorkerMethods } from "../../../src/imageWorker.ts";
import { WorkerThread } from "../../../src/platform/workerThread.ts";
import { folderWith, sample } from "./workspace.ts";

const never = new AbortController().signal;
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("the image worker as it is shipped", () => {
  it("gives pictures away for good, however much it does after that", async () => {
    const extension = vscode.extensions.getExtension("image-remix.image-remix");
    assert.ok(extension);
    const worker = new WorkerThread<ImageWorkerMethods>(
      path.join(extension.extensionPath, "dist", "imageWorker.cjs"),
    );
    const source = sample("oat-crunch.jpg");
    const file = path.join(folderWith({ "oat-crunch.jpg": source }), "oat-crunch.jpg");
    const facts = await worker.call("inspectSource", [file], never);
    const size = { width: 1280, height: 720 };
    const fitting = fitInto(facts, size, "pad");
    const prepare = (maxPixels: number) =>
      worker.call("prepareUpload", [{ file, sha256: facts.sha256 }, fitting, size, { maxPixels }], never);
    const pictures = [
      (await prepare(400_000)).bytes,
      await worker.call("convert", [source, "PNG", 90], never),
      await worker.call("convert", [source, "WEBP", 90], never),
    ];
    const before = pictures.map(hash);
    // More than the worker keeps of its own uploads, and enough for it to clear away.
    for (let round = 0; round < 9; round++) {
      await prepare(500_000 + round);
      await worker.call("convert", [source, "PNG", 90], never);
    }
    await worker.end();
    assert.deepEqual(pictures.map(hash), before);
    assert.ok(pictures.every(({ buffer }) => buffer instanceof ArrayBuffer));
  });
});
