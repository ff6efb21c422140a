import { inflateSync } from "node:zlib";
import type { Provenance } from "../../engine/provenance.ts";
import { mergedPacket } from "../../engine/xmp.ts";
import { damaged, fromLatin1, latin1, maxPacket, packetText, refuseTooMany, view } from "./bytes.ts";
import type { Container } from "./container.ts";
import { crc32 } from "./crc32.ts";

const signature = "\x89PNG\r\n\x1a\n";
/** Keyword of the text chunk that holds XMP (XMP specification part 3, section 1.1.5). */
const keyword = "XML:com.adobe.xmp";

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** The chunk with its length, type and checksum. */
  readonly whole: Uint8Array;
}

/** PNG: chunks, of which `iTXt` holds texts (https://www.w3.org/TR/png-3/, section 11.3.3.4). */
export const png: Container = {
  recognises: (bytes) => latin1(bytes.subarray(0, 8)) === signature,
  packets: (bytes) => chunksOf(bytes).chunks.flatMap((chunk) => packetIn(chunk) ?? []),
  embed,
};

function embed(bytes: Uint8Array, provenance: Provenance): Uint8Array {
  const { chunks, rest } = chunksOf(bytes);
  const others = chunks.filter((chunk) => !holdsPacket(chunk)).map(({ whole }) => whole);
  const existing = chunks.flatMap((chunk) => packetIn(chunk) ?? [])[0];
  const packet = new TextEncoder().encode(mergedPacket(existing, provenance));
  // Uncompressed, without language and translated keyword, as the XMP specification wants it.
  const text = iTXt(Buffer.concat([fromLatin1(`${keyword}\0\0\0\0\0`), packet]));
  // Right after the header: a text chunk may stand anywhere, and readers find it early there.
  const [header = new Uint8Array(), ...following] = others;
  return Buffer.concat([fromLatin1(signature), header, text, ...following, rest]);
}

function iTXt(data: Uint8Array): Uint8Array {
  const typed = Buffer.concat([fromLatin1("iTXt"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([ends.subarray(0, 4), typed, ends.subarray(4)]);
}

/** The chunks up to and with `IEND`, and what follows, which belongs to nobody. */
function chunksOf(bytes: Uint8Array): { readonly chunks: readonly Chunk[]; readonly rest: Uint8Array } {
  const chunks: Chunk[] = [];
  const numbers = view(bytes);
  let at = signature.length;
  while (chunks.at(-1)?.type !== "IEND") {
    if (at + 12 > bytes.length) {
      throw damaged("its last chunk is missing");
    }
    const end = at + 12 + numbers.getUint32(at);
    if (end > bytes.length) {
      throw damaged("a chunk goes beyond its end");
    }
    const type = latin1(bytes.subarray(at + 4, at + 8));
    if (chunks.length === 0 && type !== "IHDR") {
      throw damaged("its header is missing");
    }
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) });
    refuseTooMany(chunks.length);
    at = end;
  }
  return { chunks, rest: bytes.subarray(at) };
}

/** Other kinds of text chunk are against the specification, and yet written. */
function holdsPacket({ type, data }: Chunk): boolean {
  const isText = type === "iTXt" || type === "zTXt" || type === "tEXt";
  return isText && latin1(data.subarray(0, keyword.length + 1)) === `${keyword}\0`;
}

function packetIn(chunk: Chunk): string | undefined {
  if (!holdsPacket(chunk)) {
    return undefined;
  }
  const { type, data } = chunk;
  const start = keyword.length + 1;
  if (type === "tEXt") {
    return packetText(data.subarray(start));
  }
  if (type === "zTXt") {
    return inflated(data.subarray(start + 1));
  }
  const languageEnd = data.indexOf(0, start + 2);
  const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0) {
    return undefined;
  }
  const text = data.subarray(translatedEnd + 1);
  return data[start] === 1 ? inflated(text) : packetText(text);
}

function inflated(data: Uint8Array): string | undefined {
  try {
    return packetText(inflateSync(data, { maxOutputLength: maxPacket }));
  } catch {
    return undefined;
  }
}
