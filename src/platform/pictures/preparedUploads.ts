import type { Fitting } from "../../engine/size.ts";
import type { UploadLimits } from "../../engine/upload.ts";
import type { Size } from "../../recipe/models.ts";
import { type SourceContent, sameBytes } from "./keptSources.ts";
import { prepareUpload, type Upload } from "./upload.ts";

/** A few megabytes each; enough for several presets on one source, and for several sources at once. */
const kept = 8;

const prepared = new Map<string, Promise<Upload>>();

/**
 * As `prepareUpload`, but what was prepared lately from the same bytes in the same way is not prepared again.
 *
 * @throws RemixFailure like `prepareUpload` and `sameBytes`
 */
export async function prepareUploadOnce(
  source: SourceContent,
  fitting: Fitting,
  size: Size,
  limits: UploadLimits,
): Promise<Upload> {
  const key = JSON.stringify([source.sha256, fitting, size, limits]);
  const upload =
    prepared.get(key) ?? sameBytes(source).then((bytes) => prepareUpload(bytes, fitting, size, limits));
  // The one that is used last stands last.
  prepared.delete(key);
  prepared.set(key, upload);
  upload.catch(() => prepared.delete(key));
  for (const oldest of prepared.keys()) {
    if (prepared.size <= kept) {
      break;
    }
    prepared.delete(oldest);
  }
  return await upload;
}
