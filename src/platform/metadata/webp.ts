import type { Provenance } from "../../engine/provenance.ts";
import { mergedPacket } from "../../engine/xmp.ts";
import type { Size } from "../../recipe/models.ts";
import { damaged, fromLatin1, latin1, packetText, refuseTooMany, view } from "./bytes.ts";
import type { Container } from "./container.ts";

/** Bits in the first byte of `VP8X`. */
const flags = { xmp: 0x04, alpha: 0x10 } as const;

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** WebP: a RIFF file of chunks with even lengths (https://developers.google.com/speed/webp/docs/riff_container). */
export const webp: Container = {
  recognises: (bytes) => latin1(bytes.subarray(0, 4)) === "RIFF" && latin1(bytes.subarray(8, 12)) === "WEBP",
  packets(bytes) {
    const packets = chunksOf(bytes).chunks.filter(({ type }) => type === "XMP ");
    return packets.flatMap(({ data }) => packetText(data) ?? []);
  },
  embed,
};

function embed(bytes: Uint8Array, provenance: Provenance): Uint8Array {
  const { chunks, rest } = chunksOf(bytes);
  const [first, ...others] = chunks.filter(({ type }) => type !== "XMP ");
  if (first === undefined) {
    throw damaged("it has no picture data");
  }
  const existing = webp.packets(bytes)[0];
  const xmp = { type: "XMP ", data: new TextEncoder().encode(mergedPacket(existing, provenance)) };
  // A provider's content credentials want to be the last chunk (C2PA specification, "Embedding manifests in RIFF").
  const credentials = others.at(-1)?.type === "C2PA" ? others.splice(-1) : [];
  const head = first.type === "VP8X" ? [withXmpFlag(first)] : [extendedHeader(first), first];
  const body = [...head, ...others, xmp, ...credentials].flatMap(written);
  const length = body.reduce((sum, part) => sum + part.length, 0);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length + 4);
  return Buffer.concat([fromLatin1("RIFF"), size, fromLatin1("WEBP"), ...body, rest]);
}

function written({ type, data }: Chunk): readonly Uint8Array[] {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return [fromLatin1(type), size, data, Buffer.alloc(data.length % 2)];
}

function withXmpFlag({ type, data }: Chunk): Chunk {
  const changed = Uint8Array.from(data);
  changed[0] = (changed[0] ?? 0) | flags.xmp;
  return { type, data: changed };
}

/** The header that turns a simple file, which holds nothing but its picture, into one that may hold more. */
function extendedHeader(picture: Chunk): Chunk {
  const { width, height, hasAlpha } = factsOf(picture);
  const data = Buffer.alloc(10);
  data.writeUInt8(flags.xmp | (hasAlpha ? flags.alpha : 0), 0);
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return { type: "VP8X", data };
}

/** Size and alpha of a simple file's only chunk (RFC 6386, section 9.1; WebP lossless bitstream, section 3). */
function factsOf({ type, data }: Chunk): Size & { readonly hasAlpha: boolean } {
  const numbers = view(data);
  if (type === "VP8 " && data.length >= 10 && latin1(data.subarray(3, 6)) === "\x9d\x01\x2a") {
    const [width, height] = [numbers.getUint16(6, true) & 0x3fff, numbers.getUint16(8, true) & 0x3fff];
    if (width > 0 && height > 0) {
      return { width, height, hasAlpha: false };
    }
  }
  if (type === "VP8L" && data.length >= 5 && data[0] === 0x2f) {
    const bits = numbers.getUint32(1, true);
    const [width, height] = [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    return { width, height, hasAlpha: (bits & 0x10000000) !== 0 };
  }
  throw damaged("its picture data does not start as it should");
}

/** The chunks, and what follows the RIFF file, which belongs to nobody. */
function chunksOf(bytes: Uint8Array): { readonly chunks: readonly Chunk[]; readonly rest: Uint8Array } {
  if (bytes.length < 12) {
    throw damaged("it ends in its header");
  }
  const chunks: Chunk[] = [];
  const numbers = view(bytes);
  const fileEnd = 8 + numbers.getUint32(4, true);
  // Some writers forget the byte that makes the last chunk's length even.
  if (fileEnd > bytes.length + 1) {
    throw damaged("it is shorter than it says");
  }
  let at = 12;
  while (at < Math.min(fileEnd, bytes.length)) {
    const start = at + 8;
    const end = start <= bytes.length ? start + numbers.getUint32(at + 4, true) : Number.POSITIVE_INFINITY;
    if (end > Math.min(fileEnd, bytes.length)) {
      throw damaged("a chunk goes beyond its end");
    }
    chunks.push({ type: latin1(bytes.subarray(at, at + 4)), data: bytes.subarray(start, end) });
    refuseTooMany(chunks.length);
    at = end + (end % 2);
  }
  refuseUnknownStart(chunks);
  return { chunks, rest: bytes.subarray(Math.max(fileEnd, at)) };
}

function refuseUnknownStart([first]: readonly Chunk[]): void {
  const isExtended = first?.type === "VP8X" && first.data.length >= 10;
  if (!isExtended && first?.type !== "VP8 " && first?.type !== "VP8L") {
    throw damaged("it has no picture data");
  }
}
