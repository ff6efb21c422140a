import { sha256Hex } from "../recipe/hash.ts";
import { asFailure } from "./failure.ts";
import type { SavedPlaces } from "./history.ts";
import type { ResultWriter } from "./ports.ts";

/**
 * A writer that remembers the names it gives. A note that fails costs nothing but the note: the file has its name by
 * then.
 */
export function notingPlaces(
  results: ResultWriter,
  places: Pick<SavedPlaces, "addPlace">,
  warn: (message: string) => void,
): ResultWriter {
  async function note(output: string, hash: () => Promise<string>): Promise<void> {
    try {
      await places.addPlace({ version: 1, kind: "place", sha256: await hash(), output });
    } catch (error) {
      warn(`${output} could not be noted in the history: ${asFailure(error).message}`);
    }
  }
  return {
    ...results,
    async stage(bytes, destination) {
      const staged = await results.stage(bytes, destination);
      return {
        ...staged,
        async giveName(nameFor) {
          const output = await staged.giveName(nameFor);
          await note(output, () => sha256Hex(bytes));
          return output;
        },
      };
    },
    async adopt(staged, nameFor) {
      const output = await results.adopt(staged, nameFor);
      if (output !== undefined) {
        await note(output, async () => staged.sha256);
      }
      return output;
    },
  };
}
