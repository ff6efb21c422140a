/** G2: every call to files and network fails, once and for good, with every error. */
import { afterAll, expect, test, vi } from "vitest";
import { type Files, nodeFiles } from "../../src/platform/files.ts";
import { expectAllSafe } from "./invariants.ts";
import { countSteps, restart, runWith } from "./runs.ts";
import { isFull, sample } from "./sampling.ts";
import { type Fault, type FileError, fileErrors, type HttpError, httpErrors, linkless } from "./shim.ts";
import { newWorld, removeWorld, startService, type World } from "./world.ts";

vi.setConfig({ testTimeout: isFull ? 600_000 : 60_000 });
const service = await startService();
afterAll(() => service.emulator.close());

const errors = [...fileErrors, ...httpErrors];
const cases = errors.flatMap((error) => [
  { error, lasts: false, how: "once" },
  { error, lasts: true, how: "for good" },
]);

test.each(cases)("$error, $how, at every step", ({ error, lasts }) => loop(error, lasts));

test.each([false, true])("EIO at every step on a disk without hard links, for good: %s", (lasts) =>
  loop("EIO", lasts, linkless),
);

test.each(["ENOSPC", "EACCES", "EIO"] as const)("%s at every step of the storage alone, for good", (error) =>
  loop(error, true, nodeFiles, ({ place }) => place.storage),
);

async function loop(
  error: FileError | HttpError,
  lasts: boolean,
  files = nodeFiles,
  within: (world: World) => string = () => "",
): Promise<void> {
  const fresh = newWorld(service);
  const fault = { kind: "fail", at: 0, error, lasts, within: within(fresh) } as const;
  const count = await countSteps(fresh, fault, { files });
  removeWorld(fresh);
  expect(count).toBeGreaterThan(3);
  const steps = Array.from({ length: count }, (_, index) => index + 1);
  const broken: string[] = [];
  for (const at of sample(steps, 2)) {
    const world = newWorld(service);
    const fault = { kind: "fail", at, error, lasts, within: within(world) } as const;
    await expectSurvived(world, fault, files).catch((cause: unknown) => void broken.push(String(cause)));
    removeWorld(world);
  }
  expect(broken.join("\n\n")).toBe("");
}

async function expectSurvived(world: World, fault: Extract<Fault, { kind: "fail" }>, files: Files) {
  const { shim, outcome, window } = await runWith(world, fault, { files });
  const call = shim.hit;
  try {
    for (const { failure } of outcome?.failed ?? []) {
      expect(failure.message, "names the culprit").toMatch(/tin0|pictures|storage/);
    }
    const { recovered, sent } = await restart(world);
    expect(recovered.failed.map(({ failure }) => failure.message)).toEqual([]);
    expect(sent.failed.map(({ failure }) => failure.message)).toEqual([]);
    await expectAllSafe(world);
  } catch (cause) {
    const what = `step ${fault.at} (${call}), ${fault.error}${fault.lasts ? " for good" : ""}`;
    const story = [what, shim.calls.join(" "), ...window.log, String(cause)];
    throw new Error(story.join("\n"), { cause });
  }
}
