import { randomUUID } from "node:crypto";
import path from "node:path";
import { RemixFailure } from "../engine/failure.ts";
import {
  applyBinLine,
  type Bin,
  type BinEntry,
  type BinItem,
  type BinLine,
  binLine,
  contentName,
} from "../engine/review.ts";
import { contentHash } from "./contentHash.ts";
import { errorCode, writeFailure } from "./failures.ts";
import { type Files, syncFolder } from "./files.ts";
import { LineFile, LineTail } from "./lineFile.ts";
import { type PendingFiles, temporaryFile } from "./pendingFiles.ts";
import { writeWhole } from "./resultFiles.ts";

/** Content that is about to be deleted, until it is certain that no entry needs it. */
const leaving = ".leaving";

/**
 * The bin: files named by their content, `<sha256>.<extension>`, and an index that is only ever added to. An entry is
 * written down before its bytes are, and counts once they are there; it is crossed out before they are deleted. So
 * what is in the index and whole in the folder is in the bin, at whichever step a window dies.
 */
export class BinFolder implements Bin {
  readonly #folder: string;
  readonly #files: Files;
  readonly #index: LineFile;
  readonly #tail: LineTail;
  readonly #pending: PendingFiles;
  readonly #now: () => Date;
  readonly #entries = new Map<string, BinEntry>();
  #reading: Promise<unknown> = Promise.resolve();

  /** @param storage absolute path of the extension's storage folder */
  constructor(storage: string, files: Files, pending: PendingFiles, now: () => Date = () => new Date()) {
    this.#folder = path.join(storage, "bin");
    this.#files = files;
    this.#pending = pending;
    this.#now = now;
    const index = path.join(this.#folder, "index.jsonl");
    this.#index = new LineFile(index, files);
    this.#tail = new LineTail(index, files);
  }

  async entries(): Promise<readonly BinEntry[]> {
    await this.#bringBack();
    const names = new Set(await this.#names());
    return (await this.#written()).filter((entry) => names.has(contentName(entry)));
  }

  pathOf(entry: BinEntry): string {
    return path.join(this.#folder, contentName(entry));
  }

  async put(bytes: Uint8Array, item: BinItem): Promise<BinEntry> {
    // One spelling: where "A.PNG" and "a.png" are one file, it is the same content of both.
    const extension = path.extname(item.origin).toLowerCase();
    const entry: BinEntry = {
      ...item,
      id: randomUUID(),
      time: this.#now().toISOString(),
      sha256: await contentHash(bytes),
      extension: /^\.[a-z0-9]{1,16}$/.test(extension) ? extension : "",
      size: bytes.length,
    };
    await this.#write([{ version: 1, kind: "put", ...entry }]);
    try {
      await this.#makeSure(bytes, entry);
      return entry;
    } catch (error) {
      // Without its bytes it counts for nothing; crossed out, it does not come back with the same bytes of another.
      await this.#write([this.#left(entry)]).catch(() => undefined);
      throw error instanceof RemixFailure ? error : writeFailure(error, this.#folder);
    }
  }

  async #makeSure(bytes: Uint8Array, entry: BinEntry): Promise<void> {
    // Twice: another window may be deleting the same content, for the last time before it sees the new entry.
    for (let attempt = 0; attempt < 2; attempt++) {
      if (!(await this.#holds(entry))) {
        await this.#store(bytes, entry);
      }
      if (await this.#holds(entry)) {
        return;
      }
    }
    const message = `What was written to ${this.#folder} reads back as something else. Check the disk, then try again.`;
    throw new RemixFailure("unknown", message);
  }

  async read(entry: BinEntry): Promise<Uint8Array> {
    const bytes = await this.#files.readFile(this.pathOf(entry)).catch((error: unknown) => {
      const message = `${path.basename(entry.origin)} is no longer in the bin (${this.pathOf(entry)}).`;
      throw new RemixFailure("unknown", message, { cause: error });
    });
    if ((await contentHash(bytes)) !== entry.sha256) {
      const message = `${this.pathOf(entry)} is damaged: it is not what was put into the bin.`;
      throw new RemixFailure("unknown", message);
    }
    return bytes;
  }

  async remove(entries: readonly BinEntry[]): Promise<void> {
    await this.#write(entries.map((entry) => this.#left(entry)));
    for (const name of new Set(entries.map(contentName))) {
      await this.#removeUnneeded(name);
    }
  }

  /** Deletes content that no entry needs. What cannot be deleted lies there unused. */
  async #removeUnneeded(name: string): Promise<void> {
    const aside = path.join(this.#folder, `${name}${leaving}`);
    try {
      if (await this.#isNeeded(name)) {
        return;
      }
      await this.#files.rename(path.join(this.#folder, name), aside);
      await this.#settle(name);
    } catch {
      // `entries` looks after what was put aside.
    }
  }

  /** Decides over content that was put aside: from now on, whoever puts the same writes it anew. */
  async #settle(name: string): Promise<void> {
    const aside = path.join(this.#folder, `${name}${leaving}`);
    if (await this.#isNeeded(name)) {
      await this.#files.rename(aside, path.join(this.#folder, name));
    } else {
      await this.#files.rm(aside, { force: true });
    }
  }

  /** Content that a window has put aside before it died. */
  async #bringBack(): Promise<void> {
    const names = await this.#names();
    for (const name of names.filter((name) => name.endsWith(leaving))) {
      await this.#settle(name.slice(0, -leaving.length)).catch(() => undefined);
    }
  }

  async #names(): Promise<readonly string[]> {
    return this.#files.readdir(this.#folder).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") {
        return [];
      }
      throw error;
    });
  }

  async #isNeeded(name: string): Promise<boolean> {
    return (await this.#written()).some((entry) => contentName(entry) === name);
  }

  async #holds(entry: BinEntry): Promise<boolean> {
    try {
      return (await contentHash(await this.#files.readFile(this.pathOf(entry)))) === entry.sha256;
    } catch (error) {
      if (errorCode(error) === "ENOENT") {
        return false;
      }
      throw error;
    }
  }

  async #store(bytes: Uint8Array, entry: BinEntry): Promise<void> {
    const temporary = temporaryFile(this.#folder, entry.id);
    const forget = await this.#pending.note(temporary);
    try {
      await writeWhole(this.#files, temporary, bytes);
      // What has the name is the same content, or a damaged copy of it.
      await this.#files.rename(temporary, this.pathOf(entry));
      await syncFolder(this.#files, this.#folder);
    } finally {
      // What cannot be taken back now is cleared away at the next start.
      await this.#files
        .rm(temporary, { force: true })
        .then(forget)
        .catch(() => undefined);
    }
  }

  #left({ id }: BinEntry): BinLine {
    return { version: 1, kind: "left", id, time: this.#now().toISOString() };
  }

  #write(lines: readonly BinLine[]): Promise<void> {
    return this.#index.append(lines.map((line) => JSON.stringify(line)));
  }

  /** What the index says, whether or not the bytes are there. */
  async #written(): Promise<readonly BinEntry[]> {
    const read = this.#reading.then(async () => {
      const news = await this.#tail.read();
      if (news === undefined || news.isNew) {
        this.#entries.clear();
      }
      for (const line of news?.lines ?? []) {
        const parsed = readLine(line);
        if (parsed !== undefined) {
          applyBinLine(this.#entries, parsed);
        }
      }
    });
    this.#reading = read.catch(() => undefined);
    await read;
    return [...this.#entries.values()];
  }
}

/** A line that was torn by a crash says nothing: its call had not returned. */
function readLine(line: string): BinLine | undefined {
  try {
    const parsed = binLine.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
