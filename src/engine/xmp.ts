import { creatorTool, digitalSourceType, type Provenance, provenanceSchema } from "./provenance.ts";
import {
  escapeXml,
  looseDescriptions,
  type Packet,
  parsePacket,
  type QName,
  rdfNamespace,
  withDescription,
  withoutProperties,
} from "./rdf.ts";

/** Our own properties. An XMP namespace is an address that ends in `/` or `#` (ISO 16684-1, section 6.2). */
const ownNamespace = "https://github.com/image-remix/image-remix/ns/1.0/";
/** `DigitalSourceType` is of the IPTC Extension (IPTC Photo Metadata Standard, "Digital Source Type"). */
export const iptcNamespace = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
/** `CreatorTool` is of the XMP basic schema (ISO 16684-1, section 8.4). */
export const xmpNamespace = "http://ns.adobe.com/xap/1.0/";
/** `HasExtendedXMP` names the second part of a JPEG's metadata (XMP specification part 3, section 1.1.3.1). */
const noteNamespace = "http://ns.adobe.com/xmp/note/";

/** A property that is ours to say. Of one that others wrote too, XMP allows a single value. */
function isOurs({ namespace, name }: QName): boolean {
  return (
    namespace === ownNamespace ||
    (namespace === iptcNamespace && name === "DigitalSourceType") ||
    (namespace === xmpNamespace && name === "CreatorTool")
  );
}

function isNote({ namespace, name }: QName): boolean {
  return namespace === noteNamespace && name === "HasExtendedXMP";
}

/** An empty packet. Read-only (`r`), since it has no room for changes in place, which a PNG's checksum would catch. */
const emptyPacket = [
  '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${rdfNamespace}"></rdf:RDF></x:xmpmeta>`,
  '<?xpacket end="r"?>',
].join("\n");

function parsedOrEmpty(written: string | undefined): Packet {
  const packet = parsePacket(written ?? emptyPacket) ?? parsePacket(emptyPacket);
  if (packet === undefined) {
    throw new TypeError("The empty packet cannot be read");
  }
  return packet;
}

/**
 * `existing` with `provenance` in it in place of what an earlier remix wrote; everything else in it stays as it is.
 * A packet that is not well-formed, which no reader understands, is replaced.
 *
 * @param existing the text of a packet that the picture already has
 */
export function mergedPacket(existing: string | undefined, provenance: Provenance): string {
  const cleaned = parsedOrEmpty(withoutProperties(parsedOrEmpty(existing), isOurs));
  return withDescription(cleaned, description(properties(provenance), cleaned));
}

/** A JPEG's metadata that does not fit into one segment (XMP specification part 3, section 1.1.3.1). */
export interface SplitPacket {
  /** The packet that every reader sees: what fits, and `xmpNote:HasExtendedXMP`. */
  readonly main: string;
  /** The second part: a serialisation of RDF without a wrapper. */
  readonly extended: string;
}

/**
 * Like {@link mergedPacket}, in two parts: the marking, and the rest of ours where it fits, in the first.
 *
 * @param extended the text of the second part that the picture already has
 * @param maximum bytes that the first part may have
 * @param guid names the second part by its text: 32 upper-case hexadecimal digits
 */
export function splitPacket(
  existing: string | undefined,
  extended: string | undefined,
  provenance: Provenance,
  maximum: number,
  guid: (text: string) => string,
): SplitPacket {
  const foreign = [existing, extended].map((text) => {
    const unwanted = (name: QName) => isOurs(name) || isNote(name);
    return looseDescriptions(parsedOrEmpty(withoutProperties(parsedOrEmpty(text), unwanted)));
  });
  const all = properties(provenance);
  const about = parsedOrEmpty(existing);
  const parts = (inMain: readonly Written[]): SplitPacket => {
    const rest = all.filter((property) => !inMain.includes(property));
    const own = rest.length === 0 ? "" : description(rest, about);
    const second = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${rdfNamespace}">${foreign.join("")}${own}</rdf:RDF></x:xmpmeta>`;
    const note: Written = { prefix: "xmpNote", name: "HasExtendedXMP", value: guid(second) };
    return {
      main: withDescription(parsedOrEmpty(emptyPacket), description([...inMain, note], about)),
      extended: second,
    };
  };
  const whole = parts(all);
  return new TextEncoder().encode(whole.main).length <= maximum
    ? whole
    : parts(all.filter(({ prefix }) => prefix !== "imageRemix"));
}

