import { randomUUID } from "node:crypto";
import path from "node:path";
import type {
  JournalNote,
  OpenTask,
  Received,
  Settlement,
  StagedResult,
  Submission,
  TakenOver,
  TaskPlan,
  WindowJournal,
} from "../engine/journal.ts";
import { errorCode } from "./failures.ts";
import type { Files } from "./files.ts";
import { draftExtension, JournalFile, readJournal } from "./journalFile.ts";
import type { Leases } from "./leases.ts";
import { journalExtension, journalFolder } from "./pendingMarker.ts";

/** How often all journals are read at most before what was found must do. */
const mostLooks = 5;

/** The window that a journal belongs to, by its name. */
function windowOf(name: string): string {
  return name.split("@")[0] ?? "";
}

/**
 * The journals of all windows: files named `<window>@<number>.jsonl`, each written by the window of its name only. A
 * window takes the journal of another over by renaming it, which of several windows only one can.
 */
export class JournalFolder implements WindowJournal {
  readonly #folder: string;
  readonly #files: Files;
  readonly #now: () => Date;
  readonly #leases: Leases;
  #own: JournalFile | undefined;
  readonly #adopted: JournalFile[] = [];
  /** What is being made this window's own at the moment. */
  readonly #adoptions = new Set<Promise<unknown>>();

  /** @param storage absolute path of the extension's storage folder */
  constructor(storage: string, files: Files, leases: Leases, now: () => Date = () => new Date()) {
    this.#folder = journalFolder(storage);
    this.#files = files;
    this.#leases = leases;
    this.#now = now;
  }

