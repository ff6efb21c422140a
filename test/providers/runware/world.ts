/** Everything around the provider for its tests: real HTTP, real files, a clock that runs as fast as it can. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import sharp from "sharp";
import { expect } from "vitest";
import type { ClockPort } from "../../../src/engine/clock.ts";
import { asFailure, type RemixFailure } from "../../../src/engine/failure.ts";
import type { OpenTask } from "../../../src/engine/journal.ts";
import { defaultOutput } from "../../../src/engine/output.ts";
import { Pace } from "../../../src/engine/pace.ts";
import type { RemixResult, RemixTask } from "../../../src/engine/ports.ts";
import { fitInto } from "../../../src/engine/size.ts";
import { base64 } from "../../../src/platform/base64.ts";
import { type Files, nodeFiles } from "../../../src/platform/files.ts";
import { fetchHttp } from "../../../src/platform/http.ts";
import { JournalFolder } from "../../../src/platform/journalFolder.ts";
import { Leases } from "../../../src/platform/leases.ts";
import { retryBudget } from "../../../src/providers/runware/backoff.ts";
import type { RunwareParts } from "../../../src/providers/runware/ports.ts";
import { runwareProvider } from "../../../src/providers/runware/provider.ts";
import { newUploadPlaces } from "../../../src/providers/runware/references.ts";
import type { Recipe } from "../../../src/recipe/parameters.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import type { Emulator } from "../../emulator/startEmulator.ts";
import { picture } from "../../emulator/testing/client.ts";

/** The picture that is remixed. */
const source = new Uint8Array(await picture("png"));

/** A clock that jumps ahead by every sleep. */
export class FastClock implements ClockPort {
  #now = 0;
  /** Milliseconds of every sleep. */
  readonly slept: number[] = [];

  monotonic(): number {
    return this.#now;
  }

