import { randomUUID } from "node:crypto";
import sharp from "sharp";
import { field, type JsonObject, textField } from "../json.ts";
import { sha256 } from "../ledger.ts";
import { refuse } from "../refusal.ts";
import type { Answer, Backend } from "./backend.ts";
import { type Medium, pathOf } from "./media.ts";
import { formOf, resolveReference } from "./references.ts";

/** Uploads are stored with no side longer than this (https://runware.ai/docs/platform/image-upload). */
const longestSide = 2048;

/** Thirty days, as documented for imageUpload; nothing is known about mediaStorage. */
const keptFor = 30 * 24 * 3600 * 1000;

/** Answers `mediaStorage`: https://runware.ai/docs/platform/media-storage */
export async function mediaStorage(task: JsonObject, backend: Backend): Promise<Answer> {
  const taskUUID = textField(task, "taskUUID") ?? "";
  const media = textField(task, "media") ?? "";
  const base = { taskType: "mediaStorage", taskUUID };
  if (field(task, "operation") === "delete") {
    const medium = backend.media.find(media.toLowerCase());
    if (medium === undefined || !backend.media.delete(medium.uuid)) {
      return refused("mediaNotFound", "There is no media of this UUID.", "media");
    }
    const { uuid, format } = medium;
    const hash = sha256(medium.bytes);
    backend.ledger.addUpload({ taskUUID, mediaUUID: uuid, operation: "delete", sha256: hash, format });
    return { items: [{ ...base, operation: "delete", mediaUUID: uuid }], refusals: [] };
  }
  const medium = await store(media, taskUUID, backend);
  if (typeof medium === "string") {
    return refused("failedToTransferImage", medium, "media");
  }
  const mediaURL = backend.origin() + pathOf(medium);
  return { items: [{ ...base, operation: "upload", mediaUUID: medium.uuid, mediaURL }], refusals: [] };
}

/** Answers the older `imageUpload`: https://runware.ai/docs/platform/image-upload */
export async function imageUpload(task: JsonObject, backend: Backend): Promise<Answer> {
  const taskUUID = textField(task, "taskUUID") ?? "";
  const medium = await store(textField(task, "image") ?? "", taskUUID, backend);
  if (typeof medium === "string") {
    return refused("failedToTransferImage", medium, "image");
  }
  const imageURL = backend.origin() + pathOf(medium);
  return { items: [{ taskType: "imageUpload", taskUUID, imageUUID: medium.uuid, imageURL }], refusals: [] };
}

function refused(code: string, message: string, parameter: string): Answer {
  return { items: [], refusals: [refuse(code, message, { parameter })] };
}

/** Keeps the picture that `text` holds, scaled down without a word where it is large. */
async function store(text: string, taskUUID: string, backend: Backend): Promise<Medium | string> {
  if (formOf(text) === "UUID") {
    return "An image is expected, not a UUID.";
  }
  const reference = await resolveReference(text, backend);
  if (typeof reference === "string") {
    return reference;
  }
  const { width, height, format } = reference.facts;
  const fits = width <= longestSide && height <= longestSide;
  const bytes = fits
    ? reference.bytes
    : await sharp(reference.bytes)
        .resize(longestSide, longestSide, { fit: "inside" })
        .keepMetadata()
        .toBuffer();
  const expires = backend.clock.now() + keptFor;
  const medium: Medium = { uuid: randomUUID(), kind: "upload", taskUUID, bytes, format, expires };
  backend.media.add(medium);
  const hash = reference.facts.sha256;
  backend.ledger.addUpload({ taskUUID, mediaUUID: medium.uuid, operation: "upload", sha256: hash, format });
  return medium;
}
