import { failureOf, RemixFailure } from "../../engine/failure.ts";
import type { Inspected } from "../../engine/marking.ts";
import { refuseImpostors } from "../../engine/sniff.ts";
import { contentHash } from "../contentHash.ts";
import { latin1 } from "../metadata/bytes.ts";
import { credentialsIn } from "../metadata/credentials.ts";
import { readMarking } from "../metadata/marking.ts";
import { sidecarOf } from "../metadata/pictureReader.ts";
import { readSource, sourceFile } from "../sourceFiles.ts";
import { isBmp } from "./bmp.ts";
import { hasKnownSignature } from "./header.ts";
import { readable } from "./problems.ts";

/**
 * Reads how a picture is marked as made by a model. Decodes no pixels. The file is read here, so that its bytes need
 * not travel between threads; one at a time, and none that is larger than a source may be.
 *
 * @param file absolute path
 * @throws RemixFailure for a file whose marking cannot be read; the message names it
 */
export async function auditPicture(file: string): Promise<Inspected> {
  try {
    const bytes = await readSource(file, new AbortController().signal);
    refuseImpostors(bytes);
    if (!startsLikePicture(bytes)) {
      throw new RemixFailure("notAnImage", `is not a picture that can be read. ${readable}`);
    }
    const marking = await readMarking(bytes);
    const sidecar = (await sidecarOf(file)) ?? null;
    return { hash: await contentHash(bytes), marking, credentials: credentialsIn(bytes), sidecar };
  } catch (error) {
    throw error instanceof RemixFailure ? failureOf(sourceFile(file).name, error) : error;
  }
}

/** AVIF is a box called `ftyp` at its fifth byte (ISO 14496-12, section 4.3); an SVG is a text. */
function startsLikePicture(bytes: Uint8Array): boolean {
  const start = latin1(bytes.subarray(0, 64 * 1024));
  return (
    hasKnownSignature(bytes) ||
    isBmp(bytes) ||
    start.slice(4, 8) === "ftyp" ||
    /<(\w+:)?svg[\s>]/i.test(start)
  );
}
