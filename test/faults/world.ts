/** What is around windows in these tests: a service that draws tiny pictures, a folder, and its sources. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { sha256 } from "../emulator/ledger.ts";
import { type Emulator, startEmulator } from "../emulator/startEmulator.ts";
import type { Place } from "./window.ts";

const blank = await sharp({ create: { width: 12, height: 8, channels: 3, background: "teal" } })
  .png()
  .toBuffer();

/** Bytes of the last chunk of a PNG. */
const lastChunk = 12;

/** A whole PNG that holds `text`, so that no two are the same. */
export function tinyPicture(text: string): Uint8Array {
  const content = Buffer.from(`tEXtComment\0${text}`, "latin1");
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(content.length - 4, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return Buffer.concat([blank.subarray(0, -lastChunk), chunk, blank.subarray(-lastChunk)]);
}

/** A service and a folder. */
export interface World {
  readonly emulator: Emulator;
  /** UUIDs of the pictures that were drawn, by the SHA-256 of their bytes. */
  readonly drawn: Map<string, string>;
  readonly root: string;
  /** Where the sources lie. */
  readonly pictures: string;
  readonly place: Place;
  /** Absolute paths of the sources. */
  readonly sources: readonly string[];
  /** SHA-256 of every file that was there at the beginning, by its path. */
  readonly before: ReadonlyMap<string, string>;
}

/** The service alone. */
export interface Service {
  readonly emulator: Emulator;
  readonly drawn: Map<string, string>;
  /** Lets no picture be finished until what is returned is called. */
  readonly holdDrawing: () => () => void;
}

/**
 * @param steps polls that find a result in the making
 * @param secondsPerImage real seconds that a result takes
 */
export async function startService(steps = 1, secondsPerImage = 0): Promise<Service> {
  const drawn = new Map<string, string>();
  let hold = Promise.resolve();
  const emulator = await startEmulator({
    progressSteps: steps,
    secondsPerImage,
    balance: 100_000,
    price: 0.06,
    draw: async ({ imageUUID }) => {
      await hold;
      const bytes = tinyPicture(imageUUID);
      drawn.set(sha256(bytes), imageUUID);
      return bytes;
    },
  });
  const holdDrawing = () => {
    let letGo = () => {};
    hold = new Promise((resolve) => {
      letGo = resolve;
    });
    return () => letGo();
  };
  return { emulator, drawn, holdDrawing };
}

/** A new folder with `count` sources, at a service that knows nothing of earlier ones. */
export function newWorld({ emulator, drawn }: Service, count = 1): World {
  emulator.reset();
  drawn.clear();
  const root = mkdtempSync(path.join(os.tmpdir(), "image-remix-faults-"));
  const pictures = path.join(root, "pictures");
  mkdirSync(pictures);
  const sources = Array.from({ length: count }, (_, index) => path.join(pictures, `tin${index}.png`));
  for (const file of sources) {
    writeFileSync(file, tinyPicture(path.basename(file)));
  }
  // In the way of the first result.
  writeFileSync(path.join(pictures, "tin0.remix-1.png"), tinyPicture("somebody else's"));
  const before = new Map(filesIn(pictures).map((file) => [file, sha256(readFileSync(file))]));
  const place = { storage: path.join(root, "storage"), endpoint: emulator.url, key: emulator.key };
  return { emulator, drawn, root, pictures, place, sources, before };
}

export function removeWorld({ root }: World): void {
  rmSync(root, { recursive: true, force: true });
}

/** Absolute paths of all files in a folder and below it; none where there is no folder. */
export function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}

/** A number that no process has: Linux gives out at most 2^22, others fewer. */
const deadPid = 2 ** 22 + 1;

/** Lets all windows that this process played so far be those of a process that is gone. */
export function bury({ place }: World): void {
  for (const file of filesIn(place.storage).filter((name) => /\.(lease|lease\.tmp|json)$/.test(name))) {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(`"pid":${process.pid},`, `"pid":${deadPid},`));
  }
}
