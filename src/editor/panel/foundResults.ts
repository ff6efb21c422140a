import * as vscode from "vscode";
import {
  type Candidate,
  type EarlierParts,
  type EarlierResult,
  earlierResults,
  earlierRuns,
} from "../../engine/earlierResults.ts";
import { asFailure } from "../../engine/failure.ts";
import { type BinEntry, lastReplacements, type Replacement } from "../../engine/review.ts";
import type { Survey } from "../../engine/survey.ts";
import type { Review } from "../review.ts";
import { recipeWords } from "./formLayout.ts";
import { keyOf, type Remembered, type ResultMemory, type Run } from "./resultMemory.ts";
import { fileRunId, modelTitle, originalOf, resultId } from "./resultOf.ts";

/** What it takes to read a workspace's results from its files. */
export interface FoundResultsParts extends EarlierParts {
  readonly memory: ResultMemory;
  readonly review: Review;
  readonly log: vscode.LogOutputChannel;
}

/** Files that are opened at most at a time: the newest. */
const mostRead = 500;
/** Results after which the page is told what has been found so far. */
const step = 25;

/** Results that were made by other windows, in earlier sessions or without the panel, as their files tell it. */
export class FoundResults {
  readonly #parts: FoundResultsParts;
  /** What was read of files, which counts as long as they stay the same. */
  readonly #surveys = new Map<string, { readonly time: number; readonly survey: Survey }>();
  #reading: AbortController | undefined;

  constructor(parts: FoundResultsParts) {
    this.#parts = parts;
  }

  get isReading(): boolean {
    return this.#reading !== undefined;
  }

  /** Reads what there is now; what is read already, or known otherwise, is not opened again. */
  read(isWanted: boolean): void {
    if (!isWanted) {
      this.#reading?.abort();
      this.#reading = undefined;
    } else if (this.#reading === undefined && vscode.workspace.isTrusted) {
      this.#reading = new AbortController();
      void this.#read(this.#reading);
    }
  }

  async #read(reading: AbortController): Promise<void> {
    const { memory, review, log } = this.#parts;
    const found = new Map<string, EarlierResult>();
    try {
      const entries = await review.entries().catch(() => []);
      const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
      const options = {
        folders,
        elsewhere: this.#discarded(entries),
        known: memory.ownPaths(),
        limit: mostRead,
        signal: reading.signal,
      };
      for await (const result of earlierResults(this.#remembering(), options)) {
        found.set(result.path, result);
        if (found.size % step === 0) {
          memory.setFound(this.#remembered([...found.values()], entries), false);
        }
      }
      if (!reading.signal.aborted) {
        this.#reading = undefined;
        memory.setFound(this.#remembered([...found.values()], entries), true);
      }
    } catch (error) {
      if (!reading.signal.aborted) {
        this.#reading = undefined;
        log.warn(`Earlier results could not be read: ${asFailure(error).message}`);
        memory.changed();
      }
    }
  }

  /** The parts, with pictures read once. */
  #remembering(): EarlierParts {
    const times = new Map<string, number>();
    return {
      ...this.#parts,
      modified: async (path) => {
        const time = await this.#parts.modified(path);
        times.set(path, time);
        return time;
      },
      survey: async (path) => {
        const [time, known] = [times.get(path) ?? 0, this.#surveys.get(path)];
        const survey = known?.time === time ? known.survey : await this.#parts.survey(path);
        this.#surveys.set(path, { time, survey });
        return survey;
      },
    };
  }

  /** Pictures in the bin that lay in this workspace. */
  #discarded(entries: readonly BinEntry[]): readonly Candidate[] {
    const { review } = this.#parts;
    return entries
      .filter(({ why, origin }) => why === "discarded" && isInWorkspace(origin))
      .map((entry) => ({ path: review.pathOf(entry), origin: entry.origin }));
  }

  #remembered(found: readonly EarlierResult[], entries: readonly BinEntry[]): readonly Remembered[] {
    const runs = this.#parts.memory.runsByTask();
    const replacements = lastReplacements(entries);
    return earlierRuns(found).flatMap((members) => {
      const [newest] = members;
      const title = newest?.provenance?.preset ?? "Remix";
      const run = { id: fileRunId(newest?.taskUUID ?? ""), time: newest?.time ?? 0, title };
      return members
        .toReversed()
        .map((result) => this.#one(result, runs.get(result.taskUUID) ?? run, entries, replacements));
    });
  }

  #one(
    found: EarlierResult,
    run: Run,
    entries: readonly BinEntry[],
    replacements: readonly Replacement[],
  ): Remembered {
    const { path, origin, source, provider, taskUUID, provenance, facts, used } = found;
    const { review } = this.#parts;
    const discarded = entries.find((entry) => path !== origin && review.pathOf(entry) === path);
    const replaced = replacements.find((one) => one.origin === source && one.replacedBy.result === origin);
    const { name } = this.#parts.toSource(origin);
    const recipe = provenance?.recipe ?? {};
    return {
      key: keyOf(taskUUID, origin),
      run,
      entry: discarded?.id ?? replaced?.id ?? null,
      before: null,
      binned: discarded === undefined ? null : { origin, sha256: discarded.sha256 },
      result: {
        id: resultId(taskUUID, name),
        source,
        original: originalOf(source, found.time, entries, review.pathOf.bind(review)),
        path,
        name,
        decision: discarded !== undefined ? "discarded" : replaced !== undefined ? "replaced" : "undecided",
        provider,
        model: modelTitle(provenance?.model ?? null),
        flagged: provenance?.flagged ?? false,
        cost: provenance?.cost ?? null,
        seed: provenance?.seed ?? null,
        size: facts === null ? null : { width: facts.width, height: facts.height },
        used,
        file: "",
        prompt: String(recipe["positivePrompt"] ?? ""),
        recipe: recipeWords(recipe, provenance?.preset ?? null),
      },
    };
  }
}

function isInWorkspace(path: string): boolean {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path)) !== undefined;
}
