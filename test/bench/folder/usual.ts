/** What is the same in every way but ours: the picture as it is, in Base64, and the parameters of the defaults. */
import path from "node:path";

export function dataUri(jpeg: Buffer): string {
  return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
}

/** The task, without its UUID. */
export function usualTask(picture: string) {
  return {
    taskType: "imageInference",
    model: "ideogram:1@2",
    positivePrompt: "a picture for the bench",
    width: 1024,
    height: 768,
    numberResults: 1,
    outputType: "URL",
    outputFormat: "JPG",
    includeCost: true,
    inputs: { referenceImages: [picture] },
  } as const;
}

/** Where the result of `file` goes. */
export function resultBeside(file: string): string {
  const { dir, name } = path.parse(file);
  return path.join(dir, `${name}.remix-1.jpg`);
}
