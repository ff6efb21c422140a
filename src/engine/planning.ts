import { recipeHash } from "../recipe/record.ts";
import { CanonicalPaths } from "./canonicalPaths.ts";
import { asFailure, failureOf, RemixFailure } from "./failure.ts";
import type { History } from "./history.ts";
import type { Failed } from "./job.ts";
import type { OpenTask } from "./journal.ts";
import { originIn, sourcesInHistory, tookItsSourcesPlace } from "./origins.ts";
import { type Entry, type Plan, type PlanOptions, planFor, type Seen, type Wanted } from "./plan.ts";
import type { CanonicalPath, Destination, SourceFile } from "./ports.ts";
import type { Provenance } from "./provenance.ts";
import type { Survey } from "./survey.ts";
import { destinationFor, type Request } from "./task.ts";
import type { FolderWalker, Skipped } from "./walk.ts";

/** What planning needs of the world. */
export interface PlanningParts {
  readonly walker: FolderWalker;
  readonly history: History;
  /** Paid tasks of all windows that have not come to their end. */
  readonly openTasks: () => Promise<readonly OpenTask[]>;
  readonly toSource: (path: string) => SourceFile;
  readonly canonicalPath: CanonicalPath;
  /** Reads a picture, as far as a plan goes. @throws RemixFailure, its message without the file's name */
  readonly survey: (path: string) => Promise<Survey>;
  /** What a folder holds, links and folders too; nothing where there is none. */
  readonly entries: (folder: string) => Promise<readonly Entry[]>;
  /** Pictures that are kept in storage, since their folders would not take them. */
  readonly kept: () => Promise<readonly Entry[]>;
  /** Absolute path of the folder that a destination means. */
  readonly place: (destination: Pick<Destination, "base" | "below">) => string;
  /** What stands for a style reference in a recipe's hash. @throws RemixFailure naming it */
  readonly referenceHash: (reference: string, base: string | null) => Promise<string>;
}

/** Sources that a plan can be made for, and what else there was. */
export interface Found {
  readonly sources: readonly SourceFile[];
  readonly skipped: readonly Skipped[];
  readonly failed: readonly Failed[];
}

/** Reads pictures for plans, each once. */
export class Planning {
  readonly #parts: PlanningParts;
  readonly #surveys = new Map<string, Survey>();
  readonly #paths: CanonicalPaths;
  readonly #signal: AbortSignal;
  readonly #onPicture: (read: number) => void;

  /** @param onPicture hears how many pictures have been read */
  constructor(
    parts: PlanningParts,
    signal: AbortSignal,
    onPicture: (read: number) => void = () => undefined,
  ) {
    this.#parts = parts;
    this.#paths = new CanonicalPaths(parts.canonicalPath);
    this.#signal = signal;
    this.#onPicture = onPicture;
  }

  /**
   * Tells sources from our own results and from what cannot be read.
   *
   * @param pictures absolute paths of files that were come across
   * @param chosen absolute paths of files that somebody chose one by one: also one of our results is a source then
   */
  async sort(pictures: readonly string[], chosen: ReadonlySet<string>): Promise<Found> {
    const history = await this.#parts.history.results();
    const sources: SourceFile[] = [];
    const skipped: Skipped[] = [];
    const failed: Failed[] = [];
    for (const path of pictures) {
      const survey = await this.#survey(path);
      const source = this.#parts.toSource(path);
      const isMade = originIn(survey, history) !== undefined;
      // Also of those that were chosen: the plan says what they are.
      await this.#paths.learn([path], isMade ? sourcesInHistory(survey, history) : []);
      const isResult = isMade && !chosen.has(path);
      if (isResult && !tookItsSourcesPlace(source, survey, history, this.#paths)) {
        const witness = survey.provenance === null ? "the history of this machine" : "its metadata";
        skipped.push({ path, isFolder: false, reason: `a result, by ${witness}` });
      } else if (survey.problem !== null) {
        const { code, message } = survey.problem;
        failed.push({ source, failure: new RemixFailure(code, message) });
      } else {
        sources.push(source);
      }
    }
    return { sources, skipped, failed };
  }

  /** Makes the plan for requests whose sources have been sorted. */
  async plan(
    requests: readonly Request[],
    model: string | null,
    options: PlanOptions,
  ): Promise<Omit<Plan, "skipped">> {
    // First: a task that ends meanwhile has its results in their place by the time that is looked at.
    const openTasks = await this.#parts.openTasks();
    const failed: Failed[] = [];
    const wanted: Wanted[] = [];
    const places = new Map<string, readonly Entry[]>();
    for (const request of requests) {
      try {
        const place = this.#placeOf(request);
        wanted.push({ request, recipeHash: await this.#hashOf(request), model, place });
        places.set(place, places.get(place) ?? (await this.#parts.entries(place)));
      } catch (error) {
        failed.push({ source: request.source, failure: asFailure(error) });
      }
    }
    for (const { name, path } of [...places.values()].flat()) {
      if (mayBeResult.test(name)) {
        await this.#survey(path);
      }
    }
    const kept: Survey[] = [];
    for (const { name, path } of await this.#parts.kept()) {
      kept.push(...(mayBeResult.test(name) ? [await this.#survey(path)] : []));
    }
    const history = await this.#parts.history.results();
    await this.#paths.learn(
      requests.map(({ source }) => source.path),
      openTasks.flatMap(({ plan }) => (plan === null ? [] : [plan.source])),
    );
    const seen: Seen = { surveys: this.#surveys, places, history, openTasks, kept, paths: this.#paths };
    const plan = planFor(wanted, seen, options);
    return { ...plan, failed: [...failed, ...plan.failed] };
  }

  /** Where a picture that has been read says that it came from; undefined where it says nothing of the kind. */
  provenanceOf(path: string): Provenance | undefined {
    return this.#surveys.get(path)?.provenance ?? undefined;
  }

  async #survey(path: string): Promise<Survey> {
    this.#signal.throwIfAborted();
    const survey = this.#surveys.get(path) ?? (await this.#read(path));
    this.#surveys.set(path, survey);
    this.#onPicture(this.#surveys.size);
    return survey;
  }

  /** One picture that stops the image engine stops no plan. */
  async #read(path: string): Promise<Survey> {
    try {
      return await this.#parts.survey(path);
    } catch (error) {
      const { code, message } = failureOf(this.#parts.toSource(path).name, error);
      return { hash: null, provenance: null, facts: null, problem: { code, message } };
    }
  }

  #placeOf({ source, output, recipe: { preset } }: Request): string {
    const anySize = { width: 1, height: 1 };
    const facts = { seed: null, now: new Date(0) };
    return this.#parts.place(destinationFor({ source, output, preset, size: anySize }, "PNG", facts));
  }

  async #hashOf({ recipe: { values, referenceBase } }: Request): Promise<string> {
    const { referenceHash } = this.#parts;
    const references = values.styleReferenceImages.map((reference) =>
      referenceHash(reference, referenceBase),
    );
    return recipeHash(values, await Promise.all(references));
  }
}

/** Results are written in these formats only. */
const mayBeResult = /\.(png|jpe?g|jpe|webp)$/i;
