import { randomUUID } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "./json.ts";
import { startEmulator } from "./startEmulator.ts";
import { codes, infer, items, only, picture } from "./testing/client.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const png = (await picture()).toString("base64");
const jpeg = (await picture("jpeg")).toString("base64");
const webp = (await picture("webp")).toString("base64");
const gif = (
  await sharp(await picture())
    .gif()
    .toBuffer()
).toString("base64");
const settings = (ideogram: JsonObject): JsonObject => ({ providerSettings: { ideogram } });
const references = (...referenceImages: string[]): JsonObject => ({ inputs: { referenceImages } });

const sizes = [
  [768, 1232],
  [1232, 768],
  [720, 1280],
  [1280, 720],
  [1152, 768],
  [832, 1248],
  [1024, 768],
  [768, 1024],
  [1024, 1024],
  [512, 1536],
  [1536, 512],
] as const;

test.each(sizes)("%i × %i is drawn", async (width, height) => {
  const { imageURL } = only(items(await infer(emulator, { width, height })));
  const bytes = await (await fetch(imageURL)).arrayBuffer();
  expect(await sharp(Buffer.from(bytes)).metadata()).toMatchObject({ width, height, format: "jpeg" });
});

describe("a task is accepted", () => {
  test.each<[string, JsonObject]>([
    ["with everything that the page lists", everything()],
    ["with a data URI", references(`data:image/png;base64,${png}`)],
    ["with a JPEG", references(jpeg)],
    ["with a WebP", references(webp)],
    ["with a prompt of 2000 code points that are 4000 UTF-16 units", { positivePrompt: "🍵".repeat(2000) }],
    ["with four style references", settings({ styleReferenceImages: [png, png, png, png] })],
    ["for 2a", { model: "ideogram:2@2" }],
    ["for 2.0", { model: "ideogram:3@2", width: 1248, height: 832 }],
    ["for 3.0", { model: "ideogram:4@2" }],
  ])("%s", async (_, changes) => {
    expect(codes(await infer(emulator, changes))).toEqual([]);
    expect(emulator.ledger.accepted()).toHaveLength(1);
  });
});

