import { createHash } from "node:crypto";
import { latin1, packetText, refuseLarge, view } from "./bytes.ts";

/** How an `APP1` segment with a part of the second packet begins (XMP specification part 3, section 1.1.3.1). */
export const extendedHeader = "http://ns.adobe.com/xmp/extension/\0";

/** Bytes of the second packet in one segment, the most that the specification recommends. */
const partLength = 65_400;
const guidLength = 32;
/** GUID, length of the whole, place of this part. */
const headLength = guidLength + 8;

/** The second packet's GUID: the MD5 digest of its bytes, in upper-case hexadecimal digits. */
export function guidOf(text: string): string {
  return createHash("md5").update(text, "utf8").digest("hex").toUpperCase();
}

/** The second packet in pieces, each with its GUID, the whole's length and its place. */
export function extendedParts(text: string): readonly Uint8Array[] {
  const bytes = Buffer.from(text, "utf8");
  const guid = Buffer.from(guidOf(text), "latin1");
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += partLength) {
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32BE(bytes.length, 0);
    numbers.writeUInt32BE(at, 4);
    parts.push(Buffer.concat([guid, numbers, bytes.subarray(at, at + partLength)]));
  }
  return parts;
}

/** The GUID that a part names. */
export function extendedGuidOf(part: Uint8Array): string {
  return latin1(part.subarray(0, guidLength));
}

/**
 * The second packet's text from its parts, in any order.
 *
 * @returns undefined where parts are missing, repeated or at odds
 * @throws RemixFailure `tooLarge`
 */
export function assembleExtended(parts: readonly Uint8Array[]): string | undefined {
  const read = parts
    .filter((part) => part.length >= headLength)
    .map((part) => {
      const numbers = view(part);
      const [total, at] = [numbers.getUint32(guidLength), numbers.getUint32(guidLength + 4)];
      return { total, at, data: part.subarray(headLength) };
    })
    .toSorted((one, other) => one.at - other.at);
  const total = read[0]?.total ?? 0;
  refuseLarge(total);
  let next = 0;
  for (const { at, data } of read) {
    if (at !== next) {
      return undefined;
    }
    next += data.length;
  }
  return next === total ? packetText(Buffer.concat(read.map(({ data }) => data))) : undefined;
}
