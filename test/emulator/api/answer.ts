import { isList, isObject, type Json, type JsonObject, textField } from "../json.ts";
import { forTask, type Refusal, refuse } from "../refusal.ts";
import { shortened } from "../shorten.ts";
import type { Answer, Backend, Call } from "./backend.ts";
import { infer } from "./inference.ts";
import { poll, taskDetails } from "./polling.ts";
import { imageUpload, mediaStorage } from "./storage.ts";
import { checkTask, type TaskType, taskTypeOf } from "./taskRules.ts";

/** The tasks in the body of a request; undefined where it is not a list of objects. */
export function tasksIn(body: Json | undefined): readonly JsonObject[] | undefined {
  return isList(body) && body.length > 0 && body.every(isObject) ? body : undefined;
}

/** What a body is answered with that is no list of tasks. */
export function refuseBody(): Answer {
  const message = "The body must be a JSON array of task objects.";
  return { items: [], refusals: [refuse("invalidRequestBody", message, { type: "array" })] };
}

/**
 * Checks the key, which stands in the header or in a first element `authentication`
 * (https://runware.ai/docs/models-api/authentication).
 *
 * @returns undefined where it is good
 */
export function refuseKey(
  headerKey: string | undefined,
  tasks: readonly JsonObject[],
  { account }: Backend,
): Refusal | undefined {
  const [first] = tasks;
  const isElement = first !== undefined && textField(first, "taskType") === "authentication";
  const key = isElement ? textField(first, "apiKey") : headerKey;
  const more = { parameter: "apiKey", type: "string", taskType: "authentication" };
  if (key === undefined || key === "") {
    return refuse("missingApiKey", "An API key is required.", more);
  }
  return account.keys.has(key)
    ? undefined
    : refuse("invalidApiKey", "Invalid API key. Get one at https://my.runware.ai/keys.", more);
}

/** Answers the tasks of an authenticated request, all at the same time. */
export function answerAll(tasks: readonly JsonObject[], call: Call, backend: Backend): Promise<Answer[]> {
  return Promise.all(tasks.map((task) => answerTask(task, call, backend)));
}

/** Task types whose UUIDs are used up. `getResponse` and `getTaskDetails` name the UUID of another task. */
const unique: ReadonlySet<TaskType> = new Set(["imageInference", "mediaStorage", "imageUpload"]);

async function answerTask(task: JsonObject, call: Call, backend: Backend): Promise<Answer> {
  const wrong = checkTask(task);
  const type = taskTypeOf(task);
  if (wrong.length > 0 || type === undefined) {
    return { items: [], refusals: forTask(task, wrong) };
  }
  const taskUUID = textField(task, "taskUUID") ?? "";
  if (unique.has(type) && !backend.book.reserve(taskUUID, type === "imageInference")) {
    return refuseTaken(task, taskUUID, backend);
  }
  const answer = refuseByFault(task, call, backend) ?? (await carryOut(type, task, call, backend));
  const isTakenOn = type === "imageInference" ? backend.book.findJob(taskUUID) : answer.items.length > 0;
  if (unique.has(type) && (isTakenOn === undefined || isTakenOn === false)) {
    backend.book.release(taskUUID);
  }
  return answer;
}

/** A UUID that was accepted before is refused, and that is not charged. */
function refuseTaken(task: JsonObject, taskUUID: string, backend: Backend): Answer {
  const job = backend.book.findJob(taskUUID);
  const context = {
    taskType: textField(task, "taskType"),
    taskUUID,
    deliveryMethod: job?.task.deliveryMethod ?? "sync",
  };
  const message = "A task with this 'taskUUID' has already been submitted.";
  const refusal = refuse("conflictTaskUUID", message, { parameter: "taskUUID", type: "UUIDv4", context });
  const refusals = forTask(task, [refusal]);
  const request = shortened(task);
  backend.book.archive(taskUUID, {
    request: isObject(request) ? request : {},
    response: { errors: refusals.map(({ error }) => error) },
  });
  return { items: [], refusals };
}

function refuseByFault(task: JsonObject, call: Call, backend: Backend): Answer | undefined {
  const [refuseTask] = backend.faults.due("task", call.entry, { tasks: [task] });
  return refuseTask === undefined ? undefined : { items: [], refusals: refuseTask(task, backend.book) };
}

async function carryOut(type: TaskType, task: JsonObject, call: Call, backend: Backend): Promise<Answer> {
  const taskUUID = textField(task, "taskUUID") ?? "";
  switch (type) {
    case "imageInference": {
      const answer = await infer(task, call, backend);
      return "items" in answer ? answer : { items: [], refusals: forTask(task, answer) };
    }
    case "getResponse":
      return await poll(taskUUID, backend);
    case "getTaskDetails":
      return taskDetails(taskUUID, backend);
    case "mediaStorage":
      return withTask(task, await mediaStorage(task, backend));
    case "imageUpload":
      return withTask(task, await imageUpload(task, backend));
    case "ping": {
      const { taskUUID: own } = task;
      return {
        items: [{ taskType: "ping", pong: true, ...(own === undefined ? {} : { taskUUID: own }) }],
        refusals: [],
      };
    }
    case "accountManagement": {
      const { ledger, account } = backend;
      const details = account.details(ledger.chargedTotal(), ledger.requests().length);
      return {
        items: [{ taskType: "accountManagement", taskUUID, operation: "getDetails", ...details }],
        refusals: [],
      };
    }
  }
}

function withTask(task: JsonObject, { items, refusals }: Answer): Answer {
  return { items, refusals: forTask(task, refusals) };
}
