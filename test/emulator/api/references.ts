import { createHash } from "node:crypto";
import sharp, { type Metadata } from "sharp";
import type { OutputFormat } from "../drawing/draw.ts";
import type { Backend } from "./backend.ts";
import { isLoopback } from "./checks.ts";
import type { MediaStore } from "./media.ts";

/** How a request referred to a picture. */
export type ReferenceForm = "dataURI" | "base64" | "UUID" | "URL";

/** What the server saw of a picture that it was given; for the ledger. */
export interface ReferenceFacts {
  readonly form: ReferenceForm;
  readonly sha256: string;
  readonly bytes: number;
  readonly format: OutputFormat;
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** Colour space and depth as sharp names them: `srgb`, `cmyk`; `uchar`, `ushort`. */
  readonly space: string;
  readonly depth: string;
  /** Frames of an animation; 1 otherwise. */
  readonly frames: number;
  /** Metadata that should not have left the user's machine, by name. */
  readonly metadata: readonly string[];
}

export interface Reference {
  readonly bytes: Uint8Array;
  readonly facts: ReferenceFacts;
}

/** What can be sent for inference: PNG, JPG and WEBP, says Runware's image inference reference of October 2025. */
const formats: ReadonlyMap<string, OutputFormat> = new Map([
  ["jpeg", "JPG"],
  ["png", "PNG"],
  ["webp", "WEBP"],
]);

/** How `text` refers to a picture. */
export function formOf(text: string): ReferenceForm {
  if (/^data:/i.test(text)) {
    return "dataURI";
  }
  if (/^[a-z]+:\/\//i.test(text)) {
    return "URL";
  }
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? "UUID" : "base64";
}

/**
 * Fetches the picture that `text` refers to and decodes it. Of addresses only those of this machine are fetched;
 * others count as beyond reach.
 *
 * @returns a sentence where there is none
 */
export async function resolveReference(
  text: string,
  { media, clock, inspection }: Pick<Backend, "media" | "clock" | "inspection">,
): Promise<Reference | string> {
  const now = clock.now();
  const form = formOf(text);
  const bytes = await bytesOf(text, form, media, now);
  if (typeof bytes === "string") {
    return bytes;
  }
  try {
    const header = await sharp(bytes).metadata();
    const format = formats.get(header.format);
    if (format === undefined) {
      return `The image has an unsupported format (${header.format}).`;
    }
    if (inspection === "pixels") {
      // All of it, so that a picture that ends in the middle is found out.
      await sharp(bytes, { failOn: "error" }).resize(8, 8).raw().toBuffer();
    }
    return { bytes, facts: factsOf(bytes, form, format, header) };
  } catch {
    return "The image could not be decoded.";
  }
}

async function bytesOf(
  text: string,
  form: ReferenceForm,
  media: MediaStore,
  now: number,
): Promise<Uint8Array | string> {
  switch (form) {
    case "dataURI": {
      const [, base64] = /^data:image\/(?:png|jpeg|jpg|webp);base64,(.*)$/is.exec(text) ?? [];
      return base64 === undefined ? "The data URI is not one of an image in Base64." : fromBase64(base64);
    }
    case "base64":
      return fromBase64(text);
    case "UUID": {
      const medium = media.find(text.toLowerCase());
      return medium === undefined || medium.expires <= now ? "There is no image of this UUID." : medium.bytes;
    }
    case "URL":
      return await download(text);
  }
}

/** The standard alphabet with padding and without line breaks; anything else is refused. */
function fromBase64(text: string): Uint8Array | string {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
    ? Buffer.from(text, "base64")
    : "The image is not valid Base64.";
}

async function download(address: string): Promise<Uint8Array | string> {
  if (!URL.canParse(address) || !isLoopback(new URL(address).hostname)) {
    return "The image could not be downloaded.";
  }
  try {
    const response = await fetch(address, { redirect: "error" });
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : "The image could not be downloaded.";
  } catch {
    return "The image could not be downloaded.";
  }
}

function factsOf(
  bytes: Uint8Array,
  form: ReferenceForm,
  format: OutputFormat,
  header: Metadata,
): ReferenceFacts {
  const { exif, xmp, iptc, comments } = header;
  const metadata = Object.entries({ exif, xmp, iptc, comments }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  return {
    form,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
    format,
    width: header.width,
    height: header.height,
    hasAlpha: header.hasAlpha,
    space: header.space,
    depth: header.depth,
    frames: header.pages ?? 1,
    metadata,
  };
}
