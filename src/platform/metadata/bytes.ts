import { RemixFailure } from "../../engine/failure.ts";

/** More than any tool writes into a picture, in bytes; beyond it lies an attack or damage. */
export const maxPacket = 8 * 1024 * 1024;

/** Parts of a file. A picture of half a gigabyte in pieces of 8 kB has 65,000. */
const maxParts = 1_000_000;

/** Throws when a file has more parts than any that was made to be looked at. */
export function refuseTooMany(parts: number): void {
  if (parts > maxParts) {
    throw damaged("it is cut into too many parts");
  }
}

/** A failure whose message continues a sentence that starts with the file's name. */
export function damaged(reason: string, cause?: unknown): RemixFailure {
  const message = `is damaged or incomplete (${reason}). Restore the file, then try again.`;
  return new RemixFailure("notAnImage", message, { cause });
}

/** A view of `bytes` for reading numbers. Reading past the end throws a RangeError. */
export function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as text, one character each. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Text of one byte a character, as bytes. */
export function fromLatin1(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

/**
 * The text of a packet, which must be UTF-8 in all three formats (XMP specification part 3, section 1).
 *
 * @returns undefined for other bytes, which no reader understands
 * @throws RemixFailure `tooLarge`
 */
export function packetText(bytes: Uint8Array): string | undefined {
  refuseLarge(bytes.length);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** @throws RemixFailure `tooLarge` for a packet of more than `maxPacket` bytes */
export function refuseLarge(length: number): void {
  if (length > maxPacket) {
    const limit = `${maxPacket / 1024 / 1024} MB`;
    const message = `has more metadata than ${limit}, which is not read. Save it without metadata, then try again.`;
    throw new RemixFailure("tooLarge", message);
  }
}
