import sharp, { type Sharp } from "sharp";

/** One result to be drawn. */
export interface DrawRequest {
  /** The reference image, encoded. */
  readonly reference: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly outputFormat: OutputFormat;
  /** 20 to 99, for JPG and WEBP. */
  readonly outputQuality: number;
  readonly positivePrompt: string;
  readonly negativePrompt: string | null;
  readonly styleType: StyleType;
  /** 1 to 100: how far the result goes from the reference. */
  readonly remixStrength: number;
  readonly renderingSpeed: RenderingSpeed;
  /** Unsigned 32-bit. */
  readonly seed: number;
  /** Set as a strip of blocks into the lower left corner, so that no two results have the same bytes. */
  readonly imageUUID: string;
}

export type OutputFormat = "JPG" | "PNG" | "WEBP";
export type StyleType = "AUTO" | "GENERAL" | "REALISTIC" | "DESIGN" | "RENDER_3D" | "ANIME" | "FICTION";
export type RenderingSpeed = "TURBO" | "DEFAULT" | "QUALITY";

/** Makes the bytes of a result: a picture of the size and in the format that were asked for. */
export type Draw = (request: DrawRequest) => Promise<Uint8Array>;

/**
 * The reference, cut to the shape of the result as upstream does
 * (https://developer.ideogram.ai/api-reference/api-reference/remix-v3). Not turned upright: what the service does
 * with EXIF orientation is unknown, and a client that relies on it should see its picture lie on its side.
 */
export function cropped({ reference, width, height }: DrawRequest): Sharp {
  return sharp(reference).resize(width, height, { fit: "cover" }).toColourspace("srgb");
}

/** Marks the picture with its UUID and encodes it. */
export async function finish(picture: Sharp, request: DrawRequest): Promise<Uint8Array> {
  const marked = picture.composite([
    { input: await strip(request.imageUUID), left: 0, top: request.height - blockSide },
  ]);
  const quality = request.outputQuality;
  switch (request.outputFormat) {
    case "JPG":
      return marked.flatten({ background: "white" }).jpeg({ quality }).toBuffer();
    case "PNG":
      return marked.png({ compressionLevel: 3 }).toBuffer();
    case "WEBP":
      return marked.webp({ quality, effort: 1 }).toBuffer();
  }
}

const blockSide = 4;

/** Sixteen grey blocks, one for each byte of the UUID. */
function strip(imageUUID: string): Promise<Buffer> {
  const bytes = Buffer.from(imageUUID.replaceAll("-", ""), "hex");
  return sharp(bytes, { raw: { width: bytes.length, height: 1, channels: 1 } })
    .resize(bytes.length * blockSide, blockSide, { kernel: "nearest", fit: "fill" })
    .png()
    .toBuffer();
}
