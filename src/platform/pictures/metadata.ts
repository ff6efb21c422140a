/** Formats in which a picture can go up as it is. */
export type PlainFormat = "jpeg" | "png" | "webp";

/**
 * The same picture without metadata, its pixel data untouched: EXIF with place and serial numbers, XMP, IPTC,
 * comments, thumbnails, profiles, and whatever follows the picture's end. What decoding needs stays.
 *
 * @returns undefined for a file whose parts are not as the format says, or that is animated
 */
export function withoutMetadata(bytes: Uint8Array, format: PlainFormat): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = { jpeg: jpegParts, png: pngParts, webp: webpParts }[format](view);
  return parts === undefined ? undefined : joined(bytes, parts, format);
}

/** Start and end of a stretch of bytes. */
type Stretch = readonly [start: number, end: number];

function joined(bytes: Uint8Array, parts: readonly Stretch[], format: PlainFormat): Uint8Array {
  const kept = new Uint8Array(parts.reduce((sum, [start, end]) => sum + end - start, 0));
  let at = 0;
  for (const [start, end] of parts) {
    kept.set(bytes.subarray(start, end), at);
    at += end - start;
  }
  if (format === "webp") {
    const view = new DataView(kept.buffer);
    view.setUint32(4, kept.length - 8, true);
    if (textAt(view, 12) === "VP8X") {
      kept[20] = (kept[20] ?? 0) & ~webpMetadataFlags;
    }
  }
  return kept;
}

/** ITU T.81, B.1.1: segments, of which the application's own (APPn) and comments say nothing about decoding … */
function jpegParts(view: DataView): readonly Stretch[] | undefined {
  const parts: Stretch[] = [[0, 2]];
  for (let at = 2; at + 4 <= view.byteLength; ) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) {
      return undefined;
    }
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xda) {
      const after = scanEnd(view, end);
      if (after === undefined) {
        return undefined;
      }
      parts.push([at, after]);
      at = after;
      if (view.getUint8(at + 1) === 0xd9) {
        return [...parts, [at, at + 2]];
      }
      continue;
    }
    if (!isJpegMetadata(view, at, marker)) {
      parts.push([at, Math.min(end, view.byteLength)]);
    }
    at = end;
  }
  return undefined;
}

/** … except Adobe's APP14, which says in which colours the picture is stored. */
function isJpegMetadata(view: DataView, at: number, marker: number): boolean {
  const application = marker >= 0xe0 && marker <= 0xef;
  const colours = marker === 0xee && at + 9 <= view.byteLength && textAt(view, at + 4) === "Adob";
  return (application && !colours) || marker === 0xfe;
}

/** Where the next marker stands after compressed data, which marks its own 0xff bytes by a zero after them. */
function scanEnd(view: DataView, start: number): number | undefined {
  for (let at = start; at + 1 < view.byteLength; at++) {
    if (view.getUint8(at) === 0xff) {
      const next = view.getUint8(at + 1);
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) {
        return at;
      }
    }
  }
  return undefined;
}

/** The chunks of PNG that decoding needs, and those that say which colours are meant (W3C PNG, 11). */
const pngChunks = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT"]);

function pngParts(view: DataView): readonly Stretch[] | undefined {
  const parts: Stretch[] = [[0, 8]];
  for (let at = 8; at + 12 <= view.byteLength; ) {
    const end = at + 12 + view.getUint32(at);
    const type = textAt(view, at + 4);
    if (pngChunks.has(type)) {
      parts.push([at, Math.min(end, view.byteLength)]);
    }
    if (type === "IEND") {
      return parts;
    }
    at = end;
  }
  return undefined;
}

/** The chunks of WebP that decoding needs (RFC 9649, 2.7). */
const webpChunks = new Set(["VP8 ", "VP8L", "VP8X", "ALPH"]);

/** The flags of VP8X for profile, EXIF and XMP (RFC 9649, 2.7.1). */
const webpMetadataFlags = 0x20 | 0x08 | 0x04;

function webpParts(view: DataView): readonly Stretch[] | undefined {
  const parts: Stretch[] = [[0, 12]];
  const whole = Math.min(view.byteLength, view.getUint32(4, true) + 8);
  for (let at = 12; at + 8 <= whole; ) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    const type = textAt(view, at);
    if (type === "ANIM" || end > view.byteLength) {
      return undefined;
    }
    if (webpChunks.has(type)) {
      parts.push([at, end]);
    }
    at = end;
  }
  return parts;
}

function textAt(view: DataView, start: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(start + offset)));
}
