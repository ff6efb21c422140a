/** Two windows on one folder: whatever both are told to do, each picture is paid for once. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import type { Session } from "../harness/session.ts";
import { expectEachOnce, notification, resultsIn, startAll, usePaidWindows } from "./paidWindows.ts";

const windows = usePaidWindows("two-windows", { secondsPerImage: 0.5, progressSteps: 1 });
const prompt = { "imageRemix.positivePrompt": "a tin of tea" };
const count = 10;

/** A new folder with small pictures of which no two are the same, so that the service tells repeated work. */
async function smallPictures(name: string): Promise<string> {
  const folder = path.join(windows.pictures(name), "small");
  mkdirSync(folder);
  for (let n = 0; n < count; n++) {
    const background = { r: n * 20, g: 255 - n * 20, b: 90 };
    const picture = sharp({ create: { width: 64, height: 64, channels: 3, background } });
    writeFileSync(path.join(folder, `tin${n}.png`), await picture.png().toBuffer());
  }
  return folder;
}

/** Has the window's folder planned, and waits for the plan. @returns presses the button that carries it out */
async function plan(session: Session, command: string): Promise<() => Promise<void>> {
  await session.ext((vscode, command) => {
    void vscode.commands.executeCommand(command, vscode.workspace.workspaceFolders?.[0]?.uri);
    return true;
  }, command);
  const run = session.page.locator(".codelens-decoration a", { hasText: `Run (${count})` });
  await run.waitFor({ timeout: 30_000 });
  return () => run.click();
}

/** The window has nothing more to do, and has said how it went. */
async function whenDone(session: Session): Promise<void> {
  await notification(session, /Saved|Remixed|could not be remixed|Cancelled/)
    .first()
    .waitFor({ timeout: 60_000 });
}

it("lets a second window on the same folder alone with the first one's tasks", async () => {
  const folder = windows.pictures("twice");
  const first = await windows.open(folder, prompt);
  await startAll(first);
  await expect.poll(() => windows.emulator.ledger.accepted().length, { timeout: 30_000 }).toBe(2);
  const second = await windows.open(folder, prompt);
  await second.palette("Image Remix: Resume Pending");
  await notification(second, "Nothing is pending.").waitFor({ timeout: 30_000 });
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(4);
  expectEachOnce(windows, folder);
});

it("buys each picture once when both start the same run at the same time", async () => {
  const folder = await smallPictures("same-time");
  const both = [await windows.open(folder, prompt), await windows.open(folder, prompt)];
  const runs: (() => Promise<void>)[] = [];
  for (const session of both) {
    runs.push(await plan(session, "imageRemix.remixFolder"));
  }
  await Promise.all(runs.map((run) => run()));
  await Promise.all(both.map(whenDone));
  expect(resultsIn(folder)).toHaveLength(count);
  expectEachOnce(windows, folder);
});

it("buys nothing by a plan that another window has carried out meanwhile", async () => {
  const folder = await smallPictures("later");
  const command = "imageRemix.remixOutdated";
  const [first, second] = [await windows.open(folder, prompt), await windows.open(folder, prompt)];
  const [runFirst, runSecond] = [await plan(first, command), await plan(second, command)];
  await runFirst();
  await notification(first, `Saved ${count} results`).waitFor({ timeout: 60_000 });
  await runSecond();
  await notification(second, `${count} of ${count} could not be remixed. tin0.png was remixed`).waitFor();
  expect(resultsIn(folder)).toHaveLength(count);
  expectEachOnce(windows, folder);

  await second.palette("Image Remix: Remix Images Without an Up-to-Date Result…");
  // VS Code shows only so many notifications within a second; all of them are in its list.
  await second.palette("Notifications: Show Notifications");
  await notification(second, `Nothing to remix: up to date: ${count}`).waitFor({ timeout: 30_000 });
});
