import { sha256Hex } from "../recipe/hash.ts";
import { failureOf, RemixFailure } from "./failure.ts";
import type { ImageFacts, OutputFormat, ResultWriter, SourceFile, SourceFormat } from "./ports.ts";
import {
  type Bin,
  type BinEntry,
  type FileContent,
  type FileReplacer,
  type Replacement,
  replacementFormat,
  restoredName,
  whyNotReplaceable,
} from "./review.ts";
import { readSidecar, sidecarName } from "./sidecar.ts";

/** What deciding over results needs of the world. */
export interface ReviewParts {
  readonly bin: Bin;
  readonly files: FileReplacer;
  readonly results: Pick<ResultWriter, "stage" | "writeBeside">;
  readonly inspect: (bytes: Uint8Array) => Promise<ImageFacts>;
  /**
   * Encodes a picture anew; where it came from stays in it.
   *
   * @param quality 1 to 100, for JPEG and WebP
   * @throws RemixFailure, its message without the file's name
   */
  readonly convert: (bytes: Uint8Array, format: OutputFormat, quality: number) => Promise<Uint8Array>;
  readonly toSource: (path: string) => SourceFile;
  readonly now: () => Date;
  /** Deletes a file, to where the user finds it again if there is such a place. */
  readonly moveToTrash: (file: string) => Promise<void>;
}

/** A replacement that is thought through and not made yet. */
export interface PlannedReplacement {
  readonly source: SourceFile;
  readonly result: SourceFile;
  readonly old: FileContent & { readonly facts: ImageFacts };
  readonly new: {
    readonly bytes: Uint8Array;
    readonly sha256: string;
    readonly facts: ImageFacts;
    /** Of the result's file. */
    readonly resultSha256: string;
  };
  /** The result's own format where it was converted; null where its bytes are used as they are. */
  readonly convertedFrom: SourceFormat | null;
}

/**
 * Reads source and result, and converts the result where the source has another format.
 *
 * @param quality 1 to 100, for what has to be encoded anew
 * @throws RemixFailure naming the picture that cannot be read, replaced or converted, and why
 */
export async function planReplacement(
  { files, inspect, convert, toSource }: ReviewParts,
  sourcePath: string,
  resultPath: string,
  quality: number,
): Promise<PlannedReplacement> {
  const [source, result] = [toSource(sourcePath), toSource(resultPath)];
  const [old, made] = [await files.read(sourcePath), await files.read(resultPath)];
  const oldFacts = await inspect(old.bytes).catch(rethrowNamed(source));
  const madeFacts = await inspect(made.bytes).catch(rethrowNamed(result));
  const format = replacementFormat(oldFacts.format);
  if (format === undefined) {
    throw new RemixFailure("notAnImage", `${source.name} ${whyNotReplaceable(oldFacts.format)}`);
  }
  const isSame = oldFacts.format === madeFacts.format;
  const bytes = isSame ? made.bytes : await convert(made.bytes, format, quality).catch(rethrowNamed(result));
  const sha256 = isSame ? made.sha256 : await sha256Hex(bytes);
  if (sha256 === old.sha256) {
    throw new RemixFailure("unknown", `${source.name} is this very picture already.`);
  }
  const facts = isSame ? madeFacts : await inspect(bytes).catch(rethrowNamed(result));
  return {
    source,
    result,
    old: { ...old, facts: oldFacts },
    new: { bytes, sha256, facts, resultSha256: made.sha256 },
    convertedFrom: isSame ? null : madeFacts.format,
  };
}

function rethrowNamed({ name }: SourceFile): (error: unknown) => never {
  return (error) => {
    throw failureOf(name, error);
  };
}

/**
 * Lets a result take its source's place. The old bytes lie in the bin before the source is touched; whatever dies in
 * between, the source has either all of the old bytes or all of the new.
 *
 * @throws RemixFailure naming the source; it is as it was then
 */
export async function makeReplacement(
  parts: ReviewParts,
  { source, result, old, new: made }: PlannedReplacement,
): Promise<Replacement> {
  const { sha256, resultSha256 } = made;
  const replacedBy = { result: result.path, resultSha256, sha256 };
  const entry = await parts.bin.put(old.bytes, {
    why: "replaced",
    origin: source.path,
    // A source may be a result of an earlier remix.
    isPaid: true,
    sidecar: null,
    replacedBy,
  });
  await orForget(parts, entry, () => parts.files.replace(source.path, old.sha256, made.bytes));
  return { ...entry, replacedBy };
}

/** Does what an entry was made for; where that fails and its bytes are still in their place, it is taken back. */
async function orForget(
  { bin, files }: ReviewParts,
  entry: BinEntry,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const isThere = await files.read(entry.origin).then(
      ({ sha256 }) => sha256 === entry.sha256,
      () => false,
    );
    await (isThere ? bin.remove([entry]).catch(() => undefined) : undefined);
    throw error;
  }
}

