/**
 * One real remix at Runware, for money (about 0.06 USD): `npm run test:live` with `RUNWARE_API_KEY` in the environment.
 * Without a key it says that it did not run, and proves nothing.
 */

import { randomUUID } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import sharp from "sharp";
import { defaultOutput } from "../src/engine/output.ts";
import { Pace } from "../src/engine/pace.ts";
import { fitInto } from "../src/engine/size.ts";
import { base64 } from "../src/platform/base64.ts";
import { nodeFiles } from "../src/platform/files.ts";
import { fetchHttp } from "../src/platform/http.ts";
import { JournalFolder } from "../src/platform/journalFolder.ts";
import { Leases } from "../src/platform/leases.ts";
import { accountBalance } from "../src/providers/runware/account.ts";
import { retryBudget } from "../src/providers/runware/backoff.ts";
import type { RunwareParts } from "../src/providers/runware/ports.ts";
import { runwareProvider } from "../src/providers/runware/provider.ts";
import { newUploadPlaces } from "../src/providers/runware/references.ts";
import { defaultModelId } from "../src/recipe/models.ts";
import { defaultRecipe } from "../src/recipe/recipe.ts";

const key = process.env["RUNWARE_API_KEY"];
if (key === undefined || key.trim() === "") {
  console.log("test:live did not run: there is no RUNWARE_API_KEY. Nothing was tested.");
} else {
  await remixOnce(key);
}

async function remixOnce(apiKey: string): Promise<void> {
  const storage = await mkdtemp(path.join(os.tmpdir(), "image-remix-live-"));
  const print = (message: string) => console.log(message);
  const journal = new JournalFolder(storage, nodeFiles, new Leases(storage, nodeFiles));
  const parts: RunwareParts = {
    endpoint: "https://api.runware.ai/v1",
    key: async () => apiKey,
    http: fetchHttp,
    base64,
    clock: {
      monotonic: () => performance.now(),
      now: () => new Date(),
      sleep: (milliseconds, signal) => pause(milliseconds, undefined, { signal }),
    },
    log: { debug: print, info: print, warn: print },
    newUUID: randomUUID,
    model: defaultModelId,
    journal,
    prepare: async ({ size, source }) => ({
      bytes: new Uint8Array(await sharp(source.path).resize(size.width, size.height).png().toBuffer()),
      mime: "image/png",
    }),
    pace: new Pace(() => 1),
    uploadPlaces: newUploadPlaces(),
    retries: retryBudget(),
    random: Math.random,
    timeoutMinutes: 5,
  };
  const { signal } = new AbortController();
  const before = await accountBalance(parts, signal);
  console.log(`Balance: ${before.amount ?? "unknown"} ${before.currency}`);

  const file = path.join(import.meta.dirname, "..", "media", "icon.png");
  const size = { width: 1024, height: 1024 };
  const positivePrompt = "The same picture as a linocut in two colours, bold shapes, visible carving marks.";
  const task = {
    taskUUID: randomUUID(),
    source: { path: file, folder: path.dirname(file), stem: "icon", extension: ".png", name: "icon.png" },
    recipe: { ...defaultRecipe, positivePrompt },
    positivePrompt,
    size,
    sourceSha256: "",
    fitting: fitInto(size, size, "crop"),
    outputFormat: "PNG",
    referenceBase: null,
    preset: null,
    output: defaultOutput,
  } as const;
  let results = 0;
  for await (const result of runwareProvider(parts).remix(task, signal)) {
    const { width, height, format } = await sharp(result.bytes).metadata();
    const output = path.join(storage, `live-${++results}.${format}`);
    await writeFile(output, result.bytes);
    console.log(`${output}: ${width}×${height}, seed ${result.seed}, ${result.cost} USD`);
    if (width !== size.width || height !== size.height) {
      throw new Error(`${size.width}×${size.height} was asked for.`);
    }
  }
  const tasks = journal.openTasks();
  if (results !== 1 || tasks.length > 0) {
    throw new Error(`One result was expected, not ${results}; ${tasks.length} tasks are unsettled.`);
  }
  console.log("test:live passed: one real remix.");
}
