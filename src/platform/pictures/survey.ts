import { asFailure } from "../../engine/failure.ts";
import { refuseImpostors } from "../../engine/sniff.ts";
import type { Survey } from "../../engine/survey.ts";
import { contentHash } from "../contentHash.ts";
import { sidecarOf } from "../metadata/pictureReader.ts";
import { readProvenance } from "../metadata/provenance.ts";
import { readSource, sourceFile } from "../sourceFiles.ts";
import { inspect } from "./header.ts";

/**
 * Reads what a plan has to know of a picture: its header, its hash and where it came from. Decodes no pixels. The file
 * is read here, so that its bytes need not travel between threads.
 *
 * @param file absolute path
 */
export async function surveyPicture(file: string): Promise<Survey> {
  const named = (error: unknown) => {
    const { code, message } = asFailure(error);
    return { code, message: `${sourceFile(file).name} ${message}` };
  };
  try {
    const bytes = await readSource(file, new AbortController().signal);
    refuseImpostors(bytes);
    const hash = await contentHash(bytes);
    const own = await readProvenance(bytes).catch(() => undefined);
    const provenance = own ?? (await sidecarOf(file)) ?? null;
    try {
      return { hash, provenance, facts: await inspect(bytes), problem: null };
    } catch (error) {
      return { hash, provenance, facts: null, problem: named(error) };
    }
  } catch (error) {
    return { hash: null, provenance: null, facts: null, problem: named(error) };
  }
}
