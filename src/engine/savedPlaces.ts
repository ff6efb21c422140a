import { sha256Hex } from "../recipe/hash.ts";
import { asFailure } from "./failure.ts";
import type { SavedPlaces } from "./history.ts";
import type { ResultWriter } from "./ports.ts";
import type { FileReplacer } from "./review.ts";

type Places = Pick<SavedPlaces, "addPlace">;
type Warn = (message: string) => void;

/** A note that fails costs nothing but the note: the file is where it belongs by then. */
async function note(places: Places, warn: Warn, output: string, hash: () => Promise<string>): Promise<void> {
  try {
    await places.addPlace({ version: 1, kind: "place", sha256: await hash(), output });
  } catch (error) {
    warn(`${output} could not be noted in the history: ${asFailure(error).message}`);
  }
}

/** A writer that remembers the names it gives. */
export function notingPlaces(results: ResultWriter, places: Places, warn: Warn): ResultWriter {
  return {
    ...results,
    async stage(bytes, destination) {
      const staged = await results.stage(bytes, destination);
      return {
        ...staged,
        async giveName(nameFor) {
          const output = await staged.giveName(nameFor);
          await note(places, warn, output, async () => staged.sha256);
          return output;
        },
      };
    },
    async adopt(staged, nameFor) {
      const output = await results.adopt(staged, nameFor);
      if (output !== undefined) {
        await note(places, warn, output, async () => staged.sha256);
      }
      return output;
    },
  };
}

/** A replacer that remembers what it put where: a source that a result took the place of, and its undoing. */
export function notingReplacements(files: FileReplacer, places: Places, warn: Warn): FileReplacer {
  return {
    ...files,
    async replace(file, expected, bytes) {
      await files.replace(file, expected, bytes);
      await note(places, warn, file, () => sha256Hex(bytes));
    },
  };
}
