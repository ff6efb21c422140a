import { RemixFailure } from "../../engine/failure.ts";
import { Places } from "../../engine/places.ts";
import type { RemixTask } from "../../engine/ports.ts";
import { sha256Hex } from "../../recipe/hash.ts";
import type { Connection } from "./connection.ts";
import type { PreparedImage, RunwareParts } from "./ports.ts";
import { withoutSecrets } from "./redact.ts";

/** A picture as a request refers to it. */
export interface Reference {
  /** What the request holds. */
  readonly wire: string;
  /** What is written down of it. */
  readonly record: string;
  /** Where the service stores it: the key of the cache, and how to send it instead; undefined for all others. */
  readonly stored?: { readonly sha256: string; readonly image: PreparedImage };
}

/** `image` inside of the request. */
export function inline({ bytes, mime }: PreparedImage, { base64 }: Pick<RunwareParts, "base64">): Reference {
  const data = `data:${mime};base64,${base64.encode(bytes)}`;
  return { wire: data, record: `data:${mime};base64,… (${bytes.length} bytes)` };
}

/** Characters of a picture that is not handled in an instant. */
const long = 1_000_000;

/** Uploads at the same time: on a thin line more would only slow each other down, until none is in time. */
const uploadsAtOnce = 3;

/** The places for uploads that all providers of a window share. */
export function newUploadPlaces(): Places {
  return new Places(() => uploadsAtOnce);
}

/**
 * `image` stored at the service, where there is a cache to find it again; else inside of the request. Storing it costs
 * nothing (https://runware.ai/docs/platform/media-storage), so whatever goes wrong there is no reason to give up.
 */
export async function referenceTo(
  image: PreparedImage,
  parts: RunwareParts,
  connection: Connection,
  signal: AbortSignal,
): Promise<Reference> {
  const { uploads, uploadPlaces, newUUID, log, clock } = parts;
  if (uploads === undefined) {
    return inline(image, parts);
  }
  const stored = { sha256: await sha256Hex(image.bytes), image };
  const giveBack = await uploadPlaces.take(signal);
  try {
    const known = uploads.get(stored.sha256);
    if (known !== undefined) {
      return { wire: known, record: known, stored };
    }
    const media = inline(image, parts).wire;
    // Others have the thread before it is gone through once more.
    await (media.length > long ? clock.sleep(0, signal) : undefined);
    const answer = await connection.send(
      { taskType: "mediaStorage", taskUUID: newUUID(), operation: "upload", media },
      { signal },
    );
    const mediaUUID =
      answer.kind === "answered"
        ? answer.items.find((item) => item.mediaUUID !== undefined)?.mediaUUID
        : undefined;
    if (mediaUUID === undefined) {
      log.info("The picture could not be stored at Runware; it is sent with the request.");
      return inline(image, parts);
    }
    await uploads.set(stored.sha256, mediaUUID);
    return { wire: mediaUUID, record: mediaUUID, stored };
  } finally {
    giveBack();
  }
}

/**
 * A style reference as the request refers to it: https addresses as they are, everything else as `prepareStyle` reads
 * it. No text is ever taken for a file here.
 *
 * @throws RemixFailure `invalidRecipe` where nothing can read it
 */
export async function styleReference(
  reference: string,
  task: RemixTask,
  parts: RunwareParts,
  connection: Connection,
  signal: AbortSignal,
): Promise<Reference> {
  if (/^https:\/\//i.test(reference)) {
    return { wire: reference, record: withoutSecrets(reference) };
  }
  if (parts.prepareStyle === undefined) {
    throw new RemixFailure(
      "invalidRecipe",
      `${task.source.name} was not sent: the style reference ${reference} is not an https address. Change imageRemix.styleReferenceImages, then try again.`,
      { parameter: "styleReferenceImages", retryable: false },
    );
  }
  const image = await parts.prepareStyle(reference, task, signal);
  return await referenceTo(image, parts, connection, signal);
}
