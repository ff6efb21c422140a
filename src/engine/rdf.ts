import { parseXml, XmlElement } from "@rgrove/parse-xml";

/** The namespace of RDF itself (https://www.w3.org/TR/rdf-syntax-grammar/, section 5.1). */
export const rdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/** Packets of real tools declare some thirty; those of an attacker could make the work grow with their square. */
const mostPrefixes = 200;

/** Prefixes that an element declares and what they stand for, and those of the elements around it. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer: Scope | undefined;
}

const noScope: Scope = { declared: new Map(), outer: undefined };

/** A name with its prefix resolved; the namespace is empty for a name that has none. */
export interface QName {
  readonly namespace: string;
  readonly name: string;
}

/** One property of a description, wherever it stands: as an attribute or as an element. */
export interface Property extends QName {
  /** Its text; null for a structure or a list. */
  readonly value: string | null;
  /** The attribute's name as written, or the element's place in the packet's text. */
  readonly place: string | Span;
}

/** A part of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One `rdf:Description` of a packet. */
export interface Description extends Span {
  readonly about: string;
  readonly properties: readonly Property[];
  /** The names of its attributes that declare prefixes. */
  readonly declares: ReadonlySet<string>;
}

/** An XMP packet's RDF, with the places of its parts in the text. */
export interface Packet {
  readonly text: string;
  readonly rdf: Span;
  readonly descriptions: readonly Description[];
  /** Prefixes declared around the descriptions, and what they stand for. */
  readonly prefixes: ReadonlyMap<string, string>;
}

/**
 * Reads the RDF/XML of an XMP packet (ISO 16684-1, section 7).
 *
 * @param written the packet's text, with or without its `xpacket` wrapper
 * @returns undefined where it is not well-formed, or has no `rdf:RDF` at the top or directly below it
 */
export function parsePacket(written: string): Packet | undefined {
  // The parser would count its places without it.
  const text = withoutPadding(written.replace(/^\uFEFF/, ""));
  try {
    const { root } = parseXml(text, { includeOffsets: true });
    if (root === null) {
      return undefined;
    }
    const outer = scopeOf(root, noScope);
    const found = [root, ...elements(root)].find((element) => isRdf(element, scopeOf(element, outer), "RDF"));
    if (found === undefined) {
      return undefined;
    }
    const scope = scopeOf(found, outer);
    const prefixes = new Map([...outer.declared, ...scope.declared]);
    if (prefixes.size > mostPrefixes) {
      return undefined;
    }
    const descriptions = elements(found)
      .filter((element) => isRdf(element, scopeOf(element, scope), "Description"))
      .map((element) => describe(element, scope));
    return { text, rdf: { start: found.start, end: found.end }, descriptions, prefixes };
  } catch {
    // Not XML, or nested so deeply that the parser gave up.
    return undefined;
  }
}

/** Some writers fill a packet up with zeros, which XML does not allow. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) {
    end -= 1;
  }
  return text.slice(0, end);
}

function describe(element: XmlElement, outer: Scope): Description {
  const scope = scopeOf(element, outer);
  const properties: Property[] = [];
  const declares = new Set<string>();
  let about = "";
  for (const [written, value] of Object.entries(element.attributes)) {
    const name = resolve(written, scope, false);
    if (name.name === "about" && (name.namespace === rdfNamespace || name.namespace === "")) {
      about = value;
    } else if (written === "xmlns" || written.startsWith("xmlns:")) {
      declares.add(written);
    } else {
      properties.push({ ...name, value, place: written });
    }
  }
  for (const child of elements(element)) {
    const inner = scopeOf(child, scope);
    const place = { start: child.start, end: child.end };
    properties.push({ ...resolve(child.name, inner, true), value: textOf(child, inner), place });
  }
  return { start: element.start, end: element.end, about, properties, declares };
}

/** A property is written as text, or as an address in `rdf:resource`. */
function textOf(element: XmlElement, scope: Scope): string | null {
  const resource = Object.entries(element.attributes).find(([written]) => {
    const { namespace, name } = resolve(written, scope, false);
    return namespace === rdfNamespace && name === "resource";
  });
  return resource?.[1] ?? (elements(element).length > 0 ? null : element.text);
}

function elements(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => child instanceof XmlElement);
}

function isRdf(element: XmlElement, scope: Scope, wanted: string): boolean {
  const { namespace, name } = resolve(element.name, scope, true);
  return namespace === rdfNamespace && name === wanted;
}

function scopeOf(element: XmlElement, outer: Scope): Scope {
  const declared = Object.entries(element.attributes).flatMap(([name, value]) => {
    const prefix = name === "xmlns" ? "" : /^xmlns:(.+)$/.exec(name)?.[1];
    return prefix === undefined ? [] : [[prefix, value] as const];
  });
  return declared.length === 0 ? outer : { declared: new Map(declared), outer };
}

