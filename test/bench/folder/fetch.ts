/** The job written with `fetch` and `p-limit`, as a script would have it. */
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import pLimit from "p-limit";
import * as z from "zod/mini";
import { compete } from "./measure.ts";
import { dataUri, resultBeside, usualTask } from "./usual.ts";

const reply = z.object({ data: z.array(z.object({ imageURL: z.string() })) });

await compete(async ({ files, endpoint, key, concurrency }) => {
  const limit = pLimit(concurrency);
  const one = async (file: string): Promise<void> => {
    const task = {
      ...usualTask(dataUri(await readFile(file))),
      taskUUID: randomUUID(),
      deliveryMethod: "sync",
    };
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify([task]),
    });
    const [first] = reply.parse(await response.json()).data;
    const picture = await fetch(first?.imageURL ?? "");
    await writeFile(resultBeside(file), Buffer.from(await picture.arrayBuffer()));
  };
  return async () => {
    const ends = await Promise.allSettled(files.map((file) => limit(() => one(file))));
    const failures = ends.flatMap((end) => (end.status === "rejected" ? [String(end.reason)] : []));
    return { saved: files.length - failures.length, failures };
  };
});
