import type { Base64Port } from "../../engine/base64.ts";
import type { ClockPort, LogPort } from "../../engine/clock.ts";
import type { HttpPort } from "../../engine/http.ts";
import type { TaskJournal } from "../../engine/journal.ts";
import type { Place } from "../../engine/pace.ts";
import type { RemixTask } from "../../engine/ports.ts";
import type { PollPace } from "./pollPace.ts";

/** UUIDs of pictures that are stored at the service, by the SHA-256 of their bytes in hexadecimal digits. */
export interface UploadCache {
  get(sha256: string): string | undefined;
  set(sha256: string, mediaUUID: string): void | PromiseLike<void>;
  delete(sha256: string): void | PromiseLike<void>;
}

/** A picture as it is sent. */
export interface PreparedImage {
  readonly bytes: Uint8Array;
  readonly mime: "image/png" | "image/jpeg" | "image/webp";
}

/** How long to wait for what, in milliseconds. */
export interface Patience {
  /** For the headers of a reply to anything that is answered at once. */
  readonly replyMs: number;
  /** For the headers of a reply that brings finished pictures (`deliveryMethod` `sync`). */
  readonly syncReplyMs: number;
  /** For the next byte of a body. */
  readonly idleMs: number;
}

/** The service answers at once; results of `sync` may take two minutes at the server (TypeScript SDK, README). */
export const usualPatience: Patience = { replyMs: 30_000, syncReplyMs: 150_000, idleMs: 30_000 };

/** What is needed to talk to the service at all. */
export interface ConnectionParts {
  /** Address of the API: https, or http on this machine. */
  readonly endpoint: string;
  /** The key that belongs to the endpoint; undefined where there is none. */
  readonly key: () => Promise<string | undefined>;
  readonly http: HttpPort;
  readonly base64: Base64Port;
  readonly clock: ClockPort;
  readonly log: LogPort;
  /** A new UUID v4. */
  readonly newUUID: () => string;
  /** {@link usualPatience} where it is absent. */
  readonly patience?: Patience;
}

/** What the provider needs of the world. */
export interface RunwareParts extends ConnectionParts {
  /** AIR id of the model. */
  readonly model: string;
  readonly journal: TaskJournal;
  /**
   * The source as it is sent: upright, cropped or padded to the shape of the task's size, without metadata, within the
   * limits of `layUpload` (`upload.maxPixels` of the settings, and a longest side), in PNG, JPEG or WebP. Made of the
   * bytes that `sourceSha256` says, or not at all.
   */
  readonly prepare: (task: RemixTask, signal: AbortSignal) => Promise<PreparedImage>;
  /**
   * A style reference that is not an https address, as it is sent.
   *
   * Without it such references are refused: strings are never read as files here.
   */
  readonly prepareStyle?: (reference: string, task: RemixTask, signal: AbortSignal) => Promise<PreparedImage>;
  /** Where it is there, sources are uploaded once and named by UUID after that; else they are sent with each task. */
  readonly uploads?: UploadCache;
  /** Of how many uploads may go on at the same time, over all providers of this window. */
  readonly uploadPlaces: { take(signal: AbortSignal): Promise<() => void> };
  /** How many tasks may be at the service at the same time, over all providers of this window. */
  readonly pace: { take(signal: AbortSignal): Promise<Place> };
  /** The one budget of retries that all tasks of this provider share. */
  readonly retries: RetryAllowance;
  /** When tasks are asked after, learned from all of them; where it is absent, as the service advises. */
  readonly polls?: PollPace;
  /** Equally distributed numbers from 0 to 1, as of `Math.random`. */
  readonly random: () => number;
  /** Minutes for which a task that was accepted is asked after. */
  readonly timeoutMinutes: number;
}

/** A shared allowance of retries, so that a storm of errors does not multiply. */
export interface RetryAllowance {
  /** Takes one retry. @returns whether there was one left */
  take(): boolean;
  /** Gives one back for something that succeeded. */
  refund(): void;
  /** How much has succeeded so far. */
  readonly successes: number;
}
