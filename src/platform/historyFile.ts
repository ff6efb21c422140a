import path from "node:path";
import { type History, type Made, made } from "../engine/history.ts";
import type { Files } from "./files.ts";
import { LineFile, LineTail } from "./lineFile.ts";

/** The results made on this machine: one file that all windows add to and that nothing is ever taken from. */
export class HistoryFile implements History {
  readonly #file: LineFile;
  readonly #tail: LineTail;
  #known = new Map<string, Made>();
  #reading: Promise<unknown> = Promise.resolve();

  /** @param storage absolute path of the extension's storage folder */
  constructor(storage: string, files: Files) {
    const file = path.join(storage, "history.jsonl");
    this.#file = new LineFile(file, files);
    this.#tail = new LineTail(file, files);
  }

  async results(): Promise<ReadonlyMap<string, Made>> {
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => undefined);
    await read;
    return new Map(this.#known);
  }

  add(result: Made): Promise<void> {
    return this.#file.append([JSON.stringify(result)]);
  }

  async #read(): Promise<void> {
    const news = await this.#tail.read();
    if (news === undefined || news.isNew) {
      this.#known = new Map();
    }
    for (const line of news?.lines ?? []) {
      const result = readMade(line);
      if (result !== undefined) {
        this.#known.set(result.sha256, result);
      }
    }
  }
}

/** A line that was torn by a crash belongs to a result that was not saved then. */
function readMade(line: string): Made | undefined {
  try {
    const parsed = made.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
