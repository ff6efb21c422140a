import type { Detail } from "../../engine/detail.ts";
import { failureOf } from "../../engine/failure.ts";
import type { PictureFacts } from "../../engine/lineage.ts";
import type { InspectedSource } from "../../engine/ports.ts";
import type { Fitting } from "../../engine/size.ts";
import { contentHash } from "../contentHash.ts";
import { sidecarOf } from "../metadata/pictureReader.ts";
import { readProvenance } from "../metadata/provenance.ts";
import { readSource, sourceFile } from "../sourceFiles.ts";
import { detailOf } from "./detail.ts";
import { type Finished, type FinishOptions, finishResult } from "./finish.ts";
import { inspect } from "./header.ts";
import { openSource, type SourceContent, sameBytes } from "./keptSources.ts";

/**
 * Reads the header of a source, and its bytes for what is to be done with them next. Decodes no pixels.
 *
 * @param file absolute path
 * @throws RemixFailure like `openSource` and `inspect`
 */
export async function inspectSource(file: string): Promise<InspectedSource> {
  const { bytes, sha256 } = await openSource(file);
  return { ...(await inspect(bytes)), sha256 };
}

/** As `detailOf`, of a source. @throws RemixFailure like `sameBytes` and `detailOf` */
export async function detailOfSource(source: SourceContent): Promise<Detail> {
  return detailOf(await sameBytes(source));
}

/**
 * As `finishResult`, with a source that has been read before.
 *
 * @throws RemixFailure like `finishResult`; one for the source's sake names it
 */
export async function finishFromSource(
  result: Uint8Array,
  fitting: Fitting,
  options: Omit<FinishOptions, "source">,
  content: SourceContent,
): Promise<Finished | undefined> {
  const changed = "has changed since it was sent: its result cannot be brought to its shape.";
  const source = await sameBytes(content, changed).catch((error: unknown) => {
    throw failureOf(sourceFile(content.file).name, error);
  });
  return finishResult(result, fitting, { ...options, source });
}

/**
 * Reads where a picture says that it came from, in its metadata or the file beside it.
 *
 * @param file absolute path
 * @throws RemixFailure like `readSource` and `readProvenance`
 */
export async function pictureFacts(file: string): Promise<PictureFacts> {
  const bytes = await readSource(file, new AbortController().signal);
  const hash = await contentHash(bytes);
  return { hash, provenance: (await readProvenance(bytes)) ?? (await sidecarOf(file)) };
}
