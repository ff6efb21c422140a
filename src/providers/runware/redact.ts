/** Characters of a text from outside that are kept in details; more would only fill the log. */
const detailLength = 8000;
/** Characters that are looked at: replies with pictures in them have tens of millions. */
const readLength = 200_000;
/** Longer than any key. */
const longestWord = 500;
const shortLength = 240;

/** `text` fit for log and clipboard: without the key, image data and the query of addresses, and of bounded length. */
export function redacted(text: string, key: string | undefined): string {
  const withoutImages = head(text, readLength)
    .replaceAll(/data:[\w/+.-]*;base64,[\w+/=-]*/g, "data:…")
    .replaceAll(/[\w+/=-]{200,}/g, "…");
  const withoutQueries = head(withoutImages, 2 * detailLength)
    .replaceAll(/(https?:\/\/[^\s"'<>?#]*)[?#][^\s"'<>]*/g, "$1?…")
    .replaceAll(/(https?:\/\/)[^\s"'<>/@]*@/g, "$1…@");
  const withoutKey = key === undefined || key === "" ? withoutQueries : withoutQueries.replaceAll(key, "…");
  return withoutKey.slice(0, detailLength);
}

/**
 * The first `length` characters of a longer text, without the last word: that could be half a key, which would not be
 * recognised.
 */
function head(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  const start = length - longestWord;
  return `${text.slice(0, start)}${text.slice(start, length).replace(/[^\s"']*$/, "…")}`;
}

/** Text of a stranger as one plain line for a message: no markup, no line breaks, at most some 240 characters. */
export function oneLine(text: string): string {
  const plain = text
    .slice(0, 20 * shortLength)
    .replaceAll(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, " ")
    .replaceAll(/<[^>]*(>|$)/g, " ")
    // Control characters, and those that turn the direction of the text around.
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return plain.length > shortLength ? `${plain.slice(0, shortLength).trimEnd()}…` : plain;
}

/** An address without what may be secret in it: query, fragment and credentials. */
export function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) {
    return "…";
  }
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
