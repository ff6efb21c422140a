/** Whether a path starts at a root, a drive, a share or a scheme, by the rules of any system. */
export function isAbsolutePath(path: string): boolean {
  return /^([/\\]|[a-z][a-z\d+.-]*:)/i.test(path);
}

/** Whether a path says where something lies from somewhere else. A name like `a:b.png` is written `./a:b.png`. */
export function isRelativePath(path: string): boolean {
  return path !== "" && !path.includes("\0") && !isAbsolutePath(path);
}

/**
 * A style reference as others may see it: an address without query, fragment and user, which may be secret; of an
 * absolute path, which tells about a machine, only the file's name.
 */
export function publicReference(reference: string): string {
  if (/^https?:\/\//i.test(reference) && URL.canParse(reference)) {
    const { origin, pathname } = new URL(reference);
    return `${origin}${pathname}`;
  }
  if (!isAbsolutePath(reference)) {
    return reference;
  }
  const isPath = /^([/\\]|[a-z]:)/i.test(reference);
  return (isPath && reference.split(/[/\\:]/).findLast((part) => part !== "")) || "(not recorded)";
}

/**
 * The address of a file as it stands in a document, percent-encoded so that nothing in it can end a link.
 *
 * @param folder absolute path of the document's folder, with `/`
 * @param file absolute path of the file, with `/`
 */
export function relativeAddress(folder: string, file: string): string {
  const partsOf = (path: string) => path.split("/").filter((part) => part !== "");
  const [from, to] = [partsOf(folder), partsOf(file)];
  const different = from.findIndex((part, index) => part !== to[index]);
  const common = different < 0 ? from.length : different;
  const parts = [...from.slice(common).map(() => ".."), ...to.slice(common)];
  const encoded = parts.map((part) =>
    encodeURIComponent(part.replaceAll(/\p{Cs}/gu, "\ufffd")).replaceAll(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16)}`,
    ),
  );
  return encoded.join("/");
}
