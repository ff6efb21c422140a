import { gunzipSync } from "node:zlib";
import { RemixFailure } from "../../engine/failure.ts";
import { throwDamaged } from "./problems.ts";

/** Characters of the largest drawing that is read; a compressed file may pretend to be small. */
const maxLength = 256 * 1024 * 1024;

/** What the WebAssembly build of libvips leaves out of a drawing without a word: it has no fonts and opens no files. */
const lost = [
  { pattern: /<(?:[\w.-]+:)?text[\s>/]/, what: "lettering" },
  // Diagrams are often exported with their labels as HTML.
  { pattern: /<(?:[\w.-]+:)?foreignObject[\s>/]/, what: "lettering in HTML" },
  {
    pattern: /<(?:[\w.-]+:)?image\s[^>]*?href\s*=\s*["'](?!\s*(?:data:|#))/,
    what: "links to other pictures",
  },
];

/**
 * @throws RemixFailure `notAnImage` for a drawing of which a part would be missing; the message continues a sentence
 *   that starts with the file's name
 */
export function refuseLossyDrawing(bytes: Uint8Array): void {
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const svg = new TextDecoder().decode(isCompressed ? inflated(bytes) : bytes).replaceAll(/<!--.*?-->/gs, "");
  const found = lost.find(({ pattern }) => pattern.test(svg));
  if (found !== undefined) {
    const message = `is an SVG with ${found.what}, which would be lost. Export it as PNG.`;
    throw new RemixFailure("notAnImage", message);
  }
}

function inflated(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxLength });
  } catch (error) {
    throwDamaged(error);
  }
}
