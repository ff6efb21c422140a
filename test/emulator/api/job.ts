import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { JsonObject } from "../json.ts";
import { number32 } from "../random.ts";
import { type ErrorObject, refuse } from "../refusal.ts";
import type { Backend } from "./backend.ts";
import type { InferenceTask } from "./inferenceTask.ts";
import type { JobPlan, ResultPlan } from "./jobPlan.ts";
import { mimeOf, pathOf } from "./media.ts";
import { callOut } from "./outbound.ts";
import type { Reference } from "./references.ts";

/** One result of an accepted task. */
export class JobResult {
  readonly imageUUID = randomUUID();
  readonly plan: ResultPlan;
  state: "processing" | "success" | "error" = "processing";

  constructor(plan: ResultPlan) {
    this.plan = plan;
  }
}

/** An accepted task at work. It goes on whether or not anybody waits for it: there is no cancelling. */
export class Job {
  readonly task: InferenceTask;
  readonly plan: JobPlan;
  readonly results: readonly JobResult[];
  readonly #reference: Reference;
  readonly #backend: Backend;
  readonly #stop: AbortSignal;
  readonly #ready: Promise<void>[] = [];
  /** How often it was polled. */
  polls = 0;

  constructor(task: InferenceTask, plan: JobPlan, reference: Reference, backend: Backend) {
    this.task = task;
    this.plan = plan;
    this.results = plan.results.map((result) => new JobResult(result));
    this.#reference = reference;
    this.#backend = backend;
    this.#stop = backend.closing;
  }

  /** Begins. `onResult` is called with each result as soon as it is settled. */
  start(onResult: (result: JobResult) => void): void {
    let last = Promise.resolve();
    for (const result of this.results) {
      if (result.plan.fate === "never") {
        this.#ready.push(Promise.resolve());
        continue;
      }
      last = last.then(() => this.#make(result)).then(() => onResult(result));
      this.#ready.push(last);
      this.#backend.pending.follow(last);
    }
  }

  /** Whether all results are settled, but for those that never will be. */
  get isFinished(): boolean {
    return this.results.every(({ state, plan }) => state !== "processing" || plan.fate === "never");
  }

  /** USD that its results in the making will cost. */
  get outstanding(): number {
    return this.results
      .filter(({ state, plan }) => state === "processing" && plan.fate === "success")
      .reduce((sum, { plan }) => sum + plan.price, 0);
  }

  /** Resolves once result `index` is settled; at once for one that never will be. */
  async ready(index: number): Promise<void> {
    await this.#ready[index];
  }

  async finished(): Promise<void> {
    await Promise.all(this.#ready);
  }

  async #make(result: JobResult): Promise<void> {
    const { secondsPerImage, ledger, account } = this.#backend;
    try {
      await pause(secondsPerImage * 1000, undefined, { signal: this.#stop });
      if (result.plan.fate === "error") {
        result.state = "error";
        return;
      }
      const bytes = result.plan.bytes ?? (await this.#draw(result));
      this.#stop.throwIfAborted();
      this.#keep(result, bytes);
    } catch (error) {
      if (!this.#stop.aborted) {
        result.plan.refusal = refuse("internalServerError", "The emulator could not draw this result.");
        result.state = "error";
        ledger.addViolation({ kind: "serverError", request: 0, detail: String(error) });
      }
      return;
    }
    // Only results are charged, not tasks that fail (https://runware.ai/pricing).
    const { taskUUID } = this.task;
    ledger.addCharge({ taskUUID, imageUUID: result.imageUUID, amount: result.plan.price });
    account.balance -= result.plan.price;
    result.state = "success";
    callOut(this, result, this.#backend);
  }

  #draw({ plan, imageUUID }: JobResult): Promise<Uint8Array> {
    const { width, height, outputFormat, seed } = plan;
    return this.#backend.draw({
      ...this.task,
      width,
      height,
      outputFormat,
      imageUUID,
      reference: this.#reference.bytes,
      seed: number32(seed.toString()),
    });
  }

  #keep({ imageUUID, plan }: JobResult, bytes: Uint8Array): void {
    const { taskUUID, ttl } = this.task;
    const expires = this.#backend.clock.now() + ttl * 1000;
    this.#backend.media.add({
      uuid: imageUUID,
      kind: "result",
      taskUUID,
      bytes,
      format: plan.outputFormat,
      expires,
    });
  }

  /** The item of a reply for a finished result: https://runware.ai/docs/models/ideogram-1-0-remix */
  itemOf({ imageUUID, plan }: JobResult): JsonObject {
    const { taskUUID, includeCost, checksContent } = this.task;
    const item: JsonObject = {
      taskType: "imageInference",
      taskUUID,
      imageUUID,
      ...this.#picture(imageUUID),
      seed: plan.seed,
      ...(checksContent ? { NSFWContent: false } : {}),
      ...(includeCost ? { cost: plan.price } : {}),
    };
    return plan.retouch.reduce((changed, retouch) => retouch(changed), item);
  }

  #picture(imageUUID: string): JsonObject {
    const medium = this.#backend.media.find(imageUUID);
    // The extension in the address follows the format that was asked for, whatever the bytes are.
    const format = this.task.outputFormat;
    const base64 = Buffer.from(medium?.bytes ?? []).toString("base64");
    switch (this.task.outputType) {
      case "URL":
        return { imageURL: this.#backend.origin() + pathOf({ uuid: imageUUID, kind: "result", format }) };
      case "base64Data":
        return { imageBase64Data: base64 };
      case "dataURI":
        return { imageDataURI: `data:${mimeOf(format)};base64,${base64}` };
    }
  }

  /** The error that stands for a failed result. */
  errorOf({ plan }: JobResult): ErrorObject {
    const { taskUUID } = this.task;
    const failure = plan.refusal ?? refuse("inferenceError", "The image could not be generated.");
    return { ...failure.error, taskUUID, taskType: "imageInference" };
  }
}
