import type { Size } from "../recipe/models.ts";
import type { Recipe } from "../recipe/parameters.ts";
import type { Detail } from "./detail.ts";
import type { StagedResult } from "./journal.ts";
import type { OutputOptions } from "./output.ts";
import type { Fitting } from "./size.ts";

/** A file, with its path taken apart by the machine's own rules. */
export interface SourceFile {
  /** Absolute path on the extension host's machine. */
  readonly path: string;
  /** Absolute path of the folder that holds it. */
  readonly folder: string;
  /** File name without its extension. */
  readonly stem: string;
  /** Extension as written, with its dot; empty where there is none. */
  readonly extension: string;
  /** File name with extension: what messages call the file. */
  readonly name: string;
}

/**
 * Finds the one name of a file that can be opened by several: links that lead to its folder are followed, letters are
 * those on disk. A link to the file itself stays what it is: its results are another's. For telling files apart, never
 * for what is shown, read or written.
 *
 * @param path absolute
 * @returns an absolute path; `path` itself where nothing better is known. Never rejects
 */
export type CanonicalPath = (path: string) => Promise<string>;

/** Formats that are understood as sources. */
export const sourceFormats = ["png", "jpeg", "webp", "avif", "gif", "tiff", "bmp", "svg"] as const;
export type SourceFormat = (typeof sourceFormats)[number];

/** Formats in which results are written, as the service calls them. */
export type OutputFormat = "JPG" | "PNG" | "WEBP";

/** What the header of a picture says. */
export interface ImageFacts extends Size {
  /** Width and height are those of the upright picture, EXIF orientation applied. */
  readonly format: SourceFormat;
  readonly hasAlpha: boolean;
}

/** The facts of a picture with what its crop goes by. */
export interface DetailedFacts extends ImageFacts {
  /** Where there is how much to see; absent where it was not measured. */
  readonly detail?: Detail;
}

/** What was read of a source. */
export interface InspectedSource extends ImageFacts {
  /** SHA-256 of the bytes that this was read of, hexadecimal. */
  readonly sha256: string;
}

/**
 * Looks into the files that are remixed. Their bytes stay where they are read, which is another thread: megabytes that
 * change threads keep both of them waiting.
 */
export interface SourceInspector {
  /**
   * Reads a source as it is now. Decodes no pixels.
   *
   * @throws RemixFailure `sourceGone`, `notAnImage`, `tooLarge` or `unknown`, its message without the file's name
   */
  inspect(source: SourceFile, signal: AbortSignal): Promise<InspectedSource>;
  /**
   * Where in the picture there is how much to see, to choose a crop by. Decodes it, small.
   *
   * @param sha256 of the bytes that are meant
   * @throws RemixFailure like `inspect`; `sourceGone` where the file has other bytes by now
   */
  detailOf(source: SourceFile, sha256: string, signal: AbortSignal): Promise<Detail>;
}

/** Where and under which names results are written. */
export interface Destination {
  /** Absolute path of an existing folder. */
  readonly base: string;
  /** Names of the folders below it that lead to where the file belongs; they are made where they are missing. */
  readonly below: readonly string[];
  /** The file name that belongs to number `n` = 1, 2, 3, … */
  readonly nameFor: (n: number) => string;
}

/** A file that is complete and has only a temporary name yet. */
export interface StagedFile {
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Absolute path. */
  readonly temporary: string;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly sha256: string;
  /**
   * Gives it the first name that no file has.
   *
   * @returns the absolute path of the new file
   * @throws RemixFailure `readOnly`, `diskFull` or `unknown`; the file is still there then
   */
  giveName(nameFor: Destination["nameFor"]): Promise<string>;
  /** Removes it. */
  discard(): Promise<void>;
}

/** The place where results become files. */
export interface ResultWriter {
  /** @throws RemixFailure when nothing can be written to `destination`, so that it is known before anything is drawn */
  probe(destination: Destination): Promise<void>;
  /**
   * Writes `bytes` completely into the folder of `destination`, under a temporary name.
   *
   * @throws RemixFailure `readOnly`, `diskFull` or `unknown`; nothing is left behind
   */
  stage(bytes: Uint8Array, destination: Omit<Destination, "nameFor">): Promise<StagedFile>;
  /**
   * Finds what became of a file that was staged by a window that is gone: it has its name already, or gets it now.
   *
   * @returns the absolute path of the file, or undefined where it is no longer there
   * @throws RemixFailure like `stage`
   */
  adopt(staged: StagedResult, nameFor: Destination["nameFor"]): Promise<string | undefined>;
  /**
   * Looks among the files that have a name of `destination` already.
   *
   * @returns the absolute path of the first for which `isIt` holds
   */
  find(destination: Destination, isIt: (bytes: Uint8Array) => Promise<boolean>): Promise<string | undefined>;
  /**
   * Keeps what could not be saved in the extension's own storage, since it has been paid for.
   *
   * @returns the absolute path of the new file
   * @throws RemixFailure like `stage`
   */
  keep(bytes: Uint8Array, nameFor: Destination["nameFor"]): Promise<string>;
  /**
   * Writes a text beside a result, unless a file of that name is there.
   *
   * @param file absolute path of the new file
   */
  writeBeside(file: string, text: string): Promise<void>;
}

