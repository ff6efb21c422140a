import type { Json, JsonObject } from "../json.ts";
import { type ErrorObject, refuse } from "../refusal.ts";
import type { Answer, Backend } from "./backend.ts";
import type { Job, JobResult } from "./job.ts";

/**
 * Answers `getResponse`: every result of the task, each with its status
 * (https://runware.ai/docs/platform/task-polling). `taskType` is the original one, as in the samples there.
 */
export async function poll(taskUUID: string, backend: Backend): Promise<Answer> {
  const job = backend.book.findJob(taskUUID);
  if (job === undefined) {
    return pollNothing(taskUUID, backend);
  }
  job.polls++;
  const items: JsonObject[] = [];
  const errors: ErrorObject[] = [];
  for (const [index, result] of job.results.entries()) {
    const shown = await isShown(job, index, backend);
    if (!shown || result.state === "processing") {
      items.push({
        taskType: "imageInference",
        taskUUID: job.task.taskUUID,
        status: "processing",
        ...progressOf(job, index, backend),
      });
    } else if (result.state === "success") {
      items.push({ ...job.itemOf(result), status: "success" });
    } else {
      addError(job, result, items, errors);
    }
  }
  // A reply that carries other results is no failure, and one poll's success says nothing about the task's.
  return { items, refusals: errors.map((error) => ({ status: 200, error })) };
}

/** What is answered for a UUID that is not known; reports say an empty list. */
function pollNothing(taskUUID: string, backend: Backend): Answer {
  switch (backend.book.findGhost(taskUUID)) {
    case undefined:
    case "empty":
      return { items: [], refusals: [] };
    case "processing":
      return { items: [{ taskType: "imageInference", taskUUID, status: "processing" }], refusals: [] };
    case "taskNotFound":
      return {
        items: [],
        refusals: [refuse("taskNotFound", "Task not found.", { taskUUID, taskType: "getResponse" })],
      };
  }
}

async function isShown(job: Job, index: number, backend: Backend): Promise<boolean> {
  if (job.polls <= (index + 1) * backend.progressSteps) {
    return false;
  }
  if (backend.secondsPerImage === 0) {
    await job.ready(index);
  }
  return true;
}

function progressOf(job: Job, index: number, { progressSteps }: Backend): JsonObject {
  if (progressSteps === 0) {
    return {};
  }
  const share = (job.polls - index * progressSteps) / (progressSteps + 1);
  return { progress: Math.round(100 * Math.min(0.99, Math.max(0, share))) };
}

function addError(job: Job, result: JobResult, items: JsonObject[], errors: ErrorObject[]): void {
  const error = job.errorOf(result);
  if (job.plan.errorsStandIn === "errors") {
    errors.push({ ...error, status: "error" });
    return;
  }
  const { code, message } = error;
  const { taskUUID } = job.task;
  items.push({ taskType: "imageInference", taskUUID, status: "error", error: { code, message } });
}

/**
 * Answers `getTaskDetails`: the task's last request and answer
 * (https://github.com/Runware/runware-typescript, README). What it says of a UUID that it does not know is not
 * documented.
 */
export function taskDetails(taskUUID: string, backend: Backend): Answer {
  const entry = backend.book.findArchived(taskUUID);
  if (entry === undefined) {
    return { items: [], refusals: [refuse("taskNotFound", "Task not found.")] };
  }
  const response: Json = entry.response;
  return {
    items: [{ taskType: "getTaskDetails", taskUUID, request: entry.request, response }],
    refusals: [],
  };
}
