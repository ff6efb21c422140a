import path from "node:path";
import { type Charge, charge, type Ledger } from "../engine/ledger.ts";
import type { Files } from "./files.ts";
import { LineFile, LineTail } from "./lineFile.ts";

/** The ledger: one file that all windows add to and that nothing is ever taken from. */
export class LedgerFile implements Ledger {
  readonly #file: LineFile;
  readonly #tail: LineTail;
  #known = new Map<string, Charge>();
  #reading: Promise<unknown> = Promise.resolve();

  /** @param storage absolute path of the extension's storage folder */
  constructor(storage: string, files: Files) {
    const file = path.join(storage, "ledger.jsonl");
    this.#file = new LineFile(file, files);
    this.#tail = new LineTail(file, files);
  }

  async charges(): Promise<readonly Charge[]> {
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => undefined);
    await read;
    return [...this.#known.values()];
  }

  add(entry: Charge): Promise<void> {
    return this.#file.append([JSON.stringify(entry)]);
  }

  async #read(): Promise<void> {
    const news = await this.#tail.read();
    if (news === undefined || news.isNew) {
      this.#known = new Map();
    }
    for (const line of news?.lines ?? []) {
      const entry = readCharge(line);
      if (entry !== undefined && !this.#known.has(entry.imageUUID)) {
        this.#known.set(entry.imageUUID, entry);
      }
    }
  }
}

/** A line that was torn by a crash is no charge: its call had not returned, so that the task is still open. */
function readCharge(line: string): Charge | undefined {
  try {
    const parsed = charge.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
