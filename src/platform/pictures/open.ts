import sharp, { type Sharp } from "sharp";
import { type Rectangle, sameSize } from "../../engine/size.ts";
import type { Size } from "../../recipe/models.ts";
import { decodeBmp, readBmpHeader } from "./bmp.ts";
import { type Header, input } from "./header.ts";
import { throwDamaged } from "./problems.ts";

/** Pixels per inch at which an SVG has the size that its header says. */
const svgDensity = 72;

/**
 * A pipeline that starts with a part of a picture, upright and in sRGB whatever its profile; of an animation, its
 * first frame. Only drawings and bitmaps are decoded by then.
 *
 * @param part the part that is used, in pixels of the upright picture
 * @param enlarged whole number of times that an SVG is drawn larger; the part stays in pixels of the header
 * @throws RemixFailure `notAnImage` for a damaged drawing or bitmap; the pipeline rejects with sharp's own errors
 */
export async function open(bytes: Uint8Array, header: Header, part: Rectangle, enlarged = 1): Promise<Sharp> {
  const upright = (await start(bytes, header, enlarged)).autoOrient();
  // Cutting out the whole would keep JPEGs from being shrunk while they are decoded.
  const cut = sameSize(part, header) ? upright : upright.extract(times(part, enlarged));
  const converted = header.worksInP3 ? cut.withIccProfile("srgb", { attach: false }) : cut;
  return converted.toColourspace("srgb");
}

async function start(bytes: Uint8Array, header: Header, enlarged: number): Promise<Sharp> {
  switch (header.format) {
    case "bmp":
      return bitmap(bytes, header);
    case "svg":
      return await drawn(bytes, header, enlarged);
    default:
      return sharp(bytes, input);
  }
}

function bitmap(bytes: Uint8Array, { width, height }: Size): Sharp {
  try {
    const { data, channels } = decodeBmp(bytes, readBmpHeader(bytes));
    return sharp(data, { raw: { width, height, channels } });
  } catch (error) {
    throwDamaged(error);
  }
}

/** Draws an SVG at exactly the size that its header is taken to say, which need not be whole pixels in the file. */
async function drawn(bytes: Uint8Array, size: Size, enlarged: number): Promise<Sharp> {
  const width = size.width * enlarged;
  const height = size.height * enlarged;
  const data = await sharp(bytes, { ...input, density: svgDensity * enlarged })
    .resize(width, height, { fit: "fill" })
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer()
    .catch(throwDamaged);
  return sharp(data, { raw: { width, height, channels: 4 } });
}
/**
 * How many times larger an SVG is drawn so that `part` of it has at least `wanted` pixels, a whole number; 1 for all
 * other formats, whose pixels are as many as they are.
 *
 * @param maxPixels that the whole drawing may have
 */
export function enlargement(header: Header, part: Size, wanted: Size, maxPixels: number): number {
  if (header.format !== "svg") {
    return 1;
  }
  const asked = Math.ceil(Math.max(wanted.width / part.width, wanted.height / part.height));
  const allowed = Math.floor(Math.sqrt(maxPixels / (header.width * header.height)));
  return Math.max(1, Math.min(asked, allowed));
}

function times({ left, top, width, height }: Rectangle, factor: number): Rectangle {
  return { left: left * factor, top: top * factor, width: width * factor, height: height * factor };
}

/** What lies around `part` in `whole`, for sharp's `extend`. */
export function margins(part: Rectangle, whole: Size) {
  return {
    left: part.left,
    top: part.top,
    right: whole.width - part.left - part.width,
    bottom: whole.height - part.top - part.height,
  };
}
