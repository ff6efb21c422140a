import { failureOf } from "../../engine/failure.ts";
import type { Provider, RemixResult, RemixTask } from "../../engine/ports.ts";
import type { LocalJob } from "./render.ts";

/** Runs a job somewhere that may be busy for a second. */
export type RenderElsewhere = (job: LocalJob, signal: AbortSignal) => Promise<Uint8Array>;

/** The provider that draws free previews on this machine, the same ones for the same task UUID. */
export function localProvider(renderElsewhere: RenderElsewhere): Provider {
  async function* remix(
    task: RemixTask,
    source: Uint8Array,
    signal: AbortSignal,
  ): AsyncGenerator<RemixResult> {
    for (let index = 0; index < task.recipe.numberResults; index++) {
      const seed = seedOf(`${task.taskUUID}/${index}`);
      const bytes = await renderElsewhere(jobOf(task, source, seed), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw failureOf(task.source.name, error);
      });
      yield { bytes, imageUUID: null, seed: String(seed), cost: 0 };
    }
  }
  return { id: "local", remix };
}

function jobOf({ recipe, ...task }: RemixTask, bytes: Uint8Array, seed: number): LocalJob {
  return {
    bytes,
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
