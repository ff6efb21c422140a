import type { Provenance } from "./provenance.ts";
import { parsePacket, type QName } from "./rdf.ts";
import { iptcNamespace, provenanceIn, xmpNamespace } from "./xmp.ts";

/**
 * The IPTC's terms for pictures that a model or an algorithm made or changed
 * (https://cv.iptc.org/newscodes/digitalsourcetype/).
 */
export const aiSourceTypes = [
  "trainedAlgorithmicMedia",
  "compositeWithTrainedAlgorithmicMedia",
  "compositeSynthetic",
  "algorithmicMedia",
  "algorithmicallyEnhanced",
] as const;
export type AiSourceType = (typeof aiSourceTypes)[number];

/** What a picture's XMP says of how it came to be. */
export interface Marking {
  /** What Image Remix wrote; null where it wrote nothing. */
  readonly provenance: Provenance | null;
  /** The IPTC's digital source type, where that is one of a model or an algorithm. */
  readonly sourceType: AiSourceType | null;
  /** What drew it, by the properties of the IPTC and of XMP; null where they name nothing. */
  readonly tool: string | null;
  /** What was asked for, by the IPTC's property; null where it is not told. */
  readonly prompt: string | null;
}

/** Longest text that is taken over from the XMP of others, in UTF-16 units. */
const longest = 2000;

/** The properties that are read, in lower case: tools differ in how they write them. */
const wanted = {
  sourceType: [iptcNamespace, "digitalsourcetype"],
  // IPTC Photo Metadata Standard 2025.1, "AI System Used" and "AI Prompt Information".
  system: [iptcNamespace, "aisystemused"],
  prompt: [iptcNamespace, "aipromptinformation"],
  creator: [xmpNamespace, "creatortool"],
} as const;

/** Reads the marking in a picture's packets, whoever wrote it. */
export function markingIn(packets: readonly string[]): Marking {
  const properties = packets
    .flatMap((text) => parsePacket(text)?.descriptions ?? [])
    .flatMap((description) => description.properties);
  const first = (name: keyof typeof wanted) => {
    const found = properties.find((property) => property.value !== null && isCalled(property, wanted[name]));
    const text = found?.value?.trim() ?? "";
    return text === "" ? null : text.slice(0, longest);
  };
  return {
    provenance: provenanceIn(packets) ?? null,
    sourceType: aiSourceType(first("sourceType")),
    tool: first("system") ?? first("creator"),
    prompt: first("prompt"),
  };
}

function isCalled(
  { namespace, name }: QName,
  [wantedNamespace, wantedName]: readonly [string, string],
): boolean {
  return namespace === wantedNamespace && name.toLowerCase() === wantedName;
}

/** The term is written as its address, or alone. */
function aiSourceType(written: string | null): AiSourceType | null {
  const term = written?.slice(Math.max(written.lastIndexOf("/"), written.lastIndexOf(":")) + 1).toLowerCase();
  return aiSourceTypes.find((known) => known.toLowerCase() === term) ?? null;
}

/**
 * Content Credentials (C2PA): none; there; or there with one of the terms of {@link aiSourceTypes} in them. Their
 * signature is not checked.
 */
export type Credentials = "none" | "present" | "ai";

/** What an audit has to know of a picture. */
export interface Inspected {
  /** SHA-256 of the file's bytes. */
  readonly hash: string;
  readonly marking: Marking;
  readonly credentials: Credentials;
  /** What the file beside the picture says; null where there is none. */
  readonly sidecar: Provenance | null;
}
