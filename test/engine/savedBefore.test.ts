/** The journal's disk failed while a picture was saved: the next window is told of a task whose result is there. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { embedProvenance } from "../../src/platform/metadata/provenance.ts";
import { paidProvenance } from "../fixtures/provenances.ts";
import { closeBenches, collecting, handedOn, recovered, send } from "./recovering.ts";

afterEach(closeBenches);

const blank = await sharp({ create: { width: 8, height: 8, channels: 3, background: "teal" } })
  .png()
  .toBuffer();

/** A picture that says that it is this result. */
function marked(taskUUID: string, imageUUID: string | null): Promise<Uint8Array> {
  return embedProvenance(blank, "PNG", { ...paidProvenance, taskUUID, imageUUID }, "marking");
}

/** A task that was sent, with `content` on the way of its result, and what recovery makes of that. */
async function recoveredBeside(content: Uint8Array) {
  const next = await handedOn(async (first) => {
    await send(first, "t");
    writeFileSync(path.join(first.pictures, "a.remix-3.png"), content);
  });
  const { saved, failed } = await recovered(
    next,
    collecting(() => next, "one"),
  );
  expect(failed).toEqual([]);
  expect(await next.onDisk()).toEqual([]);
  expect((await next.ledger.charges()).map(({ imageUUID }) => imageUUID)).toEqual(["one"]);
  return { names: saved.map(({ output }) => path.basename(output)), all: next.saved() };
}

test("a result that says so itself is found, and not saved again", async () => {
  const content = await marked("t", "one");
  expect(await recoveredBeside(content)).toEqual({ names: ["a.remix-3.png"], all: ["a.remix-3.png"] });
});

test.each([
  { name: "of another task", taskUUID: "u", imageUUID: "one" },
  { name: "another of the same task", taskUUID: "t", imageUUID: "two" },
  { name: "that does not say which it is", taskUUID: "t", imageUUID: null },
])("a result $name is not taken for it", async ({ taskUUID, imageUUID }) => {
  const content = await marked(taskUUID, imageUUID);
  expect(await recoveredBeside(content)).toEqual({
    names: ["a.remix-1.png"],
    all: ["a.remix-1.png", "a.remix-3.png"],
  });
});
