import type { OutputFormat } from "../../engine/ports.ts";

/** The format of a picture that is complete, going by its bytes; undefined for one that is not, and for anything else. */
export function completeFormat(bytes: Uint8Array): OutputFormat | undefined {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) {
    return endsWithMarker(bytes) ? "JPG" : undefined;
  }
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) {
    return hasLastChunk(bytes) ? "PNG" : undefined;
  }
  if (textAt(bytes, 0) === "RIFF" && textAt(bytes, 8) === "WEBP") {
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
    return size + 8 <= bytes.length ? "WEBP" : undefined;
  }
  return undefined;
}

/** JPEG ends with the marker EOI (ITU T.81, B.1.1.3); some writers add zeros. */
function endsWithMarker(bytes: Uint8Array): boolean {
  const last = bytes.findLastIndex((byte) => byte !== 0);
  return bytes[last] === 0xd9 && bytes[last - 1] === 0xff;
}

/** PNG is a row of chunks, each length, type, data and checksum, the last of which is IEND. */
function hasLastChunk(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    if (textAt(bytes, at + 4) === "IEND") {
      return true;
    }
  }
  return false;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

function textAt(bytes: Uint8Array, start: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + 4));
}
