import path from "node:path";
import {
  type History,
  type Made,
  made,
  type SavedPlace,
  type SavedPlaces,
  savedPlace,
} from "../engine/history.ts";
import type { Files } from "./files.ts";
import { LineFile, LineTail } from "./lineFile.ts";

/** The results made on this machine: one file that all windows add to and that nothing is ever taken from. */
export class HistoryFile implements History, SavedPlaces {
  readonly #file: LineFile;
  readonly #tail: LineTail;
  #known = new Map<string, Made>();
  #places = new Map<string, string>();
  #reading: Promise<unknown> = Promise.resolve();

  /** @param storage absolute path of the extension's storage folder */
  constructor(storage: string, files: Files) {
    const file = path.join(storage, "history.jsonl");
    this.#file = new LineFile(file, files);
    this.#tail = new LineTail(file, files);
  }

  async results(): Promise<ReadonlyMap<string, Made>> {
    await this.#readNews();
    return new Map(this.#known);
  }

  async madeSince(time: Date): Promise<readonly Made[]> {
    await this.#readNews();
    return [...this.#known.values()].filter((made) => Date.parse(made.time) > time.getTime());
  }

  async places(): Promise<ReadonlyMap<string, string>> {
    await this.#readNews();
    return new Map(this.#places);
  }

  add(result: Made): Promise<void> {
    return this.#file.append([JSON.stringify(result)]);
  }

  addPlace(place: SavedPlace): Promise<void> {
    return this.#file.append([JSON.stringify(place)]);
  }

  async #readNews(): Promise<void> {
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => undefined);
    await read;
  }

  async #read(): Promise<void> {
    const news = await this.#tail.read();
    if (news === undefined || news.isNew) {
      this.#known = new Map();
      this.#places = new Map();
    }
    for (const line of news?.lines ?? []) {
      const written = parsed(line);
      const result = made.safeParse(written);
      const place = savedPlace.safeParse(written);
      if (result.success) {
        this.#known.set(result.data.sha256, result.data);
      } else if (place.success) {
        this.#places.set(place.data.output, place.data.sha256);
      }
    }
  }
}

/** A line that was torn by a crash belongs to a result that was not saved then. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
