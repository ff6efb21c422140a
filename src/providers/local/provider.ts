import { failureOf } from "../../engine/failure.ts";
import type { Provider, RemixResult, RemixTask } from "../../engine/ports.ts";
import type { LocalJob } from "./render.ts";

/** Runs a job on a task's source somewhere that may be busy for a second. */
export type RenderElsewhere = (task: RemixTask, job: LocalJob, signal: AbortSignal) => Promise<Uint8Array>;

/** Reads a style reference that a task names by path, with what that path starts from. */
export type ReadReference = (reference: string, task: RemixTask, signal: AbortSignal) => Promise<Uint8Array>;

/**
 * The provider that draws free previews on this machine, the same ones for the same task UUID.
 *
 * @param readReference reads the style references that are paths; without it, and for https addresses, since nothing
 *   is fetched here, they are without effect
 */
export function localProvider(renderElsewhere: RenderElsewhere, readReference?: ReadReference): Provider {
  async function* remix(task: RemixTask, signal: AbortSignal): AsyncGenerator<RemixResult> {
    const references = await readReferences(task, signal, readReference);
    for (let index = 0; index < task.recipe.numberResults; index++) {
      const seed = seedOf(`${task.taskUUID}/${index}`);
      const bytes = await renderElsewhere(task, jobOf(task, seed, references), signal).catch(
        (error: unknown) => {
          signal.throwIfAborted();
          throw failureOf(task.source.name, error);
        },
      );
      yield { bytes, imageUUID: null, seed: String(seed), cost: 0 };
    }
  }
  return { id: "local", remix };
}

/** The style references that lie in the workspace; addresses are left out. */
async function readReferences(
  task: RemixTask,
  signal: AbortSignal,
  readReference: ReadReference | undefined,
): Promise<readonly Uint8Array[]> {
  if (readReference === undefined) return [];
  const paths = task.recipe.styleReferenceImages.filter((reference) => !/^https:/i.test(reference));
  return Promise.all(paths.map((reference) => readReference(reference, task, signal)));
}

function jobOf({ recipe, ...task }: RemixTask, seed: number, references: readonly Uint8Array[]): LocalJob {
  return {
    references,
    size: task.size,
    fitting: task.fitting,
    outputFormat: task.outputFormat,
    outputQuality: recipe.outputQuality,
    restyle: {
      positivePrompt: task.positivePrompt,
      negativePrompt: recipe.negativePrompt,
      styleType: recipe.styleType,
      remixStrength: recipe.remixStrength,
      renderingSpeed: recipe.renderingSpeed,
      seed,
    },
  };
}

/** 32-bit FNV-1a of `text` (http://www.isthe.com/chongo/tech/comp/fnv/), an unsigned integer. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
