import sharp from "sharp";
import { restyle } from "../../../src/providers/local/restyle.ts";
import { cropped, type DrawRequest, finish } from "./draw.ts";

/** The painter for people: the extension's own local engine. Takes the thread for as long as that needs. */
export async function drawRestyled(request: DrawRequest): Promise<Uint8Array> {
  const { data, info } = await cropped(request)
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
  const drawn = restyle({ width: info.width, height: info.height, data: pixels }, request);
  const raw = { width: drawn.width, height: drawn.height, channels: 4 } as const;
  return finish(sharp(drawn.data, { raw }), request);
}
