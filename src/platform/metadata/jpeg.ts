import type { Provenance } from "../../engine/provenance.ts";
import { extendedGuid, hasOwnProperties, mergedPacket, splitPacket } from "../../engine/xmp.ts";
import { damaged, fromLatin1, latin1, packetText, refuseTooMany, view } from "./bytes.ts";
import type { Container } from "./container.ts";
import { assembleExtended, extendedGuidOf, extendedHeader, extendedParts, guidOf } from "./extendedXmp.ts";

/** How the `APP1` segment with the packet begins (XMP specification part 3, section 1.1.3). */
const xmpHeader = "http://ns.adobe.com/xap/1.0/\0";
/** Bytes of a packet that fit into one segment, as the specification gives them. */
const maxMain = 65_502;

const marker = { APP0: 0xe0, APP1: 0xe1, SOI: 0xd8, EOI: 0xd9, SOS: 0xda, TEM: 0x01 } as const;

interface Segment {
  readonly marker: number;
  readonly data: Uint8Array;
  /** The segment with its marker and length. */
  readonly whole: Uint8Array;
}

/** JPEG: segments up to the first scan, then compressed data, which is copied as it is (ITU-T T.81, annex B). */
export const jpeg: Container = {
  recognises: (bytes) => bytes[0] === 0xff && bytes[1] === marker.SOI && bytes[2] === 0xff,
  packets(bytes) {
    const { main, extended } = packetsOf(segmentsOf(bytes).segments);
    return [main, extended].filter((text) => text !== undefined);
  },
  embed,
};

function embed(bytes: Uint8Array, provenance: Provenance): Uint8Array {
  const { segments, rest } = segmentsOf(bytes);
  const { main, extended } = packetsOf(segments);
  const packet = new TextEncoder().encode(mergedPacket(main, provenance));
  if (packet.length <= maxMain && !(extended !== undefined && hasOwnProperties(extended))) {
    const others = segments.filter((segment) => !startsWith(segment, xmpHeader));
    return assembled(others, [app1(xmpHeader, packet)], rest);
  }
  const split = splitPacket(main, extended, provenance, maxMain, guidOf);
  const others = segments.filter(
    (segment) => !startsWith(segment, xmpHeader) && !startsWith(segment, extendedHeader),
  );
  const first = app1(xmpHeader, new TextEncoder().encode(split.main));
  const second = extendedParts(split.extended).map((part) => app1(extendedHeader, part));
  return assembled(others, [first, ...second], rest);
}

/** Ours come after JFIF and EXIF, which want to be first (EXIF 2.32, section 4.7.1), and before all else. */
function assembled(others: readonly Segment[], ours: readonly Uint8Array[], rest: Uint8Array): Uint8Array {
  const firstOther = others.findIndex(
    (segment) => segment.marker !== marker.APP0 && !startsWith(segment, "Exif\0"),
  );
  const at = firstOther < 0 ? others.length : firstOther;
  const wholes = others.map(({ whole }) => whole);
  return Buffer.concat([
    Buffer.from([0xff, marker.SOI]),
    ...wholes.slice(0, at),
    ...ours,
    ...wholes.slice(at),
    rest,
  ]);
}

function app1(header: string, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xff00 | marker.APP1, 0);
  head.writeUInt16BE(2 + header.length + data.length, 2);
  return Buffer.concat([head, fromLatin1(header), data]);
}

function startsWith({ marker: kind, data }: Segment, header: string): boolean {
  return kind === marker.APP1 && latin1(data.subarray(0, header.length)) === header;
}

function packetsOf(segments: readonly Segment[]) {
  const found = segments.find((segment) => startsWith(segment, xmpHeader));
  const main = found && packetText(found.data.subarray(xmpHeader.length));
  const guid = main === undefined ? undefined : extendedGuid(main);
  const parts = segments
    .filter((segment) => startsWith(segment, extendedHeader))
    .map(({ data }) => data.subarray(extendedHeader.length))
    .filter((part) => extendedGuidOf(part) === guid);
  return { main, extended: parts.length === 0 ? undefined : assembleExtended(parts) };
}

/** The segments between `SOI` and the first scan, and the rest of the file from there. */
function segmentsOf(bytes: Uint8Array): { readonly segments: readonly Segment[]; readonly rest: Uint8Array } {
  const segments: Segment[] = [];
  const numbers = view(bytes);
  let at = 2;
  for (;;) {
    let kindAt = at + 1;
    // A marker may be preceded by any number of fill bytes.
    while (bytes[kindAt] === 0xff) {
      kindAt += 1;
    }
    const kind = bytes[kindAt];
    if (bytes[at] !== 0xff || kind === undefined || kind === marker.EOI || kind === 0) {
      throw damaged("it has no picture data");
    }
    if (kind === marker.SOS) {
      return { segments, rest: bytes.subarray(at) };
    }
    const alone = kind === marker.TEM;
    if (!alone && kindAt + 3 > bytes.length) {
      throw damaged("it ends in its header");
    }
    const length = alone ? 0 : numbers.getUint16(kindAt + 1);
    const end = kindAt + 1 + length;
    if ((!alone && length < 2) || end > bytes.length) {
      throw damaged("a segment goes beyond its end");
    }
    const data = bytes.subarray(Math.min(kindAt + 3, end), end);
    segments.push({ marker: kind, data, whole: bytes.subarray(at, end) });
    refuseTooMany(segments.length);
    at = end;
  }
}
