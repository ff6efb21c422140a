import { z } from "zod";
import type { Envelope } from "../api/envelope.ts";
import type { InferenceTask } from "../api/inferenceTask.ts";
import type { JobPlan } from "../api/jobPlan.ts";
import type { TaskBook } from "../api/taskBook.ts";
import type { Ending, WholeReply, WireReply } from "../http/wire.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Refusal } from "../refusal.ts";

/** What is at hand when a fault may be played. */
export interface Subject {
  /** The tasks that it is about; none while a request is still being received. */
  readonly tasks: readonly JsonObject[];
  /** The reply, once there is one. */
  readonly envelope?: Envelope;
  /** Inferences at work. */
  readonly inFlight?: number;
  /** Length of the request's body according to its header. */
  readonly contentLength?: number;
  /** Address of the server without a path. */
  readonly origin?: string;
}

/** What goes wrong while a request's body is being received. */
export type UploadAction =
  | { readonly kind: "refuse"; readonly reply: WholeReply }
  | { readonly kind: "break"; readonly after: number; readonly how: Ending }
  | { readonly kind: "slow"; readonly bytesPerSecond: number };

/** What a fault does at each of the moments at which one can be played. */
export interface Moments {
  /** Headers are in, the body is not. */
  upload: UploadAction;
  /** Answers instead of the API; nothing is done. */
  request: (subject: Subject) => WireReply;
  /** Refuses a valid task; nothing is done. */
  task: (task: JsonObject, book: TaskBook) => readonly Refusal[];
  /** Changes what is going to become of an accepted inference. */
  job: (plan: JobPlan, task: InferenceTask) => void;
  /** Changes the reply's items and errors. */
  reply: (envelope: Envelope, subject: Subject) => Envelope;
  /** Changes the reply's JSON. */
  shape: (body: JsonObject, subject: Subject) => Json;
  /** Changes the reply on the wire; what was asked for has been done. */
  wire: (reply: WireReply, subject: Subject) => WireReply;
  /** Changes how a picture is served. */
  image: (reply: WholeReply, subject: Subject) => WireReply;
}

export type Moment = keyof Moments;

/** A fault with its parameters filled in: what it does, at exactly one moment. */
export interface Effect extends Partial<Moments> {
  /** Where it cannot be played otherwise; what it does not apply to does not count. */
  readonly applies?: (subject: Subject) => boolean;
}

/** A fault of the catalogue. */
export interface FaultDefinition<Shape extends z.ZodRawShape = z.ZodRawShape> {
  /** One sentence on what it plays. */
  readonly about: string;
  /** Numbers of the behaviours that it plays (`behaviours.ts`). */
  readonly plays: readonly number[];
  readonly parameters: z.ZodObject<Shape, z.core.$strict>;
  /** Is played until it is taken away, where nothing else is asked for. */
  readonly lasting: boolean;
  /** Tasks that it is about where nothing else is asked for. */
  readonly taskType: string | undefined;
  /** @throws ZodError for parameters that do not fit */
  readonly prepare: (parameters: unknown) => Effect;
}

/** Declares a fault; its parameters get their types from `parameters`. */
export function fault<Shape extends z.ZodRawShape>(declaration: {
  readonly about: string;
  readonly plays: readonly number[];
  readonly parameters?: Shape;
  readonly lasting?: true;
  readonly taskType?: string;
  readonly effect: (parameters: z.output<z.ZodObject<Shape, z.core.$strict>>) => Effect;
}): FaultDefinition<Shape> {
  const { about, plays, lasting, taskType, effect } = declaration;
  const parameters = z.strictObject(declaration.parameters ?? ({} as Shape));
  return {
    about,
    plays,
    parameters,
    lasting: lasting ?? false,
    taskType,
    prepare: (given) => effect(parameters.parse(given)),
  };
}

/** Whether `subject` has a task with `field` = `value`. */
export function hasTask(subject: Subject, field: string, value: Json): boolean {
  return subject.tasks.some((task) => task[field] === value);
}

/** An address of this server, under the other name of the loopback interface. */
export function foreign(address: string): string {
  return address.replace("127.0.0.1", "localhost");
}
