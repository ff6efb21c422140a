/**
 * The part of a JPEG before its pixels (ITU T.81, B.2.3), which is all that its header is read from: far less than the
 * file, where that has to be copied.
 *
 * @returns a copy; the bytes themselves where they are no JPEG, or one without a start of scan
 */
export function jpegHead(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== startOfImage) {
    return bytes;
  }
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = view.getUint16(at);
    if (marker < 0xff00) {
      return bytes;
    }
    if (marker === fill) {
      at += 1;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === startOfScan) {
      return new Uint8Array(bytes.subarray(0, end + someData));
    }
    at = end;
  }
  return bytes;
}

const startOfImage = 0xffd8;
const startOfScan = 0xffda;
/** Any number of these may stand before a marker. */
const fill = 0xffff;

/** Decoders want to see that data follows. */
const someData = 1024;
