/**
 * Whether an ICC profile calls itself sRGB in its description (ICC.1:2022, 7.3 for the table of tags; 9.2.41). A wrong no costs
 * a conversion; any other name is a no.
 */
export function describesSrgb(profile: Uint8Array): boolean {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  const entries =
    profile.length < 132 ? 0 : Math.min(view.getUint32(128), Math.floor((profile.length - 132) / 12));
  for (let entry = 0; entry < entries; entry++) {
    const at = 132 + entry * 12;
    if (view.getUint32(at) === descriptionTag) {
      const start = view.getUint32(at + 4);
      const text = new TextDecoder("latin1").decode(profile.subarray(start, start + view.getUint32(at + 8)));
      return /\bsRGB\b/.test(text.replaceAll("\0", ""));
    }
  }
  return false;
}

/** `desc` as a big-endian number. */
const descriptionTag = 0x64657363;
