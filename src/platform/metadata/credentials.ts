import { aiSourceTypes, type Credentials } from "../../engine/marking.ts";

/**
 * How the description of a C2PA manifest store begins, in whatever format it lies (C2PA specification 2.1, section
 * 11.1.4.2; ISO 19566-5 for the box): `jumd`, and the type's UUID.
 */
const manifestStore = Buffer.concat([
  Buffer.from("jumd", "latin1"),
  Buffer.from("6332706100110010800000aa00389b71", "hex"),
]);

/** A manifest of a picture with thumbnails in it has some hundred kilobytes; this is bytes. */
const maxManifest = 16 * 1024 * 1024;

/**
 * Looks for Content Credentials. They are neither unpacked nor verified: their texts stand in them as they are (CBOR,
 * JSON), which is enough to see whether they speak of a model.
 */
export function credentialsIn(bytes: Uint8Array): Credentials {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = file.indexOf(manifestStore);
  if (start < 0) {
    return "none";
  }
  const manifest = file.subarray(start, start + maxManifest);
  // With its address in front, as the specification wants it: part of a word would not do.
  const speaks = aiSourceTypes.some((term) => manifest.includes(`digitalsourcetype/${term}`, 0, "latin1"));
  return speaks ? "ai" : "present";
}