/**
 * Gives a source back the bytes that a result has replaced.
 *
 * @throws RemixFailure `sourceGone` where the source has been changed since; nothing is done then
 */
export async function undoReplacement(parts: ReviewParts, replacement: Replacement): Promise<void> {
  const { bin, files, toSource, now: clock } = parts;
  const { origin, replacedBy, sha256, time } = replacement;
  const now = await files.read(origin);
  if (now.sha256 === sha256) {
    // Undone before, or never done. Another window may be about to do it, though, and needs the entry then.
    const isOld = clock().getTime() - Date.parse(time) > replacingMilliseconds;
    await (isOld ? bin.remove([replacement]) : undefined);
    return;
  }
  if (now.sha256 !== replacedBy.sha256) {
    const { name } = toSource(origin);
    const message = `${name} has changed since it was replaced, so it is left alone. Its earlier bytes are kept as ${bin.pathOf(replacement)}.`;
    throw new RemixFailure("sourceGone", message);
  }
  const old = await bin.read(replacement);
  await keepResult(parts, replacement, now);
  await files.replace(origin, replacedBy.sha256, old);
  await bin.remove([replacement]);
}

/** Longer than any replacement takes from its entry in the bin to its end. */
const replacingMilliseconds = 3_600_000;

/** Whether a source has the bytes that a replacement has given it, so that it can be undone. */
export async function isStillReplaced(
  { files }: Pick<ReviewParts, "files">,
  { origin, replacedBy }: Replacement,
): Promise<boolean> {
  return files.read(origin).then(
    ({ sha256 }) => sha256 === replacedBy.sha256,
    () => false,
  );
}

/** Sees to it that the result that a source is about to lose is still somewhere else. */
async function keepResult(
  { bin, files, toSource }: ReviewParts,
  { origin, replacedBy }: Replacement,
  { bytes }: FileContent,
): Promise<void> {
  const { result, resultSha256, sha256 } = replacedBy;
  const isThere = await files.read(result).then(
    (content) => content.sha256 === resultSha256,
    () => false,
  );
  const isInBin = async () => (await bin.entries()).some((entry) => entry.sha256 === resultSha256);
  if (!isThere && !(await isInBin())) {
    // What was converted has the source's format, and is called so.
    const { path, extension } = toSource(result);
    const stem = path.slice(0, path.length - extension.length);
    const name = sha256 === resultSha256 ? result : `${stem}${toSource(origin).extension}`;
    const item = { why: "discarded", origin: name, isPaid: true } as const;
    await bin.put(bytes, { ...item, sidecar: null, replacedBy: null });
  }
}

/** A result that is to be discarded. */
export interface Discarded {
  /** Absolute path. */
  readonly path: string;
  /** Whether it has been paid for, or nobody knows. */
  readonly isPaid: boolean;
}

/**
 * Copies a result to the bin and then deletes it, with the file beside it that tells where it came from.
 *
 * @throws RemixFailure naming the file; it is still there then
 */
export async function discardResult(parts: ReviewParts, { path, isPaid }: Discarded): Promise<BinEntry> {
  const { bin, files, moveToTrash } = parts;
  const { bytes, sha256 } = await files.read(path);
  const beside = await files.read(sidecarName(path)).catch(() => undefined);
  const text = beside === undefined ? "" : new TextDecoder().decode(beside.bytes);
  const sidecar = readSidecar(text) === undefined ? null : text;
  const entry = await bin.put(bytes, {
    why: "discarded",
    origin: path,
    isPaid,
    sidecar,
    replacedBy: null,
  });
  // Somebody may have saved something else under that name in the meantime.
  await orForget(parts, entry, () => files.remove(path, sha256, moveToTrash));
  if (beside !== undefined && sidecar !== null) {
    // It is in the bin; left behind, it would tell a wrong story of the next picture of that name.
    await files.remove(sidecarName(path), beside.sha256, moveToTrash).catch(() => undefined);
  }
  return entry;
}

/**
 * Brings a discarded result back, under its own name or the next free one.
 *
 * @returns the absolute path of the file
 * @throws RemixFailure; the entry is still in the bin then
 */
export async function restoreResult(
  { bin, results, toSource }: ReviewParts,
  entry: BinEntry,
): Promise<string> {
  const bytes = await bin.read(entry);
  const file = toSource(entry.origin);
  const staged = await results.stage(bytes, { base: file.folder, below: [] });
  try {
    const output = await staged.giveName((n) => restoredName(file, n));
    if (entry.sidecar !== null) {
      await results.writeBeside(sidecarName(output), entry.sidecar).catch(() => undefined);
    }
    await bin.remove([entry]);
    return output;
  } catch (error) {
    await staged.discard();
    throw error;
  }
}
