/**
 * A window in a process of its own, for tests that kill it: `node windowProcess.ts <storage> write <taskUUID>` writes
 * down a task that is sent; `… take` waits for a line, then takes over what it can. It lives until it is killed.
 */
import { once } from "node:events";
import { nodeFiles } from "../../src/platform/files.ts";
import { JournalFolder } from "../../src/platform/journalFolder.ts";
import { Leases } from "../../src/platform/leases.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { submissionOf } from "../engine/bench.ts";

const [storage = "", what = "", taskUUID = ""] = process.argv.slice(2);
const journal = new JournalFolder(storage, nodeFiles, new Leases(storage, nodeFiles, { beat: 50 }));
if (what === "write") {
  await journal.submitting(submissionOf({ taskUUID, source: sourceFile("/pictures/hero.png") }));
  process.stdout.write("written\n");
} else {
  process.stdout.write("ready\n");
  await once(process.stdin, "data");
  const { tasks } = await journal.takeOver();
  process.stdout.write(`${JSON.stringify(tasks.map((task) => task.taskUUID))}\n`);
}
setInterval(() => undefined, 60_000);
