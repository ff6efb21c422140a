/** The service's process: the emulator, with pictures that are drawn already. `node service.ts MILLISECONDS [ORIGIN]` */
import sharp from "sharp";
import { startEmulator } from "../../emulator/startEmulator.ts";
import { report } from "./messages.ts";

const [milliseconds = "300", publicOrigin] = process.argv.slice(2);
const drawn = new Map<string, Promise<Buffer>>();

/** A result of so many pixels, of the size that photographs have as JPEG. */
async function picture(width: number, height: number): Promise<Buffer> {
  const noise = { type: "gaussian", mean: 128, sigma: 14 } as const;
  return await sharp({ create: { width, height, channels: 3, background: "black", noise } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

const { origin, key, ledger, url, webSocketUrl } = await startEmulator({
  secondsPerImage: Number(milliseconds) / 1000,
  balance: 1e9,
  price: 0.06,
  inspection: "header",
  ...(publicOrigin === undefined ? {} : { publicOrigin }),
  draw: async ({ width, height, imageUUID }) => {
    const size = `${width}x${height}`;
    const known = drawn.get(size) ?? picture(width, height);
    drawn.set(size, known);
    const jpeg = await known;
    // A comment, so that no two are the same.
    const comment = Buffer.concat([
      Buffer.from([0xff, 0xfe, 0, imageUUID.length + 2]),
      Buffer.from(imageUUID, "latin1"),
    ]);
    return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
  },
});

const reached = (address: string) =>
  publicOrigin === undefined ? address : address.replace(new URL(origin).host, new URL(publicOrigin).host);
process.on("message", () => {
  const requests = ledger.requests();
  report({
    charged: ledger.charged().length,
    boughtTwice: ledger.repeatedWork().length,
    received: requests.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0),
    requests: requests.length,
  });
});
report({ endpoint: reached(url), webSocket: reached(webSocketUrl), key, own: Number(new URL(origin).port) });
