import sharp, { type Sharp } from "sharp";
import { type Fitting, sameSize } from "../../engine/size.ts";
import { layUpload, type UploadLayout, type UploadLimits } from "../../engine/upload.ts";
import type { Size } from "../../recipe/models.ts";
import { type Header, input, readHeader } from "./header.ts";
import { type PlainFormat, withoutMetadata } from "./metadata.ts";
import { enlargement, margins, open } from "./open.ts";
import { throwDamaged } from "./problems.ts";

/** A picture as it is sent to a service. */
export interface Upload {
  readonly bytes: Uint8Array;
  readonly mime: "image/png" | "image/jpeg" | "image/webp";
}

/**
 * Bytes that an upload has at most, wherever that can be had: a third more as Base64 stays below 10 MB. Nothing is
 * documented; that is what upstream is said to take.
 */
const comfortable = 7_000_000;

/** Bytes that nobody waits for: so much an exact copy may have, however small its source was. */
const negligible = 100_000;

/**
 * Makes a source ready to be sent: upright, without metadata, in sRGB, the part that `fitting` uses laid into the
 * shape of `size`, no larger than the limits. What is that already goes up with its pixel data untouched; all else as
 * JPEG or, where something is transparent, as PNG (WebP where the file would outgrow its source), with nothing hidden
 * underneath.
 * Of animations, the first frame.
 *
 * @throws RemixFailure `notAnImage` for a damaged file; the message continues a sentence that starts with its name
 */
export async function prepareUpload(
  bytes: Uint8Array,
  fitting: Fitting,
  size: Size,
  limits: UploadLimits,
): Promise<Upload> {
  const header = await readHeader(bytes);
  const enlarged = enlargement(header, fitting.source, fitting.target, input.limitInputPixels);
  const layout = layUpload(enlargedSource(fitting, enlarged), size, limits);
  const asItIs = isWholeOf(layout, header) ? await untouched(bytes, header) : undefined;
  if (asItIs !== undefined) {
    return asItIs;
  }
  const picture = async () =>
    laid(await open(bytes, header, fitting.source, enlarged), layout, fitting.source);
  const largest = isPlainFormat(header.format) ? Math.min(bytes.length, comfortable) : comfortable;
  const isShrunkPhoto = header.format === "jpeg" && layout.target.width < fitting.source.width;
  const forms = isShrunkPhoto ? shrunkPhotoForms : opaqueForms;
  return await encodeWithin(await picture(), header.hasAlpha, largest, picture, forms).catch(throwDamaged);
}

/** The side, in pixels, that a style reference is shrunk to: its style shows, its details are not needed. */
const styleSide = 1024;

/** A style reference as it is sent: upright, whole, shrunk, without metadata. */
export async function prepareStyle(bytes: Uint8Array): Promise<Upload> {
  const header = await readHeader(bytes);
  const whole = { left: 0, top: 0, width: header.width, height: header.height };
  const picture = async () =>
    (await open(bytes, header, whole)).resize(styleSide, styleSide, {
      fit: "inside",
      withoutEnlargement: true,
    });
  return await encodeWithin(await picture(), header.hasAlpha, comfortable, picture).catch(throwDamaged);
}

function enlargedSource(fitting: Fitting, factor: number): Fitting {
  const { left, top, width, height } = fitting.source;
  const source = { left: left * factor, top: top * factor, width: width * factor, height: height * factor };
  return { ...fitting, source };
}

/** Whether an upload is the whole picture at its own size. */
function isWholeOf({ size, target }: UploadLayout, header: Header): boolean {
  return sameSize(size, header) && sameSize(target, header);
}

function isPlainFormat(format: string): format is PlainFormat {
  return format === "jpeg" || format === "png" || format === "webp";
}

