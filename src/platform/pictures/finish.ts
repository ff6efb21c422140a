import sharp, { type Sharp } from "sharp";
import { type AlphaChoice, finishing, type ResizeChoice } from "../../engine/finishing.ts";
import type { OutputFormat } from "../../engine/ports.ts";
import { type Fitting, type Rectangle, sameSize } from "../../engine/size.ts";
import type { Size } from "../../recipe/models.ts";
import { type Header, input, readHeader } from "./header.ts";
import { enlargement, open } from "./open.ts";
import { throwDamaged } from "./problems.ts";
import { encodeAs } from "./raster.ts";

/** How a delivered picture is to be finished. */
export interface FinishOptions {
  /** The size that was asked for, in which `fitting.target` lies. */
  readonly size: Size;
  /** The format that was asked for: what has to be encoded anew is encoded so. */
  readonly format: OutputFormat;
  /** 1 to 100, for JPEG and WebP. */
  readonly quality: number;
  readonly resize: ResizeChoice;
  readonly alpha: AlphaChoice;
  /** Whether what `fit: pad` added is still there. Local previews come without it. */
  readonly padded: boolean;
  /** The source file's bytes. */
  readonly source: Uint8Array;
}

/** A picture that was changed after its delivery. */
export interface Finished extends Size {
  readonly bytes: Uint8Array;
  readonly format: OutputFormat;
  /** The true size of what was delivered, in pixels. */
  readonly delivered: Size;
}

/**
 * Takes a delivered picture back to what was asked for: padding cut off, the source's size and transparency restored,
 * as the options say. The profile of the delivered picture stays in it.
 *
 * @returns undefined where there is nothing to do: then the delivered bytes are to be saved as they are
 * @throws RemixFailure `notAnImage` for damaged bytes; the message continues a sentence that starts with a name
 */
export async function finishResult(
  result: Uint8Array,
  fitting: Fitting,
  options: FinishOptions,
): Promise<Finished | undefined> {
  const [delivered, source] = await Promise.all([readHeader(result), readHeader(options.source)]);
  const facts = { ...options, source, fitting, asked: options.size, delivered };
  const { cut, size, source: shown } = finishing(facts);
  const format = storable(options.format, size);
  const wantsAlpha = options.alpha === "keep" && format !== "JPG" && source.hasAlpha;
  const alpha = wantsAlpha ? await alphaOf(options.source, source, shown, size) : undefined;
  const unchanged = sameSize(cut, delivered) && sameSize(size, delivered);
  if (unchanged && alpha === undefined) {
    return undefined;
  }
  const picture = sharp(result, input).autoOrient().keepIccProfile().extract(cut);
  const fitted = sameSize(cut, size) ? picture : picture.resize(size.width, size.height, { fit: "fill" });
  const joined = alpha === undefined ? fitted : await withAlpha(fitted, alpha, size);
  const bytes = await encodeAs(joined, format, options.quality).toBuffer().catch(throwDamaged);
  const [{ width, height }, came] = [size, { width: delivered.width, height: delivered.height }];
  return { bytes, format, width, height, delivered: came };
}

/** WebP holds no more than 16383 pixels a side (RFC 9649, 2.4); what is larger becomes PNG. */
function storable(format: OutputFormat, { width, height }: Size): OutputFormat {
  return format === "WEBP" && Math.max(width, height) > 16_383 ? "PNG" : format;
}

/** The transparency of a part of the source at another size, one byte a pixel; undefined where nothing is transparent. */
async function alphaOf(
  source: Uint8Array,
  header: Header,
  part: Rectangle,
  size: Size,
): Promise<Buffer | undefined> {
  const { width, height } = size;
  const enlarged = enlargement(header, part, size, input.limitInputPixels);
  const picture = await open(source, header, part, enlarged);
  const pixels = await picture
    .resize(width, height, { fit: "fill" })
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer()
    .catch(throwDamaged);
  const alpha = Buffer.alloc(width * height);
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    alpha[pixel] = pixels[pixel * 4 + 3] ?? 255;
  }
  return alpha.every((value) => value === 255) ? undefined : alpha;
}

/** Joins in a pipeline of its own, since sharp drops and joins channels in an order that is not the calls'. */
async function withAlpha(picture: Sharp, alpha: Buffer, { width, height }: Size): Promise<Sharp> {
  const opaque = await picture
    .removeAlpha()
    .toColourspace("srgb")
    .png({ compressionLevel: 0 })
    .toBuffer()
    .catch(throwDamaged);
  return sharp(opaque)
    .keepIccProfile()
    .joinChannel(alpha, { raw: { width, height, channels: 1 } });
}
