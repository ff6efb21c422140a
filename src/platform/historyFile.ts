import path from "node:path";
import {
  applyHistoryLine,
  type History,
  type HistoryLine,
  type HistoryResult,
  type HistoryRun,
  historyLine,
  type NewResult,
  runsOf,
} from "../engine/history.ts";
import type { Files } from "./files.ts";
import { LineFile, LineTail } from "./lineFile.ts";

/** The history of a workspace: one file that its windows add to and that nothing is ever taken from. */
export class HistoryFile implements History {
  readonly #file: LineFile;
  readonly #tail: LineTail;
  readonly #results = new Map<string, HistoryResult>();
  #reading: Promise<unknown> = Promise.resolve();

  /** @param storage absolute path of the extension's storage folder for the workspace, which need not exist */
  constructor(storage: string, files: Files) {
    const file = path.join(storage, "history.jsonl");
    this.#file = new LineFile(file, files);
    this.#tail = new LineTail(file, files);
  }

  async runs(): Promise<readonly HistoryRun[]> {
    return runsOf((await this.#known()).values());
  }

  async add(results: readonly NewResult[]): Promise<void> {
    const known = await this.#known();
    const news = results.filter(({ id }) => !known.has(id));
    if (news.length > 0) {
      await this.#write(news.map((result) => ({ version: 1, kind: "result", ...result })));
    }
  }

  keep(id: string, isKept: boolean): Promise<void> {
    return this.#write([{ version: 1, kind: "kept", id, isKept }]);
  }

  move(id: string, output: string): Promise<void> {
    return this.#write([{ version: 1, kind: "moved", id, output }]);
  }

  #write(lines: readonly HistoryLine[]): Promise<void> {
    return this.#file.append(lines.map((line) => JSON.stringify(line)));
  }

  async #known(): Promise<ReadonlyMap<string, HistoryResult>> {
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => undefined);
    await read;
    return this.#results;
  }

  async #read(): Promise<void> {
    const news = await this.#tail.read();
    if (news === undefined || news.isNew) {
      this.#results.clear();
    }
    for (const line of news?.lines ?? []) {
      const parsed = readLine(line);
      if (parsed !== undefined) {
        applyHistoryLine(this.#results, parsed);
      }
    }
  }
}

/** A line that was torn by a crash says nothing; its picture is found by what stands in it. */
function readLine(line: string): HistoryLine | undefined {
  try {
    const parsed = historyLine.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
