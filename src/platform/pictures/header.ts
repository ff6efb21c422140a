import sharp, { type Metadata } from "sharp";
import { RemixFailure } from "../../engine/failure.ts";
import { type ImageFacts, type SourceFormat, sourceFormats } from "../../engine/ports.ts";
import type { Size } from "../../recipe/models.ts";
import { latin1 } from "../metadata/bytes.ts";
import { isBmp, readBmpHeader } from "./bmp.ts";
import { readable, throwDamaged } from "./problems.ts";
import { describesSrgb } from "./profile.ts";
import { refuseLossyDrawing } from "./svg.ts";

/** Pictures beyond these are refused before anything is decoded. */
const maxSide = 20_000;
const maxPixels = 100_000_000;

/** `error`, not sharp's stricter `warning`: cameras write many JPEGs that decode perfectly well with warnings. */
export const input = { failOn: "error", limitInputPixels: maxPixels } as const;

/** What a header says, as far as it decides how the pixels are to be read. */
export interface Header extends ImageFacts {
  /** Whether the pixels are stored the right way up. */
  readonly upright: boolean;
  /** Whether the pixels are 8-bit sRGB as they stand: no other profile, no other colour space. */
  readonly plainColour: boolean;
  /** Whether sharp works on it in Display P3, as it does with 16-bit pictures that have a profile. */
  readonly worksInP3: boolean;
  readonly animated: boolean;
}

/**
 * Reads the header of a picture; decodes no pixels.
 *
 * @throws RemixFailure `notAnImage` or `tooLarge`; the message continues a sentence that starts with the file's name
 */
export async function inspect(bytes: Uint8Array): Promise<ImageFacts> {
  const { width, height, format, hasAlpha } = await readHeader(bytes);
  return { width, height, format, hasAlpha };
}

/** All that {@link inspect} reads. Throws as it does. */
export async function readHeader(bytes: Uint8Array): Promise<Header> {
  if (isBmp(bytes)) {
    return bmpHeader(bytes);
  }
  const found = await metadataOf(bytes).catch((error: unknown) => {
    if (hasKnownSignature(bytes)) {
      throwDamaged(error);
    }
    throw new RemixFailure("notAnImage", `is not a picture that can be read. ${readable}`, { cause: error });
  });
  checkSize(found.autoOrient);
  const format = formatOf(found);
  if (format === "svg") {
    refuseLossyDrawing(bytes);
  }
  const deep = found.depth !== "uchar";
  return {
    width: found.autoOrient.width,
    height: found.autoOrient.height,
    format,
    hasAlpha: found.hasAlpha,
    upright: found.orientation === undefined || found.orientation === 1,
    plainColour:
      !deep &&
      (found.space === "srgb" || found.space === "b-w") &&
      (found.icc === undefined || (found.space === "srgb" && describesSrgb(found.icc))),
    worksInP3: found.space === "rgb16" && found.icc !== undefined,
    animated: (found.pages ?? 1) > 1,
  };
}

/** Without sharp's limit on pixels, which would hide the size from the message: the limit is our own. */
async function metadataOf(bytes: Uint8Array): Promise<Metadata> {
  return await sharp(bytes, { ...input, limitInputPixels: false }).metadata();
}

function bmpHeader(bytes: Uint8Array): Header {
  try {
    const { width, height, masks } = readBmpHeader(bytes);
    checkSize({ width, height });
    const hasAlpha = masks[3] !== 0;
    return {
      width,
      height,
      format: "bmp",
      hasAlpha,
      upright: true,
      plainColour: true,
      worksInP3: false,
      animated: false,
    };
  } catch (error) {
    if (error instanceof RemixFailure) {
      throw error;
    }
    const reason = error instanceof Error ? error.message : String(error);
    const message = `is a BMP file of a kind that is not supported (${reason}). ${readable}`;
    throw new RemixFailure("notAnImage", message, { cause: error });
  }
}

function checkSize({ width, height }: Size): void {
  if (width > maxSide || height > maxSide || width * height > maxPixels) {
    const area = (width * height) / 1_000_000;
    const megapixels = area < 10 ? area.toFixed(1) : area.toFixed(0);
    const limits = `${maxPixels / 1_000_000} megapixels and ${maxSide} pixels a side`;
    throw new RemixFailure(
      "tooLarge",
      `is too large: ${width} × ${height} pixels (${megapixels} megapixels). The limit is ${limits}. Scale it down, then try again.`,
    );
  }
}

function formatOf({ format, compression }: Metadata): SourceFormat {
  // libvips calls AVIF a HEIF file with AV1 compression; HEIC, its other form, is not supported here.
  const name = format === "heif" && compression === "av1" ? "avif" : format;
  const known = sourceFormats.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new RemixFailure("notAnImage", `is in a format that is not supported (${format}). ${readable}`);
  }
  return known;
}

/** First bytes of PNG, JPEG, WebP (RIFF), GIF and TIFF files. */
const signatures = ["\x89PNG", "\xff\xd8\xff", "RIFF", "GIF8", "II*\0", "MM\0*"];

/** Whether `bytes` start like a file of one of those formats. */
export function hasKnownSignature(bytes: Uint8Array): boolean {
  const start = latin1(bytes.subarray(0, 4));
  return signatures.some((signature) => start.startsWith(signature));
}
