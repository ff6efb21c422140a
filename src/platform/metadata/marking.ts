import { type Marking, markingIn } from "../../engine/marking.ts";
import { maxPacket, packetText } from "./bytes.ts";
import { containerOf, foreseen } from "./provenance.ts";

/**
 * What a picture's XMP says of how it came to be, in any format: where its parts are not known, packets are looked for
 * in its bytes (XMP specification part 3, section 4, "Scanning files for XMP packets").
 *
 * @throws RemixFailure `notAnImage` for damaged bytes, `tooLarge` for absurd metadata; the message continues a
 *   sentence that starts with the file's name
 */
export async function readMarking(bytes: Uint8Array): Promise<Marking> {
  const container = containerOf(bytes);
  return foreseen(() => markingIn(container === undefined ? packetsWithin(bytes) : container.packets(bytes)));
}

/** Packets in one file that are read: a document that holds pictures has one for each. */
const mostPackets = 50;

const [packetStart, packetEnd] = ["<x:xmpmeta", "</x:xmpmeta>"];

function packetsWithin(bytes: Uint8Array): readonly string[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: string[] = [];
  let start = file.indexOf(packetStart);
  while (start >= 0 && packets.length < mostPackets) {
    const end = file.indexOf(packetEnd, start);
    if (end < 0) {
      break;
    }
    const whole = end + packetEnd.length;
    const text = whole - start <= maxPacket ? packetText(file.subarray(start, whole)) : undefined;
    packets.push(...(text === undefined ? [] : [text]));
    start = file.indexOf(packetStart, whole);
  }
  return packets;
}
