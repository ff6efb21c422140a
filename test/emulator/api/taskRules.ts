import { type JsonObject, textField } from "../json.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { type Check, nonEmpty, oneOf, record, taskUUID } from "./checks.ts";
import { checkInference } from "./inferenceRules.ts";

const taskType: Check = () => [];

const exactlyTrue: Check = (value, path) =>
  value === true
    ? []
    : [refuse("invalidPing", `'${path}' must be true.`, { parameter: path, type: "boolean" })];

const upload = oneOf("upload", "delete");

/** What each task type accepts. Sources stand beside the handlers. */
const fields = {
  getResponse: record({ taskType, taskUUID }),
  getTaskDetails: record({ taskType, taskUUID }),
  mediaStorage: record({ taskType, taskUUID, operation: upload, media: nonEmpty }),
  imageUpload: record({ taskType, taskUUID, image: nonEmpty }),
  ping: record({ taskType, ping: exactlyTrue }, { taskUUID: nonEmpty }),
  accountManagement: record({ taskType, taskUUID, operation: oneOf("getDetails") }),
} as const satisfies Record<string, Check>;

/** The task types that this server knows, besides `authentication`. */
export type TaskType = "imageInference" | keyof typeof fields;

export const taskTypes = [
  "imageInference",
  "getResponse",
  "getTaskDetails",
  "mediaStorage",
  "imageUpload",
  "ping",
  "accountManagement",
] as const satisfies readonly TaskType[];

/** The type of `task`, if this server knows it. */
export function taskTypeOf(task: JsonObject): TaskType | undefined {
  const name = textField(task, "taskType");
  return taskTypes.find((known) => known === name);
}

/** Everything that is wrong with `task`, before anything is looked up. */
export function checkTask(task: JsonObject): readonly Refusal[] {
  const type = taskTypeOf(task);
  if (type === undefined) {
    const message = `Invalid task type. Supported: '${taskTypes.join("', '")}'.`;
    return [refuse("invalidTaskType", message, { parameter: "taskType", type: "string" })];
  }
  return type === "imageInference" ? checkInference(task) : fields[type](task, "");
}
