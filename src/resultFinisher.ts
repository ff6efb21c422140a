import path from "node:path";
import { asFailure } from "./engine/failure.ts";
import type { Made } from "./engine/history.ts";
import type { RemixResult, RemixTask, SourceReader } from "./engine/ports.ts";
import { type Provenance, writableRecipe } from "./engine/provenance.ts";
import type { Finish, FinishedPicture } from "./engine/saving.ts";
import { sidecarText } from "./engine/sidecar.ts";
import type { ImageWorkerMethods } from "./imageWorker.ts";
import { relativeSourcePath } from "./platform/metadata/pictureReader.ts";
import type { WorkerThread } from "./platform/workerThread.ts";
import { sha256Hex } from "./recipe/hash.ts";
import { recipeHash, recipeRecord } from "./recipe/record.ts";

/** What finishing needs of the rest of the extension. */
interface FinisherParts {
  readonly worker: WorkerThread<ImageWorkerMethods>;
  readonly sources: SourceReader;
  /** AIR id of the model that draws. */
  readonly model: () => string;
  /** SHA-256 of the style references' content, in their order. */
  readonly referenceHashes: (task: RemixTask) => Promise<readonly string[]>;
  /** Remembers a result by its content, on disk before the picture has its name. */
  readonly remember: (result: Made) => Promise<void>;
  readonly warn: (message: string) => void;
  readonly now: () => Date;
}

/** No user waits for this to be cancelled: what it works on has been paid for. */
const never = new AbortController().signal;

/**
 * Takes delivered pictures back to the shape that was asked for, and writes into them where they came from. A step that
 * fails is left out: the picture has been paid for.
 */
export function resultFinisher({
  worker,
  sources,
  model,
  referenceHashes,
  remember,
  warn,
  now,
}: FinisherParts): Finish {
  async function shaped(
    { bytes, format }: RemixResult,
    task: RemixTask,
    isLocal: boolean,
    source: Uint8Array | undefined,
  ): Promise<FinishedPicture> {
    const { recipe, output, fitting, size, outputFormat } = task;
    const delivered = { bytes, format: format ?? outputFormat };
    const padded = !isLocal && recipe.fit === "pad";
    if (!padded && output.resize === "none" && output.alpha === "drop") {
      return delivered;
    }
    const { resize, alpha } = output;
    const options = {
      size,
      format: delivered.format,
      quality: recipe.outputQuality,
      resize,
      alpha,
      padded,
      source: source ?? (await sources.read(task.source, never)),
    };
    return (await worker.call("finishResult", [bytes, fitting, options], never)) ?? delivered;
  }

  async function provenanceOf(result: RemixResult, task: RemixTask, isLocal: boolean): Promise<Provenance> {
    const { taskUUID, recipe, preset, source, sourceSha256, output } = task;
    const folder = path.join(source.folder, output.folder);
    return {
      provider: isLocal ? "local" : "runware",
      model: isLocal ? null : (result.model ?? model()),
      taskUUID,
      imageUUID: result.imageUUID,
      seed: result.seed,
      cost: result.cost,
      time: now().toISOString(),
      source: { path: relativeSourcePath(folder, source.path), hash: sourceSha256 },
      recipe: writableRecipe(recipeRecord(recipe)),
      recipeHash: await recipeHash(recipe, await referenceHashes(task)),
      preset,
      flagged: result.flagged ?? false,
    };
  }

  async function noted(
    { bytes }: Pick<FinishedPicture, "bytes">,
    { source, output }: RemixTask,
    { source: { hash }, recipeHash, provider, model, taskUUID, time, preset, recipe }: Provenance,
  ): Promise<void> {
    const prompt = recipe?.["positivePrompt"];
    await remember({
      version: 1,
      time,
      sha256: await sha256Hex(bytes),
      folder: path.join(source.folder, output.folder),
      source: source.path,
      sourceHash: hash,
      recipeHash,
      provider,
      model,
      taskUUID,
      preset,
      prompt: typeof prompt === "string" ? prompt : null,
    });
  }

  return async (result, task, provider, source) => {
    const isLocal = provider === "local";
    const orWarn =
      <T>(fallback: T) =>
      (error: unknown) => {
        warn(`${task.source.name}: ${asFailure(error).message} The result is saved without that.`);
        return fallback;
      };
    const delivered = { bytes: result.bytes, format: result.format ?? task.outputFormat };
    const picture = await shaped(result, task, isLocal, source).catch(orWarn(delivered));
    const { metadata, sidecar } = task.output;
    if (metadata === "none" && !sidecar) {
      await provenanceOf(result, task, isLocal)
        .then((provenance) => noted(picture, task, provenance))
        .catch(orWarn(undefined));
      return picture;
    }
    const provenance = await provenanceOf(result, task, isLocal).catch(orWarn(undefined));
    if (provenance === undefined) {
      return picture;
    }
    const level = metadata === "none" ? "full" : metadata;
    const text = sidecar ? { sidecar: sidecarText(provenance, level) } : {};
    if (metadata === "none") {
      await noted(picture, task, provenance).catch(orWarn(undefined));
      return { ...picture, ...text };
    }
    const marked = await worker
      .call("embedProvenance", [picture.bytes, picture.format, provenance, level], never)
      .catch(orWarn(picture.bytes));
    await noted({ bytes: marked }, task, provenance).catch(orWarn(undefined));
    return { ...picture, ...text, bytes: marked };
  };
}
