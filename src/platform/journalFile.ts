import { randomUUID } from "node:crypto";
import { RemixFailure } from "../engine/failure.ts";
import {
  applyLine,
  type JournalLine,
  type JournalNote,
  journalLine,
  type OpenTask,
  type OpenTasks,
} from "../engine/journal.ts";
import { errorCode, writeFailure } from "./failures.ts";
import type { Files } from "./files.ts";
import { LineFile } from "./lineFile.ts";

/** A journal that has grown by this many bytes is rewritten without the tasks that have ended. */
const compactAfter = 4_000_000;

/** What the names of half-written journals end with. */
export const draftExtension = ".tmp";

/** What stands in a journal. */
export interface JournalContent {
  readonly tasks: OpenTasks;
  /** Whether there are lines that this version does not understand: written by a later one. */
  readonly isForeign: boolean;
}

/**
 * Reads a whole journal. A line that was torn by a crash says nothing: its call had not returned.
 *
 * @throws RemixFailure where the file is there and cannot be read
 */
export async function readJournal(file: string, files: Files): Promise<JournalContent> {
  const text = await files.readFile(file, "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") {
      return "";
    }
    throw writeFailure(error, file);
  });
  const tasks: OpenTasks = new Map();
  let isForeign = false;
  for (const line of text.split("\n")) {
    const read = readLine(line);
    if (read === "foreign") {
      isForeign = true;
    } else if (read !== "torn") {
      applyLine(tasks, read);
    }
  }
  return { tasks, isForeign };
}

/** One line of a journal; `foreign` for JSON that this version does not understand. */
export function readLine(line: string): JournalLine | "torn" | "foreign" {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return "torn";
  }
  const parsed = journalLine.safeParse(json);
  return parsed.success ? parsed.data : "foreign";
}

/**
 * One journal, of which this process is the only writer. The file is made by the first line and removed with the last
 * open task, so that a window in which nothing is pending leaves none.
 */
export class JournalFile {
  readonly path: string;
  readonly #files: Files;
  readonly #now: () => Date;
  readonly #lines: LineFile;
  readonly #tasks: OpenTasks;
  #exists: boolean;
  #isLost = false;
  #grown = 0;
  /** Housekeeping and the line that makes the file are done alone; everything else waits for them. */
  #turn: Promise<unknown> = Promise.resolve();
  #writing = 0;

  /** @param tasks what stands in the file; absent for a file that is still to be made */
  constructor(path: string, files: Files, now: () => Date = () => new Date(), tasks?: OpenTasks) {
    this.path = path;
    this.#files = files;
    this.#now = now;
    this.#lines = new LineFile(path, files);
    this.#tasks = tasks ?? new Map();
    this.#exists = tasks !== undefined;
  }

  /** The open tasks as far as they are on disk. */
  get tasks(): ReadonlyMap<string, OpenTask> {
    return this.#tasks;
  }

  /** Whether another window has taken the journal over: its tasks are no longer this window's. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Writes notes, in one piece, and resolves once they are on disk.
   *
   * @throws RemixFailure `readOnly`, `diskFull` or `unknown`; `unknown` also where another window has taken the
   *   journal over
   */
  async write(notes: readonly JournalNote[]): Promise<void> {
    const time = this.#now().toISOString();
    const lines = notes.map((note): JournalLine => ({ version: 1, time, ...note }));
    const texts = lines.map((line) => JSON.stringify(line));
    for (let turn: unknown; turn !== this.#turn; ) {
      turn = this.#turn;
      await turn;
    }
    this.#writing++;
    try {
      // A file that another window has taken over must not be made anew.
      await (this.#exists ? this.#lines.extend(texts) : this.#make(texts));
    } catch (error) {
      this.#isLost ||= this.#exists && isGone(error);
      throw this.#isLost ? takenOver(error) : error;
    } finally {
      this.#writing--;
    }
    for (const line of lines) {
      applyLine(this.#tasks, line);
    }
    this.#grown += texts.reduce((sum, text) => sum + text.length, 0);
    if (this.#writing === 0 && (this.#tasks.size === 0 || this.#grown > compactAfter)) {
      const cleaned = this.#turn.then(() => this.#clean());
      this.#turn = cleaned.catch(() => undefined);
      await this.#turn;
    }
  }

  #make(texts: readonly string[]): Promise<void> {
    const made = this.#lines.append(texts).then(() => {
      this.#exists = true;
    });
    this.#turn = made.catch(() => undefined);
    return made;
  }

  /** Takes away what is no longer needed. Whatever fails here is repaired by the next window. */
  async #clean(): Promise<void> {
    if (!this.#exists) {
      return;
    }
    if (this.#tasks.size === 0) {
      await this.#files.rm(this.path, { force: true });
      this.#exists = false;
      this.#grown = 0;
      return;
    }
    const text = await this.#files.readFile(this.path, "utf8");
    const open = text.split("\n").filter((line) => {
      const read = readLine(line);
      return typeof read === "object" && this.#tasks.has(read.taskUUID);
    });
    const draft = `${this.path}.${randomUUID()}${draftExtension}`;
    const handle = await this.#files.open(draft, "wx");
    try {
      await handle.writeFile(open.map((line) => `${line}\n`).join(""));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await this.#files.rename(draft, this.path);
    this.#grown = 0;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && errorCode(error.cause) === "ENOENT";
}

function takenOver(cause: unknown): RemixFailure {
  return new RemixFailure(
    "unknown",
    "Another window has taken this window's unfinished tasks over, since it did not answer for a while. Nothing was sent. Try again.",
    { cause },
  );
}
