import { mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import type { Received, Settlement, Submission, TaskJournal } from "../providers/runware/ports.ts";
import { errorCode, writeFailure } from "./failures.ts";

const nullableText = z.nullable(z.string());
const common = { version: z.literal(1), time: z.string(), taskUUID: z.string() };
const submission = {
  model: z.string(),
  endpoint: z.string(),
  source: z.string(),
  destination: z.string(),
  request: z.unknown(),
};
const received = {
  imageUUID: z.string(),
  imageURL: nullableText,
  cost: z.nullable(z.number()),
  seed: nullableText,
};

/** One line of the journal. */
const entry = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("submitting"), ...common, ...submission }),
  z.object({ kind: z.literal("accepted"), ...common }),
  z.object({ kind: z.literal("received"), ...common, ...received }),
  z.object({
    kind: z.literal("settled"),
    ...common,
    settlement: z.enum(["delivered", "partial", "refused", "notSent"]),
  }),
]);

/** What a line says besides its version, its time and its task. */
type Note =
  | ({ readonly kind: "submitting" } & Submission)
  | { readonly kind: "accepted"; readonly taskUUID: string }
  | ({ readonly kind: "received"; readonly taskUUID: string } & Received)
  | { readonly kind: "settled"; readonly taskUUID: string; readonly settlement: Settlement };

/** A task of which something may be charged that was not handed over. */
export interface UnsettledTask extends Submission {
  /** When it was about to be sent, ISO 8601. */
  readonly time: string;
  /** Whether the service is known to have taken it on. */
  readonly isAccepted: boolean;
  /** Results that the service has made. */
  readonly received: readonly Received[];
}

/** What is left to be settled. */
export interface Unsettled {
  readonly tasks: readonly UnsettledTask[];
  /** Whole lines that say nothing to this version: damaged, or written by a later one. */
  readonly unreadableLines: number;
}

/**
 * A journal of paid tasks: a file to which JSON lines are only ever added, each on disk before the call returns. It
 * does not shrink. Several windows may write to it at the same time, since each line is added in one piece.
 */
export class JournalFile implements TaskJournal {
  readonly #file: string;
  readonly #now: () => Date;
  #last: Promise<unknown> = Promise.resolve();

  /** @param storage absolute path of the extension's storage folder, which is created where it is missing */
  constructor(storage: string, now: () => Date = () => new Date()) {
    this.#file = path.join(storage, "tasks.jsonl");
    this.#now = now;
  }

  submitting(note: Submission): Promise<void> {
    return this.#add({ kind: "submitting", ...note });
  }

  accepted(taskUUID: string): Promise<void> {
    return this.#add({ kind: "accepted", taskUUID });
  }

  received(taskUUID: string, result: Received): Promise<void> {
    return this.#add({ kind: "received", taskUUID, ...result });
  }

  settled(taskUUID: string, settlement: Settlement): Promise<void> {
    return this.#add({ kind: "settled", taskUUID, settlement });
  }

  /**
   * Tasks without an end, in the order in which they were sent.
   *
   * @throws RemixFailure where the file is there and cannot be read
   */
  async unsettled(): Promise<Unsettled> {
    const text = await readFile(this.#file, "utf8").catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") {
        return "";
      }
      throw writeFailure(error, path.dirname(this.#file));
    });
    const lines = text.split("\n").filter((line) => line !== "");
    const entries = lines.flatMap((line) => readLine(line) ?? []);
    // A last line without its end was being written when the power went: its call had not returned.
    const isTorn = text !== "" && !text.endsWith("\n") && readLine(lines.at(-1) ?? "") === undefined;
    const unreadableLines = lines.length - entries.length - (isTorn ? 1 : 0);
    return { tasks: openTasks(entries), unreadableLines };
  }

  #add(note: Note): Promise<void> {
    const line = JSON.stringify({ version: 1, time: this.#now().toISOString(), ...note });
    const written = this.#last.then(() => this.#append(line));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #append(line: string): Promise<void> {
    const folder = path.dirname(this.#file);
    try {
      await mkdir(folder, { recursive: true });
      const file = await open(this.#file, "a+");
      try {
        const { size } = await file.stat();
        // Behind a torn line, a new one would be lost with it.
        const start = size > 0 && (await byteAt(file, size - 1)) !== newLine ? "\n" : "";
        await file.appendFile(`${start}${line}\n`);
        await file.datasync();
        if (size === 0) {
          await syncFolder(folder);
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      throw writeFailure(error, folder);
    }
  }
}

const newLine = 0x0a;

async function byteAt(file: Awaited<ReturnType<typeof open>>, position: number): Promise<number | undefined> {
  const { buffer } = await file.read(new Uint8Array(1), 0, 1, position);
  return buffer[0];
}

/** Makes the new file's name durable; Windows has no such call for folders, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (process.platform !== "win32") {
      throw error;
    }
  }
}

type Entry = z.infer<typeof entry>;

function readLine(line: string): Entry | undefined {
  try {
    const parsed = entry.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function openTasks(entries: readonly Entry[]): readonly UnsettledTask[] {
  const tasks = new Map<string, UnsettledTask>();
  for (const line of entries) {
    const task = tasks.get(line.taskUUID);
    if (line.kind === "submitting") {
      const { kind: _kind, version: _version, request, ...facts } = line;
      tasks.set(line.taskUUID, { isAccepted: false, received: [], ...facts, request });
    } else if (line.kind === "settled") {
      tasks.delete(line.taskUUID);
    } else if (task !== undefined && line.kind === "accepted") {
      tasks.set(line.taskUUID, { ...task, isAccepted: true });
    } else if (task !== undefined && line.kind === "received") {
      const { imageUUID, imageURL, cost, seed } = line;
      const others = task.received.filter((result) => result.imageUUID !== imageUUID);
      tasks.set(line.taskUUID, { ...task, received: [...others, { imageUUID, imageURL, cost, seed }] });
    }
  }
  return [...tasks.values()];
}
