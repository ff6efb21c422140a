import { asFailure } from "../../engine/failure.ts";
import { refuseImpostors } from "../../engine/sniff.ts";
import type { Survey } from "../../engine/survey.ts";
import { sha256Hex } from "../../recipe/hash.ts";
import { sidecarOf } from "../metadata/pictureReader.ts";
import { readProvenance } from "../metadata/provenance.ts";
import { sourceFile, sourceReader } from "../sourceFiles.ts";
import { inspect } from "./header.ts";

/**
 * Reads what a plan has to know of a picture: its header, its hash and where it came from. Decodes no pixels. The file
 * is read here, so that its bytes need not travel between threads.
 *
 * @param file absolute path
 */
export async function surveyPicture(file: string): Promise<Survey> {
  const source = sourceFile(file);
  try {
    const bytes = await sourceReader.read(source, new AbortController().signal);
    refuseImpostors(bytes, source.name);
    const hash = await sha256Hex(bytes);
    const own = await readProvenance(bytes).catch(() => undefined);
    const provenance = own ?? (await sidecarOf(file)) ?? null;
    try {
      return { hash, provenance, facts: await inspect(bytes), problem: null };
    } catch (error) {
      const { code, message } = asFailure(error);
      return { hash, provenance, facts: null, problem: { code, message: `${source.name} ${message}` } };
    }
  } catch (error) {
    const { code, message } = asFailure(error);
    return { hash: null, provenance: null, facts: null, problem: { code, message } };
  }
}
