import type { Detail } from "../../engine/detail.ts";
import { whole } from "../../engine/size.ts";
import { readHeader } from "./header.ts";
import { open } from "./open.ts";
import { throwDamaged } from "./problems.ts";

/** The longer side of the thumbnail, in pixels. */
const side = 160;

/** Steps between neighbours, summed over both ways, that count: fainter ones are noise, stronger ones no more to see. */
const faintest = 16;
const strongest = 96;

/**
 * Measures how much there is to see in each column and each row of a thumbnail: edges in any channel.
 *
 * @throws RemixFailure `notAnImage` or `tooLarge`; the message continues a sentence that starts with the file's name
 */
export async function detailOf(bytes: Uint8Array): Promise<Detail> {
  const header = await readHeader(bytes);
  const picture = await open(bytes, header, whole(header));
  const { data, info } = await picture
    .resize(side, side, { fit: "inside" })
    // On grey, what is light shows its outline, and so does what is dark.
    .flatten({ background: "#808080" })
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch(throwDamaged);
  const across = new Array<number>(info.width).fill(0);
  const down = new Array<number>(info.height).fill(0);
  for (let y = 1; y < info.height - 1; y++) {
    for (let x = 1; x < info.width - 1; x++) {
      const edge = Math.max(0, Math.min(edgeAt(data, info, x, y), strongest) - faintest);
      across[x] = (across[x] ?? 0) + edge;
      down[y] = (down[y] ?? 0) + edge;
    }
  }
  return { across, down };
}

/** The strongest channel's step to the neighbours, 0 to 510. */
function edgeAt(
  data: Uint8Array,
  { width, channels }: { readonly width: number; readonly channels: number },
  x: number,
  y: number,
): number {
  let strongestChannel = 0;
  for (let channel = 0; channel < channels; channel++) {
    const at = (y * width + x) * channels + channel;
    const step = (away: number) => Math.abs((data[at + away] ?? 0) - (data[at - away] ?? 0));
    strongestChannel = Math.max(strongestChannel, step(channels) + step(width * channels));
  }
  return strongestChannel;
}
