import * as z from "zod/mini";

const outputFormats = ["JPG", "PNG", "WEBP"] as const;
const nullableText = z.nullable(z.string());
const nullableNumber = z.nullable(z.number());
const size = { width: z.number(), height: z.number() };
const rectangle = z.object({ left: z.number(), top: z.number(), ...size });
const plan = {
  taskUUID: z.string(),
  /** UUID of the run that the task belongs to. */
  batch: z.string(),
  /** Absolute path of the source. */
  source: z.string(),
  /** The recipe's parameters, without those of delivery: addresses can hold secrets. */
  recipe: z.record(z.string(), z.unknown()),
  preset: nullableText,
  /** Absolute path of the folder that relative style references start from. */
  referenceBase: nullableText,
  /** How results are saved. */
  output: z.object({
    fileName: z.string(),
    folder: z.string(),
    resize: z.enum(["none", "source"]),
    alpha: z.enum(["drop", "keep"]),
    metadata: z.enum(["full", "marking", "none"]),
    sidecar: z.boolean(),
  }),
  /** Results that were asked for. */
  results: z.number(),
  /** What one result is expected to cost, in USD. */
  estimate: z.number(),
};
const submission = {
  taskUUID: z.string(),
  /** AIR id. */
  model: z.string(),
  /** Address of the API, without query. */
  endpoint: z.string(),
  /** Which key it was sent with, as `Provider.keyMark` tells them apart; absent in records of earlier versions. */
  keyMark: z.optional(z.string()),
  /** Absolute path of the source. */
  source: z.string(),
  /** Absolute path of the folder in which results belong. */
  destination: z.string(),
  /** SHA-256 of the source's bytes, hexadecimal. */
  sourceSha256: z.string(),
  /** The size that is drawn, in pixels. */
  size: z.object(size),
  /** How the source is laid into that size. */
  fitting: z.object({
    source: rectangle,
    target: rectangle,
    loss: z.number(),
    /** Size of the upright source in pixels; absent in records of earlier versions. */
    of: z.optional(z.object(size)),
  }),
  outputFormat: z.enum(outputFormats),
  /** The request without image data and without the secrets that addresses can hold. */
  request: z.unknown(),
};
const received = {
  imageUUID: z.string(),
  /** Its address without query; null where it came inside the reply. */
  imageURL: nullableText,
  /** USD; null when unknown. */
  cost: nullableNumber,
  /** Decimal digits; null when unknown. */
  seed: nullableText,
  /** Whether the service's check found it unsafe; absent where it was not checked. */
  flagged: z.optional(z.boolean()),
};
const staged = {
  imageUUID: z.string(),
  /** Absolute path of the complete file under its temporary name. */
  temporary: z.string(),
  /** Absolute path of the folder in which it belongs. */
  folder: z.string(),
  format: z.enum(outputFormats),
  /** Length in bytes. */
  length: z.number(),
  /** SHA-256 of its bytes, hexadecimal. */
  sha256: z.string(),
  /** What a file beside it is to say; absent for none. */
  sidecar: z.optional(z.string()),
};
const settlements = ["delivered", "partial", "refused", "notSent"] as const;

const planSchema = z.object(plan);
const submissionSchema = z.object(submission);
const receivedSchema = z.object(received);
const stagedSchema = z.object(staged);

/** What is written down of a task before anything is done. */
export type TaskPlan = Readonly<z.infer<typeof planSchema>>;

/** What is written down of a task before it is sent. */
export type Submission = Readonly<z.infer<typeof submissionSchema>>;

/** A result that the service has made, and most likely charged. */
export type Received = Readonly<z.infer<typeof receivedSchema>>;

/** A result that is complete on disk and about to get its name. */
export type StagedResult = Readonly<z.infer<typeof stagedSchema>>;

/**
 * How a task ended for which nothing can be outstanding any more: `delivered` and `partial` (the rest was refused and
 * not charged), `refused` by the service, `notSent` at all.
 */
export type Settlement = (typeof settlements)[number];

const common = { version: z.literal(1), time: z.string(), taskUUID: z.string() };

/** One line of a journal, as it stands in the file. */
export const journalLine = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("planned"), ...common, ...plan }),
  z.object({ kind: z.literal("submitting"), ...common, ...submission }),
  z.object({ kind: z.literal("accepted"), ...common }),
  z.object({ kind: z.literal("received"), ...common, ...received }),
  z.object({ kind: z.literal("staged"), ...common, ...staged }),
  z.object({ kind: z.literal("saved"), ...common, imageUUID: z.string(), output: z.string() }),
  z.object({ kind: z.literal("settled"), ...common, settlement: z.enum(settlements) }),
]);
export type JournalLine = Readonly<z.infer<typeof journalLine>>;

