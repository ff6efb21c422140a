import sharp from "sharp";
import { number32 } from "../random.ts";
import { cropped, type DrawRequest, finish } from "./draw.ts";

/**
 * The quick painter, for tests: the reference with its colours drawn towards one that follows from prompt and
 * seed, the more so the greater the strength.
 */
export async function drawTinted(request: DrawRequest): Promise<Uint8Array> {
  const { data, info } = await cropped(request)
    .flatten({ background: "white" })
    .recomb(towards(colourOf(request), request.remixStrength / 100))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return finish(sharp(data, { raw: { width, height, channels } }), request);
}

type Colour = readonly [red: number, green: number, blue: number];

function colourOf({ positivePrompt, styleType, seed }: DrawRequest): Colour {
  const hue = number32(`${positivePrompt}/${styleType}/${seed}`) / 2 ** 32;
  return [0, 1 / 3, 2 / 3].map((turn) => 1 + Math.cos(2 * Math.PI * (hue - turn))) as unknown as Colour;
}

/** The matrix that mixes a picture with its own brightness in `colour`; the weights are those of Rec. 601 luma. */
function towards(colour: Colour, share: number): [Row, Row, Row] {
  const row = (channel: 0 | 1 | 2): Row => {
    const own = (other: number): number => (other === channel ? 1 - share : 0);
    const tone = share * colour[channel];
    return [own(0) + 0.299 * tone, own(1) + 0.587 * tone, own(2) + 0.114 * tone];
  };
  return [row(0), row(1), row(2)];
}

type Row = [number, number, number];
