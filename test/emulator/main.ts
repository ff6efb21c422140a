/**
 * `npm run emulator`: a Runware of one's own, for trying the paid path without paying.
 *
 *   npm run emulator -- --port 4517 --seconds-per-image 5
 */
import { parseArgs } from "node:util";
import { drawRestyled } from "./drawing/restyled.ts";
import { startEmulator } from "./startEmulator.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    "seconds-per-image": { type: "string", default: "3" },
  },
});
const port = numberOf("port", values.port);
const secondsPerImage = numberOf("seconds-per-image", values["seconds-per-image"]);
const emulator = await startEmulator({ port, secondsPerImage, draw: drawRestyled });
console.log(`The emulator listens at ${emulator.url}. Nothing is charged; Ctrl+C stops it.

1. Put this into the user settings (not the workspace's):

     "imageRemix.provider": "runware",
     "imageRemix.runware.endpoint": "${emulator.url}"

2. Run "Image Remix: Set Runware API Key" and type this key, or start VS Code with it in RUNWARE_API_KEY:

     ${emulator.key}

What it has seen: ${emulator.origin}/__emulator/ledger
To break something (what there is: ${emulator.origin}/__emulator/catalogue):
  curl -d '{"name": "rateLimited", "retryAfter": "5"}' ${emulator.origin}/__emulator/faults`);

process.once("SIGINT", () => void emulator.close());
process.once("SIGTERM", () => void emulator.close());

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number) || number < 0) {
    console.error(`--${name} takes a number of 0 or more, not "${text}".`);
    process.exit(2);
  }
  return number;
}
