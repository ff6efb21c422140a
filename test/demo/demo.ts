/** The main job, unattended: every sample picture gets a remix beside it, made by the real command in VS Code. */
import { rmSync, statSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { bundleForHost } from "../harness/bundle.ts";
import { readJson, SetupError } from "../harness/commands.ts";
import { cacheFolder, copySamples, outputFolder, samplePictures, temporaryFolder } from "../harness/paths.ts";
import { runInVSCode } from "../harness/runInVSCode.ts";
import type { RemixedPictures } from "./remixPictures.ts";

/** Stays from one run to the next, which shows that no result is ever overwritten. */
const folder = path.join(cacheFolder, "demo");

export async function demo(): Promise<void> {
  copySamples(folder, false);
  const { saved, failed } = await remix(samplePictures().map((name) => path.join(folder, name)));
  for (const { source, output } of saved) {
    // Decoded completely, so that a line here means a picture that opens.
    const { info } = await sharp(output).raw().toBuffer({ resolveWithObject: true });
    const kilobytes = Math.ceil(statSync(output).size / 1000);
    const places = [source, output].map((file) => path.relative(folder, file));
    console.log(`${places.join(" → ")}  (${info.width}x${info.height}, ${kilobytes} kB)`);
  }
  for (const { source, message } of failed) {
    console.error(`${path.relative(folder, source)}: ${message}`);
  }
  if (failed.length > 0 || saved.length === 0) {
    throw new SetupError(`The demo failed: ${saved.length} saved, ${failed.length} failed.`);
  }
  console.log(`The pictures are in ${folder}`);
}

async function remix(sources: readonly string[]): Promise<RemixedPictures> {
  const bundles = path.join(outputFolder, "demo");
  const temporary = temporaryFolder("demo");
  const result = path.join(temporary, "result.json");
  bundleForHost([path.join(import.meta.dirname, "demoHost.ts")], bundles);
  try {
    await runInVSCode({
      entry: path.join(bundles, "demoHost.cjs"),
      folder,
      env: { DEMO_SOURCES: JSON.stringify(sources), DEMO_RESULT: result },
      timeoutMs: 300_000,
      desktop: false,
      artifacts: path.join(outputFolder, "demo-failure"),
    });
    return readJson<RemixedPictures>(result);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
