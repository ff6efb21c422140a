/** Faults in which the API refuses a valid task. */
import { z } from "zod";
import { formOf } from "../api/references.ts";
import { field, isObject, type JsonObject, textField } from "../json.ts";
import { type Refusal, type RefusalDetails, refuse } from "../refusal.ts";
import { fault } from "./effect.ts";

/** A refusal that names its task. */
function about(task: JsonObject, code: string, message: string, more: RefusalDetails = {}): Refusal {
  const taskUUID = textField(task, "taskUUID");
  const taskType = textField(task, "taskType");
  return refuse(code, message, { taskUUID, taskType, ...more });
}

const status = z.int().min(200).max(599).optional();
const texts = z.union([z.string(), z.array(z.string())]).optional();

/** Text as the company behind the model sends it; `length` characters of it. */
function upstreamText(clue: string, html: boolean, length: number): string {
  const text = html ? `<html><body><script>alert(1)</script><p>${clue}</p></body></html>` : clue;
  return text.padEnd(length, " ….");
}

export const refusalFaults = {
  taskRefused: fault({
    about: "An error of any code.",
    plays: [7],
    parameters: {
      code: z.string(),
      message: z.string().default("The task was refused."),
      status,
      parameter: texts,
      type: texts,
      /** Leaves out what the error is about. */
      withoutTask: z.boolean().default(false),
    },
    effect: ({ code, message, status: http, parameter, type, withoutTask }) => ({
      task: (task) => {
        const more = {
          ...(http === undefined ? {} : { status: http }),
          ...(parameter === undefined ? {} : { parameter }),
          ...(type === undefined ? {} : { type }),
        };
        return [withoutTask ? refuse(code, message, more) : about(task, code, message, more)];
      },
    }),
  }),

  unknownCode: fault({
    about: "An error of a code that nobody has heard of.",
    plays: [7],
    parameters: { code: z.string().default("zorkFailure"), status },
    effect: ({ code, status: http }) => ({
      task: (task) => [about(task, code, "Something odd.", http === undefined ? {} : { status: http })],
    }),
  }),

  onlyErrors200: fault({
    about: "HTTP 200 whose body has only errors.",
    plays: [1],
    parameters: { code: z.string().default("invalidPositivePrompt") },
    effect: ({ code }) => ({
      task: (task) => [about(task, code, "The task was refused.", { status: 200 })],
    }),
  }),

  severalErrors: fault({
    about: "Several errors for the same task in one reply.",
    plays: [1],
    parameters: { count: z.int().min(2).default(3) },
    effect: ({ count }) => ({
      task: (task) =>
        Array.from({ length: count }, (_, index) =>
          about(task, "invalidPositivePrompt", `Problem ${index + 1} of ${count}.`, {
            parameter: "positivePrompt",
          }),
        ),
    }),
  }),

  listsInError: fault({
    about: "`parameter` and `type` are lists.",
    plays: [4],
    effect: () => ({
      task: (task) => [
        about(task, "incompatibleParameters", "These parameters do not go together.", {
          parameter: ["width", "height"],
          type: ["integer", "null"],
        }),
      ],
    }),
  }),

  errorWithoutTask: fault({
    about: "An error that names no task.",
    plays: [5],
    parameters: { code: z.string().default("invalidRequestBody"), status },
    effect: ({ code, status: http }) => ({
      task: () => [refuse(code, "The request was refused.", http === undefined ? {} : { status: http })],
    }),
  }),

  moderation: fault({
    about: "A refusal for content, by its own code or disguised as a failure of the provider.",
    plays: [8],
    parameters: {
      code: z.string().default("providerBadRequest"),
      clue: z
        .string()
        .default("Prompt provided failed the safety check due to the inclusion of prohibited content."),
      /** Which field holds the clue. */
      where: z.enum(["message", "responseContent"]).default("responseContent"),
      html: z.boolean().default(false),
      length: z.int().min(0).default(0),
      status,
    },
    effect: ({ code, clue, where, html, length, status: http }) => ({
      task: (task) => {
        const text = upstreamText(clue, html, length);
        const more = http === undefined ? {} : { status: http };
        return where === "message"
          ? [about(task, code, text, more)]
          : [about(task, code, "The provider returned an error.", { ...more, responseContent: text })];
      },
    }),
  }),

  timeoutProvider: fault({
    about: "`timeoutProvider` among the errors, with 200, 400 or 504; the task was done or not.",
    plays: [9],
    parameters: {
      status: z.int().min(200).max(599).default(400),
      work: z.enum(["none", "done"]).default("none"),
    },
    taskType: "imageInference",
    effect: ({ status: http, work }) => {
      const refuseTask = (task: JsonObject): Refusal =>
        about(task, "timeoutProvider", "The provider did not answer in time.", { status: http });
      return work === "none"
        ? { task: (task) => [refuseTask(task)] }
        : {
            reply: (_, { tasks }) => ({
              status: http,
              data: [],
              errors: tasks.map((task) => refuseTask(task).error),
            }),
          };
    },
  }),

  conflictWithoutTask: fault({
    about: "`conflictTaskUUID` for a task that was never accepted, and polls that bring nothing.",
    plays: [10, 25],
    parameters: { polls: z.enum(["empty", "processing", "taskNotFound"]).default("empty") },
    lasting: true,
    taskType: "imageInference",
    effect: ({ polls }) => ({
      task: (task, book) => {
        book.addGhost(textField(task, "taskUUID") ?? "", polls);
        const message = "A task with this 'taskUUID' has already been submitted.";
        return [about(task, "conflictTaskUUID", message, { parameter: "taskUUID" })];
      },
    }),
  }),

  insufficientCredits: fault({
    about: "402 in the middle of a batch: an empty account, or a throttle.",
    plays: [11],
    parameters: { code: z.string().default("insufficientCredits"), status: z.int().default(402) },
    taskType: "imageInference",
    effect: ({ code, status: http }) => ({
      task: (task) => [about(task, code, "Insufficient credits.", { status: http })],
    }),
  }),

  modelRetired: fault({
    about: "The model is gone although its page says that it is live.",
    plays: [43],
    parameters: {
      code: z
        .enum(["invalidModel", "modelNotFound", "modelDisabled", "modelUnavailable"])
        .default("invalidModel"),
      model: z.string().optional(),
    },
    lasting: true,
    taskType: "imageInference",
    effect: ({ code, model }) => ({
      applies: ({ tasks }) => model === undefined || tasks.some((task) => field(task, "model") === model),
      task: (task) => [
        about(task, code, `The model '${textField(task, "model")}' is not available.`, {
          parameter: "model",
        }),
      ],
    }),
  }),

  qualityRefused: fault({
    about: "The rendering speed QUALITY is refused.",
    plays: [44],
    lasting: true,
    taskType: "imageInference",
    effect: () => ({
      applies: ({ tasks }) => tasks.some((task) => settingOf(task, "renderingSpeed") === "QUALITY"),
      task: (task) => [
        about(task, "invalidRenderingSpeed", "'QUALITY' is only supported by 3.0 models.", {
          parameter: "providerSettings.ideogram.renderingSpeed",
        }),
      ],
    }),
  }),

  referenceRefused: fault({
    about: "A reference image of the given form cannot be had, although it can.",
    plays: [49, 50],
    parameters: {
      form: z.enum(["UUID", "URL", "dataURI", "base64"]).default("UUID"),
      code: z.string().default("failedToTransferImage"),
    },
    lasting: true,
    taskType: "imageInference",
    effect: ({ form, code }) => ({
      applies: ({ tasks }) => tasks.some((task) => formOf(referenceOf(task)) === form),
      task: (task) => [
        about(task, code, "Failed to transfer the image.", { parameter: "inputs.referenceImages" }),
      ],
    }),
  }),

  promptUnits: fault({
    about: "The limits on prompts count UTF-16 units or UTF-8 bytes instead of code points.",
    plays: [53],
    parameters: { units: z.enum(["utf16", "utf8"]).default("utf16") },
    lasting: true,
    taskType: "imageInference",
    effect: ({ units }) => {
      const lengthOf = (text: string): number => (units === "utf16" ? text.length : Buffer.byteLength(text));
      return {
        applies: ({ tasks }) =>
          tasks.some((task) => lengthOf(textField(task, "positivePrompt") ?? "") > 2000),
        task: (task) => [
          about(task, "invalidPositivePromptLength", "'positivePrompt' must have 1 to 2000 characters.", {
            parameter: "positivePrompt",
            min: 1,
            max: 2000,
          }),
        ],
      };
    },
  }),
};

function settingOf(task: JsonObject, name: string): string | undefined {
  const settings = field(task, "providerSettings");
  const ideogram = isObject(settings) ? field(settings, "ideogram") : undefined;
  return isObject(ideogram) ? textField(ideogram, name) : undefined;
}

function referenceOf(task: JsonObject): string {
  const inputs = field(task, "inputs");
  const images = isObject(inputs) ? field(inputs, "referenceImages") : undefined;
  return Array.isArray(images) ? String(images[0]) : "";
}
