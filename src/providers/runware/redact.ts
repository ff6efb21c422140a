/** Characters of a text from outside that are kept in details; more would only fill the log. */
const detailLength = 8000;
/** Characters that are looked at: replies with pictures in them have tens of millions. */
const readLength = 200_000;
/** Characters of the smallest picture that is worth a detour. */
const pictureLength = 5000;
/** Longer than any key. */
const longestWord = 500;
const shortLength = 240;

/** `text` fit for log and clipboard: without the key, image data and the query of addresses, and of bounded length. */
export function redacted(text: string, key: string | undefined): string {
  const withoutImages = head(withoutPictures(text), readLength)
    .replaceAll(/data:[\w/+.-]*;base64,[\w+/=-]*/g, "data:…")
    .replaceAll(/[\w+/=-]{200,}/g, "…");
  const withoutQueries = head(withoutImages, 2 * detailLength)
    .replaceAll(/(https?:\/\/[^\s"'<>?#]*)[?#][^\s"'<>]*/g, "$1?…")
    .replaceAll(/(https?:\/\/)[^\s"'<>/@]*@/g, "$1…@");
  const withoutKey = key === undefined || key === "" ? withoutQueries : withoutQueries.replaceAll(key, "…");
  return withoutKey.slice(0, detailLength);
}

/**
 * The beginning of `text` without the megabytes that a picture has in JSON: going from quote to quote costs next to
 * nothing, where a pattern would look at every character.
 */
function withoutPictures(text: string): string {
  let kept = "";
  for (let at = 0; at <= text.length && kept.length <= readLength; ) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    const isPicture = end - at >= pictureLength && /^[\w+/=:;,.-]+$/.test(text.slice(at, at + longestWord));
    const name = text.startsWith("data:", at) ? "data:…" : "…";
    kept += `${isPicture ? name : text.slice(at, end)}${quote === -1 ? "" : '"'}`;
    at = end + 1;
  }
  return kept;
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
