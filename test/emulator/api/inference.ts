import { isObject, type JsonObject } from "../json.ts";
import { sha256 } from "../ledger.ts";
import { number32 } from "../random.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { shortened } from "../shorten.ts";
import type { Answer, Backend, Call } from "./backend.ts";
import { type InferenceTask, readInference } from "./inferenceTask.ts";
import { Job, type JobResult } from "./job.ts";
import type { JobPlan } from "./jobPlan.ts";
import { type Reference, resolveReference } from "./references.ts";

/**
 * Takes on an `imageInference` task that has passed its checks and whose UUID is reserved. The results or, for
 * asynchronous delivery, an acknowledgement answer it (https://runware.ai/docs/platform/task-polling).
 *
 * @returns the answer, or refusals, in which case nothing was accepted
 */
export async function infer(
  source: JsonObject,
  call: Call,
  backend: Backend,
): Promise<Answer | readonly Refusal[]> {
  const task = readInference(source);
  const references: Reference[] = [];
  for (const text of [...task.references, ...task.styleReferences]) {
    const reference = await resolveReference(text, backend);
    if (typeof reference === "string") {
      const parameter = task.references.includes(text)
        ? "inputs.referenceImages"
        : "providerSettings.ideogram.styleReferenceImages";
      return [refuse("failedToTransferImage", reference, { parameter, type: "image" })];
    }
    references.push(reference);
  }
  const price = backend.priceOf(task.model, task.renderingSpeed);
  const total = price * task.numberResults;
  if (total > backend.account.balance - backend.book.committed + 1e-9) {
    const message = "Insufficient credits. Add credits to your account: https://my.runware.ai/wallet";
    return [refuse("insufficientCredits", message)];
  }
  if (call.dryRun) {
    // What a dry run answers is not documented; this is the least that "validates and prices" can mean.
    const { taskUUID } = task;
    return { items: [{ taskType: "imageInference", taskUUID, cost: total }], refusals: [] };
  }
  const [reference] = references;
  if (reference === undefined) {
    return [refuse("failedToTransferImage", "There is no reference image.")];
  }
  return await accept(source, task, references, reference, price, call, backend);
}

async function accept(
  source: JsonObject,
  task: InferenceTask,
  references: readonly Reference[],
  reference: Reference,
  price: number,
  call: Call,
  backend: Backend,
): Promise<Answer> {
  const { taskUUID, model, deliveryMethod, numberResults } = task;
  const plan = planFor(task, price);
  for (const change of backend.faults.due("job", call.entry, { tasks: [source] })) {
    change(plan, task);
  }
  const job = new Job(task, plan, reference, backend);
  backend.book.addJob(job);
  backend.ledger.addAcceptance({
    taskUUID,
    request: call.entry.number,
    model,
    deliveryMethod,
    numberResults,
    references: references.map(({ facts }) => facts),
    fingerprint: fingerprintOf(source, references),
  });
  const push = deliveryMethod === "sync" ? call.push : undefined;
  job.start((result) => push !== undefined && result.state === "success" && push(job.itemOf(result)));
  const request = shortened(source);
  backend.pending.follow(
    job.finished().then(() => {
      const response = { data: job.results.filter(isSuccess).map((result) => job.itemOf(result)) };
      backend.book.archive(taskUUID, { request: isObject(request) ? request : {}, response });
    }),
  );
  if (deliveryMethod === "async") {
    return { items: [{ taskType: "imageInference", taskUUID }], refusals: [] };
  }
  await job.finished();
  const items = push === undefined ? job.results.filter(isSuccess).map((result) => job.itemOf(result)) : [];
  const refusals = job.results
    .filter(({ state }) => state === "error")
    .map((result) => ({ status: result.plan.refusal?.status ?? 500, error: job.errorOf(result) }));
  return { items, refusals };
}

function isSuccess({ state }: JobResult): boolean {
  return state === "success";
}

function planFor(task: InferenceTask, price: number): JobPlan {
  const { width, height, outputFormat } = task;
  const results = Array.from({ length: task.numberResults }, (_, index) => ({
    fate: "success" as const,
    refusal: undefined,
    width,
    height,
    outputFormat,
    // Runware's samples show seeds of this size for this model.
    seed: BigInt(number32(`${task.taskUUID}/${index}`) >>> 1),
    price,
    bytes: undefined,
    retouch: [],
  }));
  return { results, errorsStandIn: "errors" };
}

/** The task without what makes two requests for the same work differ: its pictures by their content, too. */
function fingerprintOf(source: JsonObject, references: readonly Reference[]): string {
  const work = new Map(Object.entries(source));
  for (const name of [
    "taskUUID",
    "deliveryMethod",
    "outputType",
    "includeCost",
    "ttl",
    "webhookURL",
    "inputs",
  ]) {
    work.delete(name);
  }
  const fields = [...work].sort(([one], [other]) => (one < other ? -1 : 1));
  return sha256(JSON.stringify([fields, references.map(({ facts }) => facts.sha256)]));
}