type WithoutStamp<Line> = Line extends unknown ? Omit<Line, "version" | "time"> : never;

/** What a line says besides its version and its time. */
export type JournalNote = Readonly<WithoutStamp<JournalLine>>;

/** A task that has no end yet, put together from the lines about it. */
export interface OpenTask {
  readonly taskUUID: string;
  /** When it was planned, ISO 8601. */
  readonly time: string;
  readonly plan: TaskPlan | null;
  /** Null where it has not been sent. */
  readonly submission: Submission | null;
  /** Whether the service is known to have taken it on. */
  readonly isAccepted: boolean;
  /** Results that the service has made, each once. */
  readonly received: readonly Received[];
  /** Those that were complete on disk. */
  readonly staged: readonly StagedResult[];
  /** `imageUUID` of those that have become files. */
  readonly saved: readonly string[];
}

/** The open tasks of a journal, by UUID, in the order in which they were planned. */
export type OpenTasks = Map<string, OpenTask>;

/** Takes one more line into account. Lines that say the same twice change nothing. */
export function applyLine(tasks: OpenTasks, line: JournalLine): void {
  const { taskUUID, time } = line;
  if (line.kind === "settled") {
    tasks.delete(taskUUID);
    return;
  }
  const before = tasks.get(taskUUID);
  if (before === undefined && line.kind !== "planned" && line.kind !== "submitting") {
    return;
  }
  tasks.set(taskUUID, advanced(before ?? emptyTask(taskUUID, time), line));
}

function emptyTask(taskUUID: string, time: string): OpenTask {
  const nothing = { received: [], staged: [], saved: [] } as const;
  return { taskUUID, time, plan: null, submission: null, isAccepted: false, ...nothing };
}

function advanced(task: OpenTask, line: Exclude<JournalLine, { kind: "settled" }>): OpenTask {
  switch (line.kind) {
    case "planned": {
      // Planned anew, since it turned out that it never arrived: it counts as sent only when it is sent again.
      const isTakenOn = task.isAccepted || task.received.length > 0;
      return { ...task, plan: planSchema.parse(line), submission: isTakenOn ? task.submission : null };
    }
    case "submitting":
      return { ...task, submission: submissionSchema.parse(line) };
    case "accepted":
      return { ...task, isAccepted: true };
    case "received":
      return { ...task, received: withResult(task.received, receivedSchema.parse(line)) };
    case "staged":
      return { ...task, staged: withResult(task.staged, stagedSchema.parse(line)) };
    case "saved":
      return { ...task, saved: [...task.saved.filter((known) => known !== line.imageUUID), line.imageUUID] };
  }
}

/** `all` with `result` in the place of an earlier note on the same picture. */
function withResult<Result extends { readonly imageUUID: string }>(
  all: readonly Result[],
  result: Result,
): readonly Result[] {
  return [...all.filter(({ imageUUID }) => imageUUID !== result.imageUUID), result];
}

/** What a provider writes down of a task that is paid for. */
export interface TaskJournal {
  /**
   * Resolves once the record would survive a power failure. Nothing may be sent before.
   *
   * @throws RemixFailure `readOnly`, `diskFull`, `budget` or `unknown`: then nothing may be sent at all
   */
  submitting(submission: Submission): Promise<void>;
  accepted(taskUUID: string): Promise<void>;
  received(taskUUID: string, result: Received): Promise<void>;
  /** Nothing is outstanding any more, and everything that was handed over is in safety. */
  settled(taskUUID: string, settlement: Settlement): Promise<void>;
}

/** The whole journal of a window: what the engine and its providers write down of tasks that are paid for. */
export interface WindowJournal extends TaskJournal {
  /** Writes down all tasks of a run in one go; otherwise like `submitting`. */
  planned(plans: readonly TaskPlan[]): Promise<void>;
  staged(taskUUID: string, result: StagedResult): Promise<void>;
  saved(taskUUID: string, imageUUID: string, output: string): Promise<void>;
  /** The open task with this UUID. */
  openTask(taskUUID: string): OpenTask | undefined;
  /**
   * Makes the open tasks of windows that are gone this window's own. Of several windows that try, one gets each.
   *
   * @returns the tasks that are this window's own now, and what could not be read
   */
  takeOver(): Promise<TakenOver>;
}

/** What windows that are gone have left. */
export interface TakenOver {
  readonly tasks: readonly OpenTask[];
  /** How many journals of windows there are that are still there, as far as that can be told. */
  readonly others: number;
  /** Absolute paths of journals that this version cannot read whole; they are left as they are. */
  readonly unreadable: readonly string[];
}
