/** Bytes per call: more arguments than some engines take would be 65,536. */
const chunk = 0x6000;

/** Standard Base64 with padding, in one line. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // A multiple of three bytes has no padding, so that the parts can be joined.
  for (let start = 0; start < bytes.length; start += chunk) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + chunk)));
  }
  return text;
}

/**
 * Reads Base64 as the service may write it: with white space, behind a `data:` prefix, in the URL-safe alphabet,
 * without padding.
 *
 * @returns undefined for what is no Base64
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const bare = text
    .replace(/^\s*data:[^,]{0,200},/, "")
    .replaceAll(/\s+/g, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/");
  try {
    const decoded = atob(bare);
    const bytes = new Uint8Array(decoded.length);
    for (let index = 0; index < decoded.length; index++) {
      bytes[index] = decoded.charCodeAt(index);
    }
    return bytes;
  } catch {
    return undefined;
  }
}
