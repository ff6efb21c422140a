import sharp from "sharp";
import { asFailure, RemixFailure } from "../../engine/failure.ts";
import type { OutputFormat } from "../../engine/ports.ts";
import type { Size } from "../../recipe/models.ts";
import { input, readHeader } from "./header.ts";
import { damage } from "./problems.ts";

/** What a delivered picture really is. Width and height are those of the upright picture, in pixels. */
export interface CheckedResult extends Size {
  /** By its bytes; undefined for a picture in a format that was not to be had. */
  readonly format: OutputFormat | undefined;
  /** What the decoder warned of; absent for a picture without fault. */
  readonly doubt?: string;
}

const outputFormats: Readonly<Partial<Record<string, OutputFormat>>> = {
  jpeg: "JPG",
  png: "PNG",
  webp: "WEBP",
};

const nothing = () => undefined;
const firstLine = (error: unknown) => asFailure(error).message.split("\n")[0] ?? "";

/**
 * Decodes a delivered picture to its last pixel. A JPEG of which a part is missing is decodable: libjpeg fills it with
 * grey and warns, hence the doubt.
 *
 * @throws RemixFailure `notAnImage` or `tooLarge` for bytes that are no whole picture within the limits of sources; the
 *   message continues a sentence that starts with a name
 */
export async function checkResult(bytes: Uint8Array): Promise<CheckedResult> {
  try {
    const { format, width, height } = await readHeader(bytes);
    const doubt = await sharp(bytes, { ...input, failOn: "warning" })
      .raw()
      .toBuffer()
      .then(nothing, firstLine);
    const facts = { format: outputFormats[format], width, height };
    if (doubt === undefined) {
      return facts;
    }
    await sharp(bytes, input).raw().toBuffer();
    return { ...facts, doubt };
  } catch (error) {
    const { cause } = asFailure(error);
    // Nobody has another copy of what was delivered, to be restored.
    throw cause === undefined ? error : new RemixFailure("notAnImage", damage(cause), { cause });
  }
}
