import { asFailure, RemixFailure } from "./failure.ts";
import type { WindowJournal } from "./journal.ts";
import type {
  Destination,
  OutputFormat,
  ProviderId,
  RemixResult,
  RemixTask,
  ResultWriter,
  SourceFile,
  StagedFile,
} from "./ports.ts";
import { sidecarName } from "./sidecar.ts";
import type { FractionRectangle } from "./size.ts";
import { destinationFor } from "./task.ts";

/** A finished picture on disk. */
export interface Saved {
  readonly source: SourceFile;
  /** Absolute path of the new file. */
  readonly output: string;
  readonly provider: ProviderId;
  readonly taskUUID: string;
  readonly imageUUID: string | null;
  /** Decimal digits: seeds go beyond 2^53. */
  readonly seed: string | null;
  /** USD; null when unknown. */
  readonly cost: number | null;
  /** Whether the provider's check found it unsafe. */
  readonly flagged: boolean;
  /** AIR id of the model that drew it; absent where nobody said so. */
  readonly model?: string;
  /** What is not as it was asked for, in sentences that name the source; absent where all is. */
  readonly remarks?: readonly string[];
  /** The part of the upright source that it shows, in fractions of it; absent where nobody knows. */
  readonly used?: FractionRectangle;
}

/** A picture as it goes to disk. */
export interface FinishedPicture {
  readonly bytes: Uint8Array;
  readonly format: OutputFormat;
  /** What a file beside it is to say; absent for none. */
  readonly sidecar?: string;
  /** As in {@link Saved}. */
  readonly remarks?: readonly string[];
  /** As in {@link Saved}. */
  readonly used?: FractionRectangle;
}

/** Turns what a provider delivered into what is saved. */
export type Finish = (result: RemixResult, task: RemixTask, provider: ProviderId) => Promise<FinishedPicture>;

/** What saving needs of the world. */
export interface SavingParts {
  readonly results: ResultWriter;
  readonly journal: WindowJournal;
  readonly finish: Finish;
  readonly warn: (message: string) => void;
  readonly now: () => Date;
}

/** A picture that its own folder would not take. */
export interface NotSaved {
  readonly failure: RemixFailure;
  /** Absolute path of the file in the extension's storage; null where it could not be kept there either. */
  readonly keptAs: string | null;
}

/** What saving may be told besides. */
export interface SavingOptions {
  /** Whether a picture is this very result; present where an earlier window may have saved it and could not say so. */
  readonly isResult?: (bytes: Uint8Array) => Promise<boolean>;
}

/**
 * Makes a file of a result: finished, complete under a temporary name, written down, then named. What was paid for and
 * cannot be saved is kept in storage.
 */