/** Whether a packet says something of ours, complete or not. */
export function hasOwnProperties(written: string): boolean {
  return propertiesIn([written], ({ namespace }) => namespace === ownNamespace).size > 0;
}

/** The GUID under which a packet's second part is found; undefined where it has none. */
export function extendedGuid(written: string): string | undefined {
  return propertiesIn([written], isNote).get("HasExtendedXMP");
}

/**
 * The provenance in a picture's packets.
 *
 * @returns undefined where there is none, or one that is not well-formed or not complete
 */
export function provenanceIn(packets: readonly string[]): Provenance | undefined {
  const found = propertiesIn(packets, ({ namespace }) => namespace === ownNamespace);
  const text = (name: string) => {
    const written = found.get(name);
    return written === undefined ? null : readable(written);
  };
  const json = text("recipe");
  const cost = text("cost");
  const parsed = provenanceSchema.safeParse({
    provider: text("provider"),
    model: text("model"),
    taskUUID: text("taskUUID"),
    imageUUID: text("imageUUID"),
    seed: text("seed"),
    cost: cost === null ? null : Number(cost),
    time: text("time"),
    source: { path: text("sourcePath"), hash: text("sourceHash") },
    recipe: json === null ? null : parsedJson(json),
    recipeHash: text("recipeHash"),
    preset: text("preset"),
    flagged: text("flagged") === "True",
  });
  return parsed.success ? parsed.data : undefined;
}

function propertiesIn(
  packets: readonly string[],
  wanted: (name: QName) => boolean,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, value } of packets
    .flatMap((text) => parsePacket(text)?.descriptions ?? [])
    .flatMap((description) => description.properties.filter(wanted))) {
    if (value !== null && !found.has(name)) {
      found.set(name, value);
    }
  }
  return found;
}

const prefixes = {
  Iptc4xmpExt: iptcNamespace,
  xmp: xmpNamespace,
  imageRemix: ownNamespace,
  xmpNote: noteNamespace,
};

interface Written {
  readonly prefix: keyof typeof prefixes;
  readonly name: string;
  readonly value: string;
}

/** What a packet says of a provenance. What is unknown is left out. */
function properties(provenance: Provenance): readonly Written[] {
  const {
    provider,
    model,
    taskUUID,
    imageUUID,
    seed,
    cost,
    time,
    source,
    recipe,
    recipeHash,
    preset,
    flagged,
  } = provenance;
  const own = {
    provider,
    model,
    taskUUID,
    imageUUID,
    seed,
    cost: cost === null ? null : String(cost),
    time,
    sourcePath: source.path,
    sourceHash: source.hash,
    recipe: recipe === null ? null : JSON.stringify(recipe),
    recipeHash,
    preset,
    flagged: flagged ? "True" : "False",
  };
  return [
    { prefix: "Iptc4xmpExt", name: "DigitalSourceType", value: digitalSourceType(provenance) },
    { prefix: "xmp", name: "CreatorTool", value: creatorTool(provenance) },
    ...Object.entries(own).flatMap(([name, value]) =>
      value === null ? [] : [{ prefix: "imageRemix" as const, name, value: writable(value) }],
    ),
  ];
}

/** All descriptions of a packet speak of the same thing (ISO 16684-1, section 7.4). */
function description(written: readonly Written[], { descriptions: [first] }: Packet): string {
  const used = new Set(written.map(({ prefix }) => prefix));
  const declared = [...used].map((prefix) => ` xmlns:${prefix}="${prefixes[prefix]}"`).join("");
  const elements = written.map(({ prefix, name, value }) => {
    return `<${prefix}:${name}>${escapeXml(value)}</${prefix}:${name}>`;
  });
  return `<rdf:Description rdf:about="${escapeXml(first?.about ?? "")}" xmlns:rdf="${rdfNamespace}"${declared}>${elements.join("")}</rdf:Description>`;
}

/** Characters that XML 1.0 does not allow, escaped or not (section 2.2). */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A text that XML can carry: itself, or a JSON string where it holds what XML does not allow. */
function writable(text: string): string {
  if (text.search(forbidden) < 0 && !text.startsWith('"')) {
    return text;
  }
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replaceAll(forbidden, escaped);
}

function readable(written: string): string {
  const inner = written.startsWith('"') ? parsedJson(written) : undefined;
  return typeof inner === "string" ? inner : written;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
