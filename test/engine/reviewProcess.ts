/**
 * A window that dies in the middle of a decision: `node reviewProcess.ts <root> <what> <n>` kills itself at the n-th
 * call of the file system, and prints `done` where it gets to the end first. The folder `root` holds `pictures`, with
 * `hero.png` and `hero.remix-1.png`, and `storage`.
 */
import path from "node:path";
import {
  discardResult,
  makeReplacement,
  planReplacement,
  undoReplacement,
} from "../../src/engine/replacing.ts";
import { lastReplacements } from "../../src/engine/review.ts";
import { watchedFiles } from "../fixtures/watchedFiles.ts";
import { reviewParts } from "./reviewBench.ts";

const [root = "", what = "", n = ""] = process.argv.slice(2);
const [source, result] = ["hero.png", "hero.remix-1.png"].map((name) => path.join(root, "pictures", name));
let left = Number(n);
const files = watchedFiles(() => {
  left -= 1;
  if (left === 0) {
    process.kill(process.pid, "SIGKILL");
  }
});
const parts = reviewParts(path.join(root, "storage"), files);
if (what === "replace") {
  await makeReplacement(parts, await planReplacement(parts, source ?? "", result ?? "", 95));
} else if (what === "undo") {
  const [last] = lastReplacements(await parts.bin.entries());
  await (last === undefined ? Promise.reject(new Error("nothing to undo")) : undoReplacement(parts, last));
} else {
  await discardResult(parts, { path: result ?? "", isPaid: true });
}
process.stdout.write("done\n");