export async function saveResult(
  parts: SavingParts,
  result: RemixResult,
  task: RemixTask,
  provider: ProviderId,
  { isResult }: SavingOptions = {},
): Promise<Saved | NotSaved> {
  const picture = await finished(parts, result, task, provider);
  const { source, taskUUID } = task;
  const { imageUUID, seed, cost, model, flagged = false } = result;
  const destination = destinationFor(task, picture.format, { seed, now: parts.now() });
  const { remarks = [], used } = picture;
  const saved = {
    source,
    provider,
    taskUUID,
    imageUUID,
    seed,
    cost,
    flagged,
    ...(model === undefined ? {} : { model }),
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(used === undefined ? {} : { used }),
  };
  if (isResult !== undefined) {
    const isIt = async (bytes: Uint8Array) => isSame(bytes, picture.bytes) || (await isResult(bytes));
    const output = await parts.results.find(destination, isIt);
    if (output !== undefined) {
      await parts.journal.saved(taskUUID, imageUUID ?? "", output);
      return { ...saved, output };
    }
  }
  const isPaid = provider !== "local";
  let staged: StagedFile | undefined;
  const noteStaged = (file: StagedFile) => {
    staged = file;
  };
  try {
    const output = await place(
      parts,
      picture,
      destination,
      isPaid ? { taskUUID, imageUUID: imageUUID ?? "" } : undefined,
      noteStaged,
    );
    return { ...saved, output };
  } catch (error) {
    const failure = asFailure(error);
    if (!isPaid) {
      await staged?.discard();
      return { failure, keptAs: null };
    }
    const outcome = await keep(parts, picture.bytes, destination, task, imageUUID ?? "", failure);
    // Until it lies somewhere else, the complete file under its temporary name is all there is.
    if (outcome.keptAs !== null) {
      await staged?.discard();
    }
    return outcome;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

async function finished(
  { finish, warn }: SavingParts,
  result: RemixResult,
  task: RemixTask,
  provider: ProviderId,
): Promise<FinishedPicture> {
  const delivered = { bytes: result.bytes, format: result.format ?? task.outputFormat };
  const picture = await finish(result, task, provider).catch(
    // A picture that is there as it was drawn is better than none.
    (error: unknown): FinishedPicture => ({
      ...delivered,
      remarks: [`${task.source.name}: saved as it was delivered: ${asFailure(error).message}`],
    }),
  );
  for (const remark of picture.remarks ?? []) {
    warn(remark);
  }
  return picture;
}

/** Which result of which task is written down; undefined where nothing is. */
type Noted = { readonly taskUUID: string; readonly imageUUID: string } | undefined;

async function place(
  { results, journal, warn }: SavingParts,
  { bytes, format, sidecar }: FinishedPicture,
  destination: Destination,
  noted: Noted,
  onStaged: (file: StagedFile) => void,
): Promise<string> {
  const staged = await results.stage(bytes, destination);
  onStaged(staged);
  const note = async (write: (of: NonNullable<Noted>) => Promise<void>) => {
    try {
      await (noted === undefined ? undefined : write(noted));
    } catch (error) {
      // The picture matters more than the note: without it, recovery looks for the file.
      warn(`${staged.temporary} could not be noted in the journal: ${asFailure(error).message}`);
    }
  };
  await note(async ({ taskUUID, imageUUID }) => {
    const { temporary, folder, sha256 } = staged;
    const facts = { imageUUID, temporary, folder, format, length: bytes.length, sha256 };
    await journal.staged(taskUUID, sidecar === undefined ? facts : { ...facts, sidecar });
  });
  const output = await staged.giveName(destination.nameFor);
  await writeSidecar({ results, warn }, output, sidecar);
  await note(({ taskUUID, imageUUID }) => journal.saved(taskUUID, imageUUID, output));
  return output;
}

/** Writes what is to be said beside a picture that has its name. The picture matters more than that. */
export async function writeSidecar(
  { results, warn }: Pick<SavingParts, "results" | "warn">,
  output: string,
  sidecar: string | undefined,
): Promise<void> {
  if (sidecar !== undefined) {
    await results.writeBeside(sidecarName(output), sidecar).catch((error: unknown) => {
      warn(`Nothing could be written beside ${output}: ${asFailure(error).message}`);
    });
  }
}

/** What the message of a failure ends with whose picture is in safety. */
export function keptNote(keptAs: string): string {
  return ` The finished picture is kept as ${keptAs}.`;
}

/** Keeps in storage what its folder would not take; both failures are told when that fails too. */
async function keep(
  { results, journal }: SavingParts,
  bytes: Uint8Array,
  { nameFor }: Destination,
  { taskUUID }: RemixTask,
  imageUUID: string,
  { code, message, cause }: RemixFailure,
): Promise<NotSaved> {
  try {
    const keptAs = await results.keep(bytes, nameFor);
    // It is in safety, whether or not that can be written down.
    await journal.saved(taskUUID, imageUUID, keptAs).catch(() => undefined);
    return { failure: new RemixFailure(code, message + keptNote(keptAs), { cause }), keptAs };
  } catch (error) {
    const text = `${message} It could not be kept in storage either: ${asFailure(error).message} Task ${taskUUID} stays open, so that its result can be fetched again.`;
    return { failure: new RemixFailure(code, text, { cause, isOpen: true }), keptAs: null };
  }
}