/** The attribute that declares a prefix; the empty one is the default namespace. */
function declaration(prefix: string): string {
  return prefix === "" ? "xmlns" : `xmlns:${prefix}`;
}

/** An attribute without a prefix is in no namespace, an element without one is in the default one. */
function resolve(written: string, scope: Scope, isElement: boolean): QName {
  const colon = written.indexOf(":");
  const prefix = colon < 0 ? "" : written.slice(0, colon);
  const namespace = prefix === "" && !isElement ? "" : meaning(prefix, scope);
  return { namespace, name: written.slice(colon + 1) };
}

function meaning(prefix: string, scope: Scope): string {
  for (let here: Scope | undefined = scope; here !== undefined; here = here.outer) {
    const found = here.declared.get(prefix);
    if (found !== undefined) {
      return found;
    }
  }
  return "";
}

/** `packet` without the properties that `unwanted` names; a description that this empties goes with them. */
export function withoutProperties(
  { text, descriptions }: Packet,
  unwanted: (name: QName) => boolean,
): string {
  const edits: (Span & { readonly by: string })[] = [];
  for (const { start, end, properties } of descriptions) {
    const removed = properties.filter(unwanted);
    if (removed.length > 0 && removed.length === properties.length) {
      edits.push({ start, end, by: "" });
      continue;
    }
    const attributes = new Set<string>();
    for (const { place } of removed) {
      if (typeof place === "string") {
        attributes.add(place);
      } else {
        edits.push({ ...place, by: "" });
      }
    }
    if (attributes.size > 0) {
      const tag = startTag(text, start);
      edits.push({ start, end: start + tag.length, by: withoutAttributes(tag, attributes) });
    }
  }
  const kept: string[] = [];
  let at = 0;
  for (const { start, end, by } of edits.toSorted((one, other) => one.start - other.start)) {
    kept.push(text.slice(at, start), by);
    at = end;
  }
  return kept.join("") + text.slice(at);
}

/** `text`, a packet's, with `more` as the last of its descriptions. */
export function withDescription({ text, rdf }: Packet, more: string): string {
  const inside = text.slice(rdf.start, rdf.end);
  const tag = startTag(inside, 0);
  const close = inside.lastIndexOf("</");
  const filled = tag.endsWith("/>")
    ? `${tag.slice(0, -2)}>${more}</${/^<([^\s/>]+)/.exec(tag)?.[1]}>`
    : inside.slice(0, close) + more + inside.slice(close);
  return text.slice(0, rdf.start) + filled + text.slice(rdf.end);
}

/** The packet's descriptions as they are written, each with the prefixes that it would lose on its own. */
export function looseDescriptions({ text, descriptions, prefixes }: Packet): string {
  const around = [...prefixes].map(([prefix, uri]) => {
    const attribute = declaration(prefix);
    return {
      mark: prefix === "" ? "" : `${prefix}:`,
      attribute,
      written: ` ${attribute}="${escapeXml(uri)}"`,
    };
  });
  return descriptions
    .map(({ start, end, declares }) => {
      const tag = startTag(text, start);
      const whole = text.slice(start, end);
      const declared = around
        .filter(({ mark, attribute }) => !declares.has(attribute) && whole.includes(mark))
        .map(({ written }) => written);
      const name = /^<[^\s/>]+/.exec(tag)?.[0] ?? "";
      return name + declared.join("") + whole.slice(name.length);
    })
    .join("");
}

/** The start tag at `start`; a `>` inside a value does not end it. */
function startTag(text: string, start: number): string {
  const tag = /<[^"'>]*(?:(?:"[^"]*"|'[^']*')[^"'>]*)*>/y;
  tag.lastIndex = start;
  return tag.exec(text)?.[0] ?? "";
}

/** Read from attribute to attribute: a search from every place would take too long for one with a million spaces. */
function withoutAttributes(tag: string, names: ReadonlySet<string>): string {
  const name = /^<[^\s/>]+/.exec(tag)?.[0] ?? "";
  const attribute = /\s*([^\s=/>]+)\s*=\s*(?:"[^"]*"|'[^']*')/y;
  const kept = [name];
  let at = name.length;
  attribute.lastIndex = at;
  for (let found = attribute.exec(tag); found !== null; found = attribute.exec(tag)) {
    kept.push(names.has(found[1] ?? "") ? "" : found[0]);
    at = attribute.lastIndex;
  }
  return kept.join("") + tag.slice(at);
}

/** `text` as XML takes it in an element and in an attribute, with the spaces that a parser would change. */
export function escapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replaceAll(/[&<>"\t\n\r]/g, (character) => named[character] ?? `&#${character.charCodeAt(0)};`);
}