  async planned(plans: readonly TaskPlan[]): Promise<void> {
    const notes = (of: readonly TaskPlan[]) => of.map((plan) => ({ kind: "planned", ...plan }) as const);
    // A task that is in a journal stays in that one: in two of them, it would have to end twice.
    const homes = new Set(plans.map(({ taskUUID }) => this.#fileWith(taskUUID)));
    for (const file of homes) {
      const its = notes(plans.filter(({ taskUUID }) => this.#fileWith(taskUUID) === file));
      await (file === undefined ? this.#writeOwn(its) : file.write(its));
    }
  }

  async submitting(submission: Submission): Promise<void> {
    const note = { kind: "submitting", ...submission } as const;
    // Planned or not: what is sent must be written down.
    const file = this.#fileWith(submission.taskUUID);
    await (file === undefined ? this.#writeOwn([note]) : file.write([note]));
  }

  accepted(taskUUID: string): Promise<void> {
    return this.#note({ kind: "accepted", taskUUID });
  }

  received(taskUUID: string, result: Received): Promise<void> {
    return this.#note({ kind: "received", taskUUID, ...result });
  }

  staged(taskUUID: string, result: StagedResult): Promise<void> {
    return this.#note({ kind: "staged", taskUUID, ...result });
  }

  saved(taskUUID: string, imageUUID: string, output: string): Promise<void> {
    return this.#note({ kind: "saved", taskUUID, imageUUID, output });
  }

  settled(taskUUID: string, settlement: Settlement): Promise<void> {
    return this.#note({ kind: "settled", taskUUID, settlement });
  }

  openTask(taskUUID: string): OpenTask | undefined {
    return this.#fileWith(taskUUID)?.tasks.get(taskUUID);
  }

  /** All tasks that are this window's own and have no end yet. */
  openTasks(): readonly OpenTask[] {
    return this.#known().flatMap(({ isLost, tasks }) => (isLost ? [] : [...tasks.values()]));
  }

  async takeOver(): Promise<TakenOver> {
    const found = await this.#journals();
    const gone = await this.#leases.gone([...new Set(found.map(({ window }) => window))]);
    const tasks: OpenTask[] = [];
    const unreadable: string[] = [];
    for (const { window, file } of found) {
      if (!gone.has(window)) {
        continue;
      }
      try {
        if ((await readJournal(file, this.#files)).isForeign) {
          unreadable.push(file);
          continue;
        }
        const adopted = await this.#adopt(file);
        tasks.push(...(adopted?.tasks.values() ?? []));
      } catch {
        // One that cannot be read must not keep the others from being resumed.
        unreadable.push(file);
      }
    }
    await this.#sweep(gone);
    return { tasks, unreadable, others: found.filter(({ window }) => !gone.has(window)).length };
  }

  /**
   * The open tasks of all windows, this one's included.
   *
   * @throws RemixFailure where a journal cannot be read
   */
  async allOpenTasks(): Promise<readonly OpenTask[]> {
    for (let attempt = 1; ; attempt++) {
      const others = await this.#journals();
      const contents = await Promise.all(others.map(({ file }) => readJournal(file, this.#files)));
      await Promise.all(this.#adoptions);
      const found = [...contents.flatMap(({ tasks }) => [...tasks.values()]), ...this.openTasks()];
      // One that is taken over changes its name: it may have been missed under both.
      const after = new Set((await this.#journals()).map(({ file }) => file));
      if (attempt === mostLooks || others.every(({ file }) => after.has(file))) {
        return found;
      }
    }
  }

  /** Removes what windows that are gone left besides their journals. */
  async #sweep(gone: ReadonlySet<string>): Promise<void> {
    for (const name of await this.#files.readdir(this.#folder).catch(() => [])) {
      if (name.endsWith(draftExtension) && gone.has(windowOf(name))) {
        await this.#files.rm(path.join(this.#folder, name), { force: true });
      }
    }
    // A lease is needed for as long as a journal names its window: one that is unreadable stays.
    const named = new Set((await this.#journals()).map(({ window }) => window));
    await this.#leases.sweep(named);
  }

  async #adopt(file: string): Promise<JournalFile | undefined> {
    const adopted = this.#adoptNow(file);
    const settled = adopted.catch(() => undefined);
    this.#adoptions.add(settled);
    return adopted.finally(() => this.#adoptions.delete(settled));
  }

  async #adoptNow(file: string): Promise<JournalFile | undefined> {
    await this.#leases.hold();
    const own = this.#fileOf(this.#leases.window);
    try {
      await this.#files.rename(file, own);
    } catch (error) {
      if (errorCode(error) === "ENOENT") {
        return undefined;
      }
      throw error;
    }
    const { tasks } = await readJournal(own, this.#files);
    if (tasks.size === 0) {
      await this.#files.rm(own, { force: true });
      return undefined;
    }
    const adopted = new JournalFile(own, this.#files, this.#now, tasks);
    this.#adopted.push(adopted);
    return adopted;
  }

  /** The journals of other windows. */
  async #journals(): Promise<readonly { readonly window: string; readonly file: string }[]> {
    const names = await this.#files.readdir(this.#folder).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") {
        return [];
      }
      throw error;
    });
    return names
      .filter((name) => name.endsWith(journalExtension))
      .map((name) => ({ window: windowOf(name), file: path.join(this.#folder, name) }))
      .filter(({ window }) => window !== this.#leases.window);
  }

  async #writeOwn(notes: readonly JournalNote[]): Promise<void> {
    await this.#leases.hold();
    if (this.#own?.isLost === true) {
      // Its tasks are remembered as another window's: none of them may be sent from here.
      this.#adopted.push(this.#own);
      this.#own = undefined;
    }
    this.#own ??= new JournalFile(this.#fileOf(this.#leases.window), this.#files, this.#now);
    await this.#own.write(notes);
  }

  #known(): readonly JournalFile[] {
    return this.#own === undefined ? this.#adopted : [this.#own, ...this.#adopted];
  }

  #fileWith(taskUUID: string): JournalFile | undefined {
    return this.#known().find(({ tasks }) => tasks.has(taskUUID));
  }

  async #note(note: JournalNote): Promise<void> {
    // What has been settled already needs no more notes.
    await this.#fileWith(note.taskUUID)?.write([note]);
  }

  #fileOf(window: string): string {
    return path.join(this.#folder, `${window}@${randomUUID()}${journalExtension}`);
  }
}
