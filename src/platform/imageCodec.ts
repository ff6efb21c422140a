import sharp, { type Metadata, type Sharp } from "sharp";
import { RemixFailure } from "../engine/failure.ts";
import { type ImageFacts, type OutputFormat, type SourceFormat, sourceFormats } from "../engine/ports.ts";
import type { Fitting, Rectangle } from "../engine/size.ts";
import type { Size } from "../recipe/models.ts";

/** Decoded pixels: 8-bit sRGB with straight alpha, rows top to bottom, four bytes a pixel. */
export interface Pixels extends Size {
  readonly data: Uint8ClampedArray;
}

/** Sources beyond these are refused before anything is decoded. */
const maxSide = 20_000;
const maxPixels = 100_000_000;

/** `error`, not sharp's stricter `warning`: cameras write many JPEGs that decode perfectly well with warnings. */
const input = { failOn: "error", limitInputPixels: maxPixels } as const;

/** What cannot be read should be saved as this. */
const readable = "Export it as PNG, JPEG or WebP, then try again.";

/**
 * Reads the header of a picture; decodes no pixels.
 *
 * @throws RemixFailure `notAnImage` or `tooLarge`; the message continues a sentence that starts with the file's name
 */
export async function inspect(bytes: Uint8Array): Promise<ImageFacts> {
  // The limit is our own below: sharp's would hide the size from the message.
  const header = await sharp(bytes, { ...input, limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw hasKnownSignature(bytes)
        ? damaged(error)
        : new RemixFailure("notAnImage", `is not a picture that can be read. ${readable}`, { cause: error });
    });
  const { width, height } = header.autoOrient;
  if (width > maxSide || height > maxSide || width * height > maxPixels) {
    const megapixels = ((width * height) / 1_000_000).toFixed(0);
    const limits = `${maxPixels / 1_000_000} megapixels and ${maxSide} pixels a side`;
    throw new RemixFailure(
      "tooLarge",
      `is too large: ${width} × ${height} pixels (${megapixels} megapixels). The limit is ${limits}. Scale it down, then try again.`,
    );
  }
  const format = formatOf(header);
  if (format === "svg" && hasLettering(new TextDecoder().decode(bytes))) {
    throw new RemixFailure("notAnImage", "is an SVG with lettering, which would be lost. Export it as PNG.");
  }
  return { width, height, format, hasAlpha: header.hasAlpha };
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

/**
 * Decodes a picture upright, cuts out the part that is used and lays it into `size`, extending its edges where
 * room is left. Animations give their first frame.
 *
 * @throws RemixFailure `notAnImage` for a damaged file; the message continues a sentence that starts with its name
 */
export async function decode(bytes: Uint8Array, { source, target }: Fitting, size: Size): Promise<Pixels> {
  const { data } = await sharp(bytes, input)
    .autoOrient()
    .extract(source)
    .resize(target.width, target.height, { fit: "fill" })
    .extend({ ...margins(target, size), extendWith: "copy" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw damaged(error);
    });
  return { ...size, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength) };
}

/** A picture as it is sent to a service. */
export interface Upload {
  readonly bytes: Uint8Array;
  readonly mime: "image/png" | "image/jpeg";
}

/** Lays a picture into `size` as `decode` does, without metadata: what is transparent as PNG, all else as JPEG. */
export async function prepareUpload(bytes: Uint8Array, fitting: Fitting, size: Size): Promise<Upload> {
  const { width, height, data } = await decode(bytes, fitting, size);
  const isOpaque = data.every((value, index) => index % 4 !== 3 || value === 255);
  return encodeUpload(sharp(data, { raw: { width, height, channels: 4 } }), isOpaque);
}

/** The side, in pixels, that a style reference is shrunk to: its style shows, its details are not needed. */
const styleSide = 1024;

/** A style reference as it is sent: upright, whole, shrunk, without metadata. */
export async function prepareStyle(bytes: Uint8Array): Promise<Upload> {
  const { hasAlpha } = await inspect(bytes);
  const picture = sharp(bytes, input).autoOrient().toColourspace("srgb");
  const shrunk = picture.resize(styleSide, styleSide, { fit: "inside", withoutEnlargement: true });
  return encodeUpload(shrunk, !hasAlpha).catch((error: unknown) => {
    throw damaged(error);
  });
}

async function encodeUpload(picture: Sharp, isOpaque: boolean): Promise<Upload> {
  return isOpaque
    ? {
        bytes: await picture.jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toBuffer(),
        mime: "image/jpeg",
      }
    : { bytes: await picture.png().toBuffer(), mime: "image/png" };
}

function damaged(error: unknown): RemixFailure {
  const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return new RemixFailure(
    "notAnImage",
    `is damaged or incomplete and cannot be decoded (${reason}). Restore the file, then try again.`,
    { cause: error },
  );
}

/** First bytes of PNG, JPEG, WebP (RIFF), GIF and TIFF files. */
const signatures = ["\x89PNG", "\xff\xd8\xff", "RIFF", "GIF8", "II*\0", "MM\0*"];

function hasKnownSignature(bytes: Uint8Array): boolean {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 4));
  return signatures.some((signature) => start.startsWith(signature));
}

/** The WebAssembly build of libvips has no fonts: it would draw an SVG without its text, and say nothing. */
function hasLettering(svg: string): boolean {
  return /<(?:[\w.-]+:)?text[\s>/]/.test(svg.replaceAll(/<!--.*?-->/gs, ""));
}

function margins(part: Rectangle, whole: Size) {
  return {
    left: part.left,
    top: part.top,
    right: whole.width - part.left - part.width,
    bottom: whole.height - part.top - part.height,
  };
}

/**
 * Encodes the part `part` of `pixels`. A JPEG has no transparency: there, what is transparent becomes white.
 *
 * @param quality 1 to 100, for JPEG and WebP
 */
export async function encode(
  pixels: Pixels,
  part: Rectangle,
  format: OutputFormat,
  quality: number,
): Promise<Uint8Array> {
  const { width, height, data } = pixels;
  const picture = sharp(data, { raw: { width, height, channels: 4 } }).extract(part);
  switch (format) {
    case "JPG":
      return picture
        .flatten({ background: "white" })
        .jpeg({ quality, chromaSubsampling: "4:4:4" })
        .toBuffer();
    case "PNG":
      return picture.png().toBuffer();
    case "WEBP":
      return picture.webp({ quality }).toBuffer();
  }
}
