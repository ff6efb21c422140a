import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import sharp from "sharp";
import * as vscode from "vscode";
import { type Emulator, startEmulator } from "../../emulator/startEmulator.ts";
import { folderWith, remix, sample } from "./workspace.ts";

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const keyVariable = "RUNWARE_API_KEY";

describe("a result that was paid for", () => {
  let drawn = Buffer.alloc(0);
  let emulator: Emulator;
  const endpoint = (url: string | undefined) =>
    vscode.workspace
      .getConfiguration("imageRemix")
      .update("runware.endpoint", url, vscode.ConfigurationTarget.Global);
  const paid = () =>
    remix([path.join(folderWith({ "hero.png": sample("tea-tin.png") }), "hero.png")], {
      provider: "runware",
      preset: "",
      recipe: { positivePrompt: "deep teal", numberResults: 1, size: "1280x720", outputFormat: "PNG" },
    });

  before(async () => {
    emulator = await startEmulator({ draw: async () => drawn });
    process.env[keyVariable] = emulator.key;
    await endpoint(emulator.url);
  });
  after(async () => {
    delete process.env[keyVariable];
    await endpoint(undefined);
    await emulator.close();
  });

  it("is saved and told of when it has another size than was asked for", async () => {
    drawn = await sharp(sample("tea-tin.png")).resize(640, 480).png().toBuffer();
    const { saved, failed } = await paid();
    assert.deepEqual(failed, []);
    assert.deepEqual(saved[0]?.remarks, [
      "hero.png: 1280 × 720 pixels were asked for, and the result came with 640 × 480.",
    ]);
    const { width, height } = await sharp(saved[0]?.output.fsPath).metadata();
    assert.deepEqual({ width, height }, { width: 640, height: 480 });
  });

  it("is saved as it came and told of when it cannot be decoded", async () => {
    drawn = await sharp(sample("tea-tin.png")).resize(1280, 720).png().toBuffer();
    drawn.fill(0, 5000, 6000);
    const { saved, failed } = await paid();
    assert.deepEqual(failed, []);
    const [{ output, remarks = [] } = { output: undefined }] = saved;
    assert.ok(output);
    assert.match(remarks.join(), /^The result of hero\.png is damaged .* It is saved as it came\.$/);
    assert.equal(hash(readFileSync(output.fsPath)), hash(drawn));
  });

  it("has nothing to remark when it is as it was asked for", async () => {
    drawn = await sharp(sample("tea-tin.png")).resize(1280, 720).png().toBuffer();
    const { saved } = await paid();
    assert.equal(saved.length, 1);
    assert.equal(saved[0]?.remarks, undefined);
  });
});
