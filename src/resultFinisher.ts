import path from "node:path";
import { asFailure, RemixFailure } from "./engine/failure.ts";
import { isPadded, usedPart } from "./engine/finishing.ts";
import type { Made } from "./engine/history.ts";
import type { MeanwhileParts } from "./engine/madeMeanwhile.ts";
import type { OutputFormat, RemixResult, RemixTask } from "./engine/ports.ts";
import { type Provenance, writableRecipe } from "./engine/provenance.ts";
import type { Finish } from "./engine/saving.ts";
import { sidecarText } from "./engine/sidecar.ts";
import { type FractionRectangle, sameSize } from "./engine/size.ts";
import type { ImageWorkerMethods } from "./imageWorker.ts";
import { contentHash } from "./platform/contentHash.ts";
import { relativeSourcePath } from "./platform/metadata/pictureReader.ts";
import type { CheckedResult } from "./platform/pictures/check.ts";
import type { Finished } from "./platform/pictures/finish.ts";
import type { WorkerThread } from "./platform/workerThread.ts";
import type { Size } from "./recipe/models.ts";
import { recipeRecord } from "./recipe/record.ts";

/** What finishing needs of the rest of the extension. */
interface FinisherParts {
  readonly worker: Pick<WorkerThread<ImageWorkerMethods>, "call">;
  /** AIR id of the model that draws. */
  readonly model: () => string;
  /** As in {@link MeanwhileParts}. */
  readonly recipeHashOf: MeanwhileParts["recipeHashOf"];
  /** Remembers a result by its content, on disk before the picture has its name. */
  readonly remember: (result: Made) => Promise<void>;
  readonly now: () => Date;
}

/** No user waits for this to be cancelled: what it works on has been paid for. */
const never = new AbortController().signal;

/**
 * Checks delivered pictures, takes them back to the shape that was asked for, and writes into them where they came
 * from. A step that fails is left out: the picture has been paid for.
 */
export function resultFinisher({ worker, model, recipeHashOf, remember, now }: FinisherParts): Finish {
  async function shaped(
    { bytes }: RemixResult,
    task: RemixTask,
    isLocal: boolean,
    format: OutputFormat,
  ): Promise<Finished | undefined> {
    const { recipe, output, fitting, size, sourceSha256: sha256 } = task;
    const padded = isPadded(task, isLocal ? "local" : "runware");
    if (!padded && output.resize === "none" && output.alpha === "drop") {
      return undefined;
    }
    const { resize, alpha } = output;
    const options = { size, format, quality: recipe.outputQuality, resize, alpha, padded };
    return worker.call("finishResult", [bytes, fitting, options, { file: task.source.path, sha256 }], never);
  }

  /**
   * What is wrong with a picture that came for money.
   *
   * @param shape what became of it, for which it was decoded; undefined where it was not
   */
  async function checked(
    { bytes, format }: RemixResult,
    { source: { name }, size: asked }: RemixTask,
    shape: Finished | undefined,
  ): Promise<{ readonly isWhole: boolean; readonly remarks: readonly string[] }> {
    try {
      // A JPEG is decoded once more: shaping does not mind what its decoder warns of.
      const isKnown = shape !== undefined && format !== "JPG";
      const found = isKnown ? shape.delivered : await worker.call("checkResult", [bytes], never);
      return { isWhole: true, remarks: differences(name, asked, found) };
    } catch (error) {
      const { code, message } = asFailure(error);
      return code === "notAnImage" || code === "tooLarge"
        ? { isWhole: false, remarks: [`The result of ${name} ${message} It is saved as it came.`] }
        : { isWhole: true, remarks: [`The result of ${name} could not be checked: it ${message}`] };
    }
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
      recipeHash: await recipeHashOf(task),
      preset,
      flagged: result.flagged ?? false,
    };
  }

  async function noted(
    bytes: Uint8Array,
    { source, output }: RemixTask,
    { source: { hash }, recipeHash, provider, model, taskUUID, time, preset, recipe }: Provenance,
    used: FractionRectangle | undefined,
  ): Promise<void> {
    const prompt = recipe?.["positivePrompt"];
    await remember({
      version: 1,
      time,
      sha256: await contentHash(bytes),
      folder: path.join(source.folder, output.folder),
      source: source.path,
      sourceHash: hash,
      recipeHash,
      provider,
      model,
      taskUUID,
      preset,
      prompt: typeof prompt === "string" ? prompt : null,
      ...(used === undefined ? {} : { used }),
    });
  }

  return async (result, task, provider) => {
    const isLocal = provider === "local";
    const remarks: string[] = [];
    const orWithout =
      <T>(fallback: T) =>
      (error: unknown) => {
        remarks.push(`${task.source.name}: ${asFailure(error).message} The result is saved without that.`);
        return fallback;
      };
    const delivered = { bytes: result.bytes, format: result.format ?? task.outputFormat };
    const finished = await shaped(result, task, isLocal, delivered.format).catch(asFailure);
    const shape = finished instanceof RemixFailure ? undefined : finished;
    const check = isLocal ? unchecked : await checked(result, task, shape);
    remarks.push(...check.remarks);
    if (finished instanceof RemixFailure && check.isWhole) {
      orWithout(undefined)(finished);
    }
    const used = usedPart(task, provider, !(finished instanceof RemixFailure));
    const shown = used === undefined ? {} : { used };
    const picture = { ...delivered, ...shape };
    const provenance = await provenanceOf(result, task, isLocal).catch(orWithout(undefined));
    if (provenance === undefined) {
      return { ...picture, ...shown, remarks };
    }
    const { metadata, sidecar } = task.output;
    // What cannot be decoded is left alone, to be mended by whoever can.
    const level = check.isWhole ? metadata : "none";
    // What shaping made may be large, and can be made again; what was delivered stays here.
    const given = shape?.bytes;
    const embedded =
      level === "none"
        ? picture.bytes
        : await worker
            .call("embedProvenance", [picture.bytes, picture.format, provenance, level], never, given)
            .catch(orWithout(undefined));
    const again = () => shaped(result, task, isLocal, delivered.format).catch(orWithout(undefined));
    const plain = async () => ({ ...delivered, ...(given === undefined ? {} : await again()) });
    const { bytes, format } = embedded === undefined ? await plain() : { ...picture, bytes: embedded };
    await noted(bytes, task, provenance, used).catch(orWithout(undefined));
    const text = sidecar ? { sidecar: sidecarText(provenance, metadata === "none" ? "full" : metadata) } : {};
    return { bytes, format, ...text, ...shown, remarks };
  };
}

/** Nothing is paid for, and nothing comes over a network. */
const unchecked = { isWhole: true, remarks: [] } as const;

/** How a picture that can be decoded differs from what was asked for. */
function differences(name: string, asked: Size, found: Size & Pick<CheckedResult, "doubt">): string[] {
  const size = `${name}: ${sizeText(asked)} pixels were asked for, and the result came with ${sizeText(found)}.`;
  const doubt = `The result of ${name} may be damaged (${found.doubt}). Look at it before you use it.`;
  return [...(sameSize(asked, found) ? [] : [size]), ...(found.doubt === undefined ? [] : [doubt])];
}

function sizeText({ width, height }: Size): string {
  return `${width} × ${height}`;
}
