import { createHash } from "node:crypto";
import type { ReferenceFacts } from "./api/references.ts";
import type { OutputFormat } from "./drawing/draw.ts";
import { isObject, textField } from "./json.ts";

/** A request as it came in, without the key, and with image data shortened. */
export interface RequestEntry {
  /** Counts from 1 in order of arrival, over HTTP and WebSocket. */
  readonly number: number;
  readonly channel: "http" | "webSocket";
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  /** All headers but `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a key came in the header or in the body, and whether it is one. */
  authorization: "none" | "valid" | "wrong";
  /** The tasks of the body; other JSON stands in a list of its own; empty where there was none. */
  tasks: readonly unknown[];
  /** Bytes of the body. */
  bodyBytes: number;
  /** HTTP status of the reply, null while there is none. A WebSocket message has none. */
  status: number | null;
  /** Names of the faults that were played on it. */
  readonly faults: string[];
}

/** An inference that the server took on. */
export interface Acceptance {
  readonly taskUUID: string;
  /** Number of the request. */
  readonly request: number;
  readonly model: string;
  readonly deliveryMethod: "sync" | "async";
  readonly numberResults: number;
  readonly references: readonly ReferenceFacts[];
  /** The same for two tasks that ask for the same work: everything but the UUID and how results are delivered. */
  readonly fingerprint: string;
}

/** A result that was paid for. */
export interface Charge {
  readonly taskUUID: string;
  readonly imageUUID: string;
  /** USD. */
  readonly amount: number;
}

/** A result that reached somebody. */
export interface Delivery {
  readonly taskUUID: string;
  readonly imageUUID: string;
  /** `reply`: to the task itself; `poll`: to a getResponse; `download`: by a GET of its address. */
  readonly by: "reply" | "poll" | "download" | "webhook" | "upload";
  /** Number of the request that brought it; null where the server called. */
  readonly request: number | null;
  /** Whether the picture itself came, in the right bytes, and not only its address. */
  readonly picture: boolean;
}

/** Something that a client must never do. */
export interface Violation {
  readonly kind:
    | "authorizationSentToImageHost"
    | "redirectFollowed"
    | "fetchedFromForeignHost"
    | "keyInAddress"
    | "serverError";
  readonly request: number;
  readonly detail: string;
}

/** A stored picture that was uploaded ahead of its use. */
export interface Upload {
  readonly taskUUID: string;
  readonly mediaUUID: string;
  readonly operation: "upload" | "delete";
  readonly sha256: string;
  readonly format: OutputFormat;
}

/** A call to a webhook or upload endpoint, made or refused. */
export interface OutboundCall {
  readonly kind: "webhook" | "upload";
  readonly imageUUID: string;
  readonly url: string;
  /** HTTP status of the answer; a sentence where there was none. */
  readonly outcome: number | string;
}

/** Everything that happened, in order. */
export class Ledger {
  readonly #requests: RequestEntry[] = [];
  readonly #accepted: Acceptance[] = [];
  readonly #charged: Charge[] = [];
  readonly #deliveries: Delivery[] = [];
  readonly #violations: Violation[] = [];
  readonly #uploads: Upload[] = [];
  readonly #outbound: OutboundCall[] = [];

  addRequest(entry: Omit<RequestEntry, "number" | "status" | "faults">): RequestEntry {
    const whole = { ...entry, number: this.#requests.length + 1, status: null, faults: [] };
    this.#requests.push(whole);
    return whole;
  }

  addAcceptance(acceptance: Acceptance): void {
    this.#accepted.push(acceptance);
  }

  addCharge(charge: Charge): void {
    this.#charged.push(charge);
  }

  addDelivery(delivery: Delivery): void {
    this.#deliveries.push(delivery);
  }

  addViolation(violation: Violation): void {
    this.#violations.push(violation);
  }

  addUpload(upload: Upload): void {
    this.#uploads.push(upload);
  }

  addOutbound(call: OutboundCall): void {
    this.#outbound.push(call);
  }

  /** Requests, of one task type if given. */
  requests(taskType?: string): readonly RequestEntry[] {
    return this.#requests.filter(
      ({ tasks }) =>
        taskType === undefined ||
        tasks.some((task) => isObject(task) && textField(task, "taskType") === taskType),
    );
  }

  accepted(): readonly Acceptance[] {
    return [...this.#accepted];
  }

  charged(): readonly Charge[] {
    return [...this.#charged];
  }

  /** USD, to the millionth, so that sums of 0.06 come out as people write them. */
  chargedTotal(): number {
    const total = this.#charged.reduce((sum, { amount }) => sum + amount, 0);
    return Math.round(total * 1_000_000) / 1_000_000;
  }

  deliveries(): readonly Delivery[] {
    return [...this.#deliveries];
  }

  /** UUIDs of the results whose pictures went out completely, each once, in the order in which they first did. */
  deliveredImages(): readonly string[] {
    return [...new Set(this.#deliveries.filter(({ picture }) => picture).map(({ imageUUID }) => imageUUID))];
  }

  /** Results that were charged and whose pictures nobody has. */
  undelivered(): readonly Charge[] {
    const delivered = new Set(this.deliveredImages());
    return this.#charged.filter(({ imageUUID }) => !delivered.has(imageUUID));
  }

  /** Accepted tasks that ask for work that an earlier task had asked for, under another UUID. */
  repeatedWork(): readonly Acceptance[] {
    const seen = new Set<string>();
    return this.#accepted.filter(({ fingerprint }) => seen.size === seen.add(fingerprint).size);
  }

  violations(): readonly Violation[] {
    return [...this.#violations];
  }

  uploads(): readonly Upload[] {
    return [...this.#uploads];
  }

  outbound(): readonly OutboundCall[] {
    return [...this.#outbound];
  }

  /** All of it, as it is served to other processes. */
  snapshot(): LedgerSnapshot {
    return {
      requests: this.requests(),
      accepted: this.accepted(),
      charged: this.charged(),
      chargedTotal: this.chargedTotal(),
      deliveries: this.deliveries(),
      deliveredImages: this.deliveredImages(),
      undelivered: this.undelivered(),
      repeatedWork: this.repeatedWork(),
      violations: this.violations(),
      uploads: this.uploads(),
      outbound: this.outbound(),
    };
  }

  clear(): void {
    for (const list of [
      this.#requests,
      this.#accepted,
      this.#charged,
      this.#deliveries,
      this.#violations,
      this.#uploads,
      this.#outbound,
    ]) {
      list.length = 0;
    }
  }
}

/** What `GET /__emulator/ledger` answers. */
export interface LedgerSnapshot {
  readonly requests: readonly RequestEntry[];
  readonly accepted: readonly Acceptance[];
  readonly charged: readonly Charge[];
  readonly chargedTotal: number;
  readonly deliveries: readonly Delivery[];
  readonly deliveredImages: readonly string[];
  readonly undelivered: readonly Charge[];
  readonly repeatedWork: readonly Acceptance[];
  readonly violations: readonly Violation[];
  readonly uploads: readonly Upload[];
  readonly outbound: readonly OutboundCall[];
}

/** A SHA-256 in hexadecimal digits. */
export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}
