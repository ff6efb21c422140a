/** A window in a process of its own, which kills itself where it is told to: `node test/faults/child.ts <json>`. */
import { once } from "node:events";
import * as z from "zod/mini";
import { nodeFiles } from "../../src/platform/files.ts";
import { fetchHttp } from "../../src/platform/http.ts";
import { Shim } from "./shim.ts";
import { Window } from "./window.ts";

const job = z.object({
  storage: z.string(),
  endpoint: z.string(),
  key: z.string(),
  sources: z.array(z.string()),
  results: z.number(),
  concurrency: z.number(),
  /** When the run was planned, in milliseconds since 1970 of the window's own clock. */
  asOf: z.optional(z.number()),
  /** Brings the work of earlier windows to an end first. */
  recovers: z.optional(z.boolean()),
  fault: z.optional(
    z.object({ kind: z.literal("die"), at: z.number(), when: z.enum(["before", "after", "torn"]) }),
  ),
});

/** What the process is to do. */
export type Job = Readonly<Omit<z.infer<typeof job>, "sources">> & { readonly sources: readonly string[] };

async function main(text: string): Promise<void> {
  const { storage, endpoint, key, sources, results, concurrency, asOf, recovers, fault } = job.parse(
    JSON.parse(text),
  );
  const shim = new Shim(fault, () => process.kill(process.pid, "SIGKILL"));
  const files = shim.files(nodeFiles);
  const http = shim.http(fetchHttp);
  const window = new Window({ storage, endpoint, key }, { files, http, concurrency });
  console.log("ready");
  await once(process.stdin, "data");
  if (recovers === true) {
    await window.recover();
  }
  const planned = asOf === undefined ? {} : { asOf: () => new Date(asOf) };
  const { saved, failed } = await window.start({ sources, results }, planned).outcome;
  await window.close();
  console.log(JSON.stringify({ saved: saved.length, failed: failed.map(({ failure }) => failure.code) }));
}

const [, , given] = process.argv;
if (given !== undefined && process.argv[1] === import.meta.filename) {
  await main(given);
}