/** Keeps the same work from being done twice at the same time, in one window or in two. */
export interface Claims {
  /**
   * Claims `work`.
   *
   * @returns a function that gives the claim back; undefined while it is claimed
   * @throws RemixFailure when storage cannot be written to
   */
  take(work: string): Promise<(() => Promise<void>) | undefined>;
}

/** Everything that is needed to have one source drawn anew. */
export interface RemixTask {
  /** UUID v4, chosen before anything is sent. */
  readonly taskUUID: string;
  readonly source: SourceFile;
  /** SHA-256 of the source's bytes, hexadecimal. */
  readonly sourceSha256: string;
  readonly recipe: Recipe;
  /** The prompt, which is required by now. 1 to 2000 code points. */
  readonly positivePrompt: string;
  /** The size that is drawn, in pixels. */
  readonly size: Size;
  /** How the source is laid into that size. */
  readonly fitting: Fitting;
  readonly outputFormat: OutputFormat;
  /** Absolute path of the folder that relative `styleReferenceImages` start from; null where there is none. */
  readonly referenceBase: string | null;
  /** Name of the preset in use; null without one. */
  readonly preset: string | null;
  /** How results are saved. Providers need not care. */
  readonly output: OutputOptions;
}

/** One finished picture, as the provider delivered it. */
export interface RemixResult {
  readonly bytes: Uint8Array;
  /** The provider's own id of the picture; null for one that has none. */
  readonly imageUUID: string | null;
  /** Decimal digits: seeds go beyond 2^53. Null when unknown. */
  readonly seed: string | null;
  /** What it cost in USD; null when unknown. */
  readonly cost: number | null;
  /** The format that the bytes really have; absent where it is the task's. */
  readonly format?: OutputFormat;
  /** AIR id of the model that drew it; absent where that is the one of the settings, or there is none. */
  readonly model?: string;
  /** Whether the provider's check found it unsafe; absent where it was not checked. */
  readonly flagged?: boolean;
}

/** Provider ids, as in settings and metadata. */
export type ProviderId = "runware" | "local";

/**
 * Has a task drawn that is ready for it, and hands over each result as soon as it is there.
 *
 * @param onDrawn called once nothing of it is being drawn any more, which may be before its results are handed over
 * @throws RemixFailure when nothing more will come; what was handed over before stays valid
 */
export type Draw = (onDrawn: () => void) => AsyncIterable<RemixResult>;

/** Somebody who draws. */
export interface Provider {
  readonly id: ProviderId;
  /** Where it is asked, without query; absent for one on this machine. */
  readonly endpoint?: string;
  /**
   * Tells API keys apart without giving anything of them away: the same for the same key and task. A service knows its
   * tasks only by the key that they were sent with. Absent where there are no keys.
   *
   * @throws RemixFailure `authentication` where there is no key
   */
  keyMark?(taskUUID: string): Promise<string>;
  /**
   * Draws the task's results and hands over each as soon as it is there. Draws nothing of a source that has other
   * bytes than `sourceSha256` says.
   *
   * @throws RemixFailure when nothing more will come; what was handed over before stays valid
   */
  remix(task: RemixTask, signal: AbortSignal): AsyncIterable<RemixResult>;
  /**
   * The part of {@link remix} that can be done while others are being drawn: sends nothing that is charged. Absent where
   * there is no such part.
   *
   * @returns the other part, which keeps nothing of the source's bytes
   * @throws RemixFailure when it cannot be drawn
   */
  prepare?(task: RemixTask, signal: AbortSignal): Promise<Draw>;
  /**
   * Fetches the results of a task that was sent earlier, perhaps by another window; sends nothing anew. Absent where
   * nothing can be outstanding.
   *
   * @param known `imageUUID` of the results that are in safety already
   * @throws RemixFailure when nothing more will come; one that is not `isOpen` says that nothing was charged
   */
  collect?(task: RemixTask, known: ReadonlySet<string>, signal: AbortSignal): AsyncIterable<RemixResult>;
}