  now(): Date {
    return new Date(Date.UTC(2026, 10, 1) + this.#now);
  }

  /** Lets time pass, as while a laptop sleeps. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.#now += milliseconds;
    // Work of the server in this process gets its turn.
    await setImmediate();
  }
}

/** What a test changes of the usual. */
export interface Changes {
  readonly recipe?: Partial<Recipe>;
  readonly task?: Partial<RemixTask>;
  readonly parts?: Partial<RunwareParts>;
  readonly signal?: AbortSignal;
  /** Called after each result. */
  readonly onResult?: (result: RemixResult) => void;
}

/** How a remix went. */
export interface Played {
  readonly results: readonly RemixResult[];
  readonly failure: RemixFailure | undefined;
  readonly taskUUID: string;
  /** The tasks that stand in the journal without an end. */
  readonly unsettled: readonly OpenTask[];
  readonly clock: FastClock;
  /** All that was written to the log. */
  readonly log: string;
  /** All that was written to the journal. */
  readonly journal: string;
}

/** A valid task. */
export function remixTask(changes: Changes = {}): RemixTask {
  const recipe: Recipe = { ...defaultRecipe, positivePrompt: "a tin of tea", ...changes.recipe };
  const size = { width: 1536, height: 512 };
  return {
    taskUUID: randomUUID(),
    source: {
      path: "/pictures/hero.png",
      folder: "/pictures",
      stem: "hero",
      extension: ".png",
      name: "hero.png",
    },
    recipe,
    positivePrompt: recipe.positivePrompt ?? "",
    size,
    fitting: fitInto({ width: 96, height: 64 }, size, "crop"),
    sourceSha256: "0".repeat(64),
    outputFormat: "JPG",
    referenceBase: null,
    preset: null,
    output: defaultOutput,
    ...changes.task,
  };
}

/** Short of the usual waits, so that silence is noticed soon. */
const impatience = { replyMs: 400, syncReplyMs: 400, idleMs: 400 };

/** Waits as at work, for servers that take their time. */
export const patience = { replyMs: 20_000, syncReplyMs: 20_000, idleMs: 20_000 };

/** The journal of a window of its own in `storage`. */
export function journalIn(storage: string, files: Files = nodeFiles): JournalFolder {
  return new JournalFolder(storage, files, new Leases(storage, files));
}

/** Files of which everything that is added to them is noted. */
function overheard(written: string[]): Files {
  return {
    ...nodeFiles,
    async open(...given) {
      const handle = await nodeFiles.open(...given);
      const append = handle.appendFile.bind(handle);
      handle.appendFile = async (data, options) => {
        written.push(String(data));
        return append(data, options);
      };
      return handle;
    },
  };
}

/** The parts of a provider that talks to `emulator`, with a journal in `storage`. */
export function partsFor(
  emulator: Emulator,
  storage: string,
  log: string[],
  clock: FastClock,
  files: Files = nodeFiles,
): RunwareParts & { readonly journal: JournalFolder } {
  const note = (message: string) => void log.push(message);
  return {
    endpoint: emulator.url,
    key: async () => emulator.key,
    http: fetchHttp,
    base64,
    clock,
    log: { debug: note, info: note, warn: note },
    newUUID: randomUUID,
    patience,
    model: "ideogram:1@2",
    journal: journalIn(storage, files),
    prepare: async ({ size }) => ({
      bytes: new Uint8Array(await sharp(source).resize(size.width, size.height).png().toBuffer()),
      mime: "image/png",
    }),
    pace: new Pace(() => 99, 99),
    uploadPlaces: newUploadPlaces(),
    retries: retryBudget(),
    random: () => 0.5,
    timeoutMinutes: 5,
  };
}

/** Makes provider notice silence soon. */
export const impatient = { patience: impatience };

/** Runs one remix to its end, whatever that is. */
export async function play(emulator: Emulator, changes: Changes = {}): Promise<Played> {
  const storage = await mkdtemp(path.join(os.tmpdir(), "image-remix-journal-"));
  const clock = new FastClock();
  const lines: string[] = [];
  const written: string[] = [];
  const usual = partsFor(emulator, storage, lines, clock, overheard(written));
  const task = remixTask(changes);
  const results: RemixResult[] = [];
  let failure: RemixFailure | undefined;
  try {
    const provider = runwareProvider({ ...usual, ...changes.parts });
    const signal = changes.signal ?? new AbortController().signal;
    for await (const result of provider.remix(task, signal)) {
      results.push(result);
      changes.onResult?.(result);
    }
  } catch (error) {
    failure = asFailure(error);
  }
  // Read anew, as the next window would.
  const unsettled = await journalIn(storage).allOpenTasks();
  const journal = written.join("");
  await rm(storage, { recursive: true });
  return { results, failure, taskUUID: task.taskUUID, unsettled, clock, log: lines.join("\n"), journal };
}

/**
 * The promises about money, whatever happened: all that was charged was handed over, or its task stands in the journal;
 * nothing was paid for twice; the key went to the API only, and is written down nowhere.
 */
export async function expectPromisesKept(emulator: Emulator, ...all: readonly Played[]): Promise<void> {
  await emulator.settled();
  const { ledger } = emulator;
  const handedOver = new Set(all.flatMap(({ results }) => results.map(({ imageUUID }) => imageUUID)));
  const open = new Set(all.flatMap(({ unsettled }) => unsettled.map(({ taskUUID }) => taskUUID)));
  const lost = ledger
    .charged()
    .filter(({ imageUUID, taskUUID }) => !handedOver.has(imageUUID) && !open.has(taskUUID));
  expect(lost, "charged and lost").toEqual([]);
  expect(ledger.repeatedWork(), "paid for twice").toEqual([]);
  expect(ledger.violations()).toEqual([]);
  expect(new Set(ledger.accepted().map(({ taskUUID }) => taskUUID)).size).toBe(ledger.accepted().length);
  const images = ledger.requests().filter(({ method }) => method === "GET");
  expect(images.filter(({ authorization }) => authorization !== "none")).toEqual([]);
  expect(ledger.requests().filter(({ tasks }) => tasks.length > 1)).toEqual([]);
  for (const { failure, log, journal } of all) {
    const told = [failure?.message, failure?.details, failure?.stack, String(failure?.cause), log, journal];
    expect(told.join("\n")).not.toContain(emulator.key);
    expect(`${log}${journal}${failure?.details ?? ""}`, "image data").not.toMatch(/[\w+/]{200,}/);
  }
}
