/** The job written the usual way with the official SDK: `node sdk.ts [--all-at-once]`. */
import { readFile, writeFile } from "node:fs/promises";
import { RunwareServer } from "@runware/sdk-js";
import pLimit from "p-limit";
import { compete } from "./measure.ts";
import { dataUri, resultBeside, usualTask } from "./usual.ts";

const isUnlimited = process.argv.includes("--all-at-once");

await compete(async ({ files, webSocket, key, concurrency }) => {
  const runware = new RunwareServer({ url: webSocket, apiKey: key });
  await runware.ensureConnection();
  const limit = pLimit(isUnlimited ? files.length : concurrency);
  const one = async (file: string): Promise<void> => {
    const picture = dataUri(await readFile(file));
    const { model, positivePrompt, outputFormat, ...rest } = usualTask(picture);
    const images = await runware.requestImages({ model, positivePrompt, outputFormat, ...rest });
    const address = images?.[0]?.imageURL;
    if (address === undefined) {
      throw new Error("no picture");
    }
    const response = await fetch(address);
    await writeFile(resultBeside(file), Buffer.from(await response.arrayBuffer()));
  };
  return async () => {
    const ends = await Promise.allSettled(files.map((file) => limit(() => one(file))));
    const failures = ends.flatMap((end) => (end.status === "rejected" ? [JSON.stringify(end.reason)] : []));
    return { saved: files.length - failures.length, failures };
  };
});