/** The file itself without its metadata, where nothing else has to change. Damage must show now, not at the service. */
async function untouched(bytes: Uint8Array, header: Header): Promise<Upload | undefined> {
  const { format, upright, plainColour, animated, hasAlpha } = header;
  if (!isPlainFormat(format) || !upright || !plainColour || animated) {
    return undefined;
  }
  const { data, info } = await sharp(bytes, input)
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch(throwDamaged);
  if (hasAlpha && hidden(data, info.channels).next().done !== true) {
    return undefined;
  }
  const stripped = withoutMetadata(bytes, format);
  return stripped === undefined || stripped.length > comfortable
    ? undefined
    : { bytes: stripped, mime: `image/${format}` };
}

function laid(picture: Sharp, { size, target }: UploadLayout, source: Size): Sharp {
  const resized = sameSize(target, source)
    ? picture
    : picture.resize(target.width, target.height, { fit: "fill" });
  return sameSize(target, size) ? resized : resized.extend({ ...margins(target, size), extendWith: "copy" });
}

/** Ways to encode what is opaque, best first: the later ones only where the file would outgrow its source. */
const opaqueForms = [
  (picture: Sharp) => jpeg(picture, 95, "4:4:4"),
  (picture: Sharp) => jpeg(picture, 90, "4:2:0"),
  (picture: Sharp) => jpeg(picture, 85, "4:2:0"),
] as const;

/** JPEGs rarely hold colours as finely as brightness; at half the bytes no difference is to be seen once shrunk. */
const shrunkPhotoForms = [(picture: Sharp) => jpeg(picture, 92, "4:2:0"), opaqueForms[2]] as const;

function jpeg(picture: Sharp, quality: number, chromaSubsampling: string): Sharp {
  return picture.jpeg({ quality, chromaSubsampling });
}

/**
 * Encodes a picture in the best way that needs no more than `largest` bytes; where none does, in the smallest.
 *
 * @param again makes the same pipeline anew
 */
async function encodeWithin(
  picture: Sharp,
  hasAlpha: boolean,
  largest: number,
  again: () => Promise<Sharp>,
  forms: readonly ((picture: Sharp) => Sharp)[] = opaqueForms,
): Promise<Upload> {
  if (hasAlpha) {
    const { data, info } = await picture.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const drawn = () => sharp(data, { raw: { width, height, channels } });
    if (isOpaque(data, channels)) {
      return await encodeWithin(drawn().removeAlpha(), false, largest, async () => drawn().removeAlpha());
    }
    for (const at of hidden(data, channels)) {
      data.fill(255, at, at + channels - 1);
    }
    const png = await drawn().png().toBuffer();
    if (png.length <= Math.max(largest, negligible)) {
      return { bytes: png, mime: "image/png" };
    }
    const webp = await drawn().webp({ quality: 95 }).toBuffer();
    return webp.length < png.length ? { bytes: webp, mime: "image/webp" } : { bytes: png, mime: "image/png" };
  }
  let smallest: Uint8Array | undefined;
  for (const [index, encoded] of forms.entries()) {
    const bytes = await encoded(index === 0 ? picture : await again()).toBuffer();
    smallest = smallest === undefined || bytes.length < smallest.length ? bytes : smallest;
    if (bytes.length <= largest) {
      break;
    }
  }
  return { bytes: smallest ?? new Uint8Array(), mime: "image/jpeg" };
}

/** Whether the last of each pixel's channels is full everywhere. */
function isOpaque(data: Uint8Array, channels: number): boolean {
  for (let at = channels - 1; at < data.length; at += channels) {
    if (data[at] !== 255) {
      return false;
    }
  }
  return true;
}

/**
 * Where pixels are fully transparent and not white: their offsets. A service that ignores transparency would show what
 * they hide, which may also be what its owner thought was gone.
 */
function* hidden(data: Uint8Array, channels: number): Generator<number> {
  for (let at = 0; at < data.length; at += channels) {
    if (
      data[at + channels - 1] === 0 &&
      data.subarray(at, at + channels - 1).some((value) => value !== 255)
    ) {
      yield at;
    }
  }
}