describe("a task is refused", () => {
  test.each<[string, JsonObject, string, string | string[]]>([
    ["an unknown parameter", { seed: 1 }, "unsupportedParameter", "seed"],
    ["steps", { steps: 20 }, "unsupportedParameter", "steps"],
    ["references at the top level", { referenceImages: [png] }, "unsupportedParameter", "referenceImages"],
    [
      "an unknown setting",
      settings({ stylePreset: "X" }),
      "unsupportedParameter",
      "providerSettings.ideogram.stylePreset",
    ],
    [
      "another provider's settings",
      { providerSettings: { bfl: {} } },
      "unknownProviderSettingsProvider",
      "providerSettings.bfl",
    ],
    ["an unknown safety field", { safety: { level: 1 } }, "unsupportedParameter", "safety.level"],
    ["no UUID", { taskUUID: undefined }, "missingTaskUUID", "taskUUID"],
    ["a slug as UUID", { taskUUID: "my-task" }, "invalidTaskUUID", "taskUUID"],
    [
      "a UUID of version 7",
      { taskUUID: "01890a5d-ac96-774b-bcce-b302099a8057" },
      "invalidTaskUUID",
      "taskUUID",
    ],
    ["no model", { model: undefined }, "missingModel", "model"],
    ["an unknown model", { model: "ideogram:9@9" }, "invalidModel", "model"],
    ["no prompt", { positivePrompt: undefined }, "missingPositivePrompt", "positivePrompt"],
    ["an empty prompt", { positivePrompt: "" }, "invalidPositivePromptLength", "positivePrompt"],
    ["a blank prompt", { positivePrompt: "  " }, "invalidPositivePromptLength", "positivePrompt"],
    [
      "a prompt that is too long",
      { positivePrompt: "x".repeat(2001) },
      "invalidPositivePromptLength",
      "positivePrompt",
    ],
    ["a prompt that is no text", { positivePrompt: 5 }, "invalidPositivePrompt", "positivePrompt"],
    ["an empty negative prompt", { negativePrompt: "" }, "invalidNegativePromptLength", "negativePrompt"],
    ["width without height", { height: undefined }, "missingHeight", ["width", "height"]],
    ["height without width", { width: undefined }, "missingWidth", ["width", "height"]],
    [
      "a size that is not listed",
      { width: 1000, height: 1000 },
      "unsupportedDimensions",
      ["width", "height"],
    ],
    [
      "a listed size turned round",
      { width: 768, height: 1152 },
      "unsupportedDimensions",
      ["width", "height"],
    ],
    ["a width with a fraction", { width: 1024.5 }, "invalidWidth", "width"],
    ["a width as text", { width: "1024" }, "invalidWidth", "width"],
    ["no inputs", { inputs: undefined }, "missingInputs", "inputs"],
    ["no reference list", { inputs: {} }, "missingReferenceImages", "inputs.referenceImages"],
    ["no reference", references(), "invalidReferenceImagesCount", "inputs.referenceImages"],
    ["two references", references(png, png), "invalidReferenceImagesCount", "inputs.referenceImages"],
    [
      "a reference that is no list",
      { inputs: { referenceImages: png } },
      "invalidReferenceImages",
      "inputs.referenceImages",
    ],
    [
      "five style references",
      settings({ styleReferenceImages: [png, png, png, png, png] }),
      "invalidStyleReferenceImagesCount",
      "providerSettings.ideogram.styleReferenceImages",
    ],
    ["an unknown output type", { outputType: "file" }, "invalidOutputType", "outputType"],
    ["a format in small letters", { outputFormat: "png" }, "invalidOutputFormat", "outputFormat"],
    ["quality 19", { outputQuality: 19 }, "invalidOutputQuality", "outputQuality"],
    ["quality 100", { outputQuality: 100 }, "invalidOutputQuality", "outputQuality"],
    ["no results", { numberResults: 0 }, "invalidNumberResults", "numberResults"],
    ["21 results", { numberResults: 21 }, "invalidNumberResults", "numberResults"],
    ["a ttl of 59", { ttl: 59 }, "invalidTtl", "ttl"],
    ["a flag as text", { includeCost: "true" }, "invalidIncludeCost", "includeCost"],
    ["an unknown delivery", { deliveryMethod: "push" }, "invalidDeliveryMethod", "deliveryMethod"],
    ["a webhook without https", { webhookURL: "http://example.com/" }, "invalidWebhookURL", "webhookURL"],
    [
      "an upload endpoint that is no address",
      { uploadEndpoint: "here" },
      "invalidUploadEndpoint",
      "uploadEndpoint",
    ],
    [
      "strength 0",
      settings({ remixStrength: 0 }),
      "invalidRemixStrength",
      "providerSettings.ideogram.remixStrength",
    ],
    [
      "strength 101",
      settings({ remixStrength: 101 }),
      "invalidRemixStrength",
      "providerSettings.ideogram.remixStrength",
    ],
    [
      "an unknown speed",
      settings({ renderingSpeed: "FAST" }),
      "invalidRenderingSpeed",
      "providerSettings.ideogram.renderingSpeed",
    ],
    [
      "an unknown style",
      settings({ styleType: "OIL" }),
      "invalidStyleType",
      "providerSettings.ideogram.styleType",
    ],
    [
      "an unknown magic prompt",
      settings({ magicPrompt: "YES" }),
      "invalidMagicPrompt",
      "providerSettings.ideogram.magicPrompt",
    ],
    ["a safety mode of other models", { safety: { mode: "full" } }, "invalidMode", "safety.mode"],
  ])("for %s", async (_, changes, code, parameter) => {
    const answer = await infer(emulator, changes);
    expect(answer.status).toBe(400);
    expect(only(answer.json.errors ?? [])).toMatchObject({ code, parameter, taskType: "imageInference" });
    expect(emulator.ledger.accepted()).toEqual([]);
  });

  test.each<[string, string]>([
    ["text that is no Base64", "not base64!"],
    ["Base64 with line breaks", `${png.slice(0, 76)}\n${png.slice(76)}`],
    ["Base64 of something else", Buffer.from("not a picture at all").toString("base64")],
    ["a picture that ends in the middle", jpeg.slice(0, 400)],
    ["a GIF", gif],
    ["a data URI of another type", `data:text/plain;base64,${png}`],
    ["a UUID that nobody knows", randomUUID()],
    ["an address out of reach", "https://example.com/picture.png"],
  ])("with a reference that is %s", async (_, reference) => {
    const answer = await infer(emulator, references(reference));
    expect(answer.status).toBe(400);
    expect(codes(answer)).toEqual(["failedToTransferImage"]);
  });

  test("with every mistake named", async () => {
    const answer = await infer(emulator, { seed: 1, ttl: 1, width: 7 });
    expect(codes(answer)).toEqual(["unsupportedParameter", "invalidTtl", "unsupportedDimensions"]);
  });

  test("with the legal sizes in the message", async () => {
    const { message } = only((await infer(emulator, { width: 64, height: 64 })).json.errors ?? []);
    expect(message).toContain("'1536x512'");
  });
});

function everything(): JsonObject {
  return {
    negativePrompt: "blurry",
    outputType: "URL",
    outputFormat: "WEBP",
    outputQuality: 20,
    deliveryMethod: "sync",
    safety: { checkContent: true, mode: "fast" },
    ttl: 60,
    includeCost: true,
    numberResults: 2,
    ...settings({
      magicPrompt: "OFF",
      remixStrength: 100,
      renderingSpeed: "QUALITY",
      styleReferenceImages: [png],
      styleType: "RENDER_3D",
    }),
  };
}
