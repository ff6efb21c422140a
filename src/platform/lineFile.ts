import { constants } from "node:fs";
import path from "node:path";
import { errorCode, writeFailure } from "./failures.ts";
import { type Files, syncFolder } from "./files.ts";

const newLine = 0x0a;

/** Lines that wait to be written, and who waits for them. */
interface Waiting {
  readonly text: string;
  /** Flag for opening the file: whether it may be made. */
  readonly creation: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A file to which lines are only ever added, each on disk before its call returns. Calls that come while others are
 * being written are written together. Several processes may add to the same file, since each piece is added whole.
 */
export class LineFile {
  readonly path: string;
  readonly #files: Files;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(file: string, files: Files) {
    this.path = file;
    this.#files = files;
  }

  /**
   * Adds lines, and creates the file where it is missing.
   *
   * @throws RemixFailure `readOnly`, `diskFull` or `unknown`; the lines may be there all the same
   */
  append(lines: readonly string[]): Promise<void> {
    return this.#append(lines, constants.O_CREAT);
  }

  /** Adds lines to a file that is there; a file that is gone is not created anew. Otherwise like `append`. */
  extend(lines: readonly string[]): Promise<void> {
    return this.#append(lines, 0);
  }

  #append(lines: readonly string[], creation: number): Promise<void> {
    const text = lines.map((line) => `${line}\n`).join("");
    const written = new Promise<void>((resolve, reject) =>
      this.#waiting.push({ text, creation, resolve, reject }),
    );
    if (!this.#isWriting) {
      void this.#writeAll();
    }
    return written;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const creation = group.reduce((flags, one) => flags | one.creation, 0);
        await this.#write(group.map(({ text }) => text).join(""), creation);
        for (const { resolve } of group) {
          resolve();
        }
      } catch (error) {
        const failure = writeFailure(error, path.dirname(this.path));
        for (const { reject } of group) {
          reject(failure);
        }
      }
    }
    this.#isWriting = false;
  }

  async #write(text: string, creation: number): Promise<void> {
    const folder = path.dirname(this.path);
    if (creation !== 0) {
      await this.#files.mkdir(folder, { recursive: true });
    }
    const flags = constants.O_RDWR | constants.O_APPEND | creation;
    const file = await this.#files.open(this.path, flags);
    try {
      const { size } = await file.stat();
      const last = size > 0 ? (await file.read(new Uint8Array(1), 0, 1, size - 1)).buffer[0] : newLine;
      // Behind a line that was torn by a crash, a new one would be lost with it.
      await file.appendFile(last === newLine ? text : `\n${text}`);
      await file.datasync();
      if (size === 0) {
        await syncFolder(this.#files, folder);
      }
    } finally {
      await file.close();
    }
  }
}

/** Reads a file that grows: each time the lines that have come since the last. */
export class LineTail {
  readonly #file: string;
  readonly #files: Files;
  #position = 0;
  #identity: unknown;

  constructor(file: string, files: Files) {
    this.#file = file;
    this.#files = files;
  }

  /**
   * @returns the new whole lines, in their order; `isNew` where the file is another than the last time, so that what
   *   was read before no longer counts; undefined where there is no file
   */
  async read(): Promise<{ readonly lines: readonly string[]; readonly isNew: boolean } | undefined> {
    try {
      const handle = await this.#files.open(this.#file, "r");
      try {
        const { size, ino } = await handle.stat();
        const isNew = ino !== this.#identity || size < this.#position;
        this.#identity = ino;
        this.#position = isNew ? 0 : this.#position;
        const buffer = new Uint8Array(size - this.#position);
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#position);
        const whole = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(newLine) + 1);
        this.#position += whole.length;
        const text = new TextDecoder().decode(whole);
        return { lines: text.split("\n").filter((line) => line !== ""), isNew };
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (errorCode(error) === "ENOENT") {
        this.#identity = undefined;
        this.#position = 0;
        return undefined;
      }
      throw error;
    }
  }
}
