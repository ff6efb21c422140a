/** Folders that go while pictures for them are being drawn: what was paid for is in safety, told, and put elsewhere. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { sha256 } from "../emulator/ledger.ts";
import type { Session } from "../harness/session.ts";
import {
  expectEachOnce,
  filesIn,
  journalsIn,
  keptIn,
  notification,
  resultsIn,
  startAll,
  usePaidWindows,
} from "./paidWindows.ts";
import { typeFile } from "./panelHands.ts";

const windows = usePaidWindows("lost-folders");
const prompt = { "imageRemix.positivePrompt": "a tin of tea" };
const ledger = () => windows.emulator.ledger;

/** Starts all four samples and waits until the service has two of them; it draws none yet. */
async function startTwo(session: Session): Promise<void> {
  await startAll(session);
  await expect.poll(() => ledger().accepted().length, { timeout: 30_000 }).toBe(2);
}

/**
 * Presses the button that is offered for kept pictures, and answers the editor's own dialog.
 *
 * @param elsewhere absolute path of a folder; the window's own, which is proposed, where it is absent
 */
async function saveKept(session: Session, offer: string, elsewhere?: string): Promise<void> {
  const { page } = session;
  await notification(session, offer).getByRole("button", { name: "Choose Another Folder…" }).click();
  const save = page.locator(".quick-input-action .monaco-button", { hasText: "Save Here" });
  if (elsewhere === undefined) {
    await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  } else {
    await typeFile(session, elsewhere);
  }
  await save.click();
}

/** Every picture that was paid for lies in storage, no task waits for anything, and the service was asked once for each. */
async function expectAllKept(): Promise<void> {
  await expect.poll(() => journalsIn(windows.storage), { timeout: 30_000 }).toEqual([]);
  const { storage, drawn } = windows;
  const kept = keptIn(storage).map((name) => sha256(readFileSync(path.join(storage, "results", name))));
  expect(kept.toSorted()).toEqual(drawn.toSorted());
  expect(kept).toHaveLength(ledger().charged().length);
  expect(ledger().repeatedWork()).toEqual([]);
}

it("makes a results' folder anew that was removed meanwhile", async () => {
  const draw = windows.hold();
  const folder = windows.pictures("results");
  const session = await windows.open(folder, { ...prompt, "imageRemix.output.folder": "remixes" });
  await startTwo(session);
  const results = path.join(folder, "remixes");
  rmSync(results, { recursive: true });
  draw();
  await notification(session, "Saved 4 results").waitFor({ timeout: 60_000 });
  expect(resultsIn(results)).toHaveLength(4);
  expect(keptIn(windows.storage)).toEqual([]);
  expectEachOnce(windows, folder);
});

it("keeps what was paid for when the whole workspace folder is removed, and saves it where the user says", async () => {
  const draw = windows.hold();
  const folder = windows.pictures("workspace");
  const rescue = windows.pictures("rescue");
  const session = await windows.open(folder, prompt);
  await startTwo(session);
  rmSync(folder, { recursive: true });
  draw();
  const told = notification(session, "4 of 4 could not be");
  await told.waitFor({ timeout: 60_000 });
  await session.screenshot("workspace folder removed");
  expect(await told.textContent()).toContain(`The folder ${folder} is gone. Restore it, then try again.`);
  expect(await told.textContent()).toMatch(/[234] finished pictures are kept in the extension's storage\./);
  expect(filesIn(folder)).toEqual([]);
  await expectAllKept();
  expect(ledger().charged().length).toBeGreaterThanOrEqual(2);

  await saveKept(session, "4 of 4 could not be", rescue);
  await notification(session, `in ${rescue}`).waitFor();
  await session.screenshot("kept pictures saved elsewhere");
  expect(keptIn(windows.storage)).toEqual([]);
  expectEachOnce(windows, rescue);
});

it("offers again what was kept when that was not answered, in whichever window", async () => {
  const draw = windows.hold();
  const folder = windows.pictures("later");
  const session = await windows.open(folder, prompt);
  await startTwo(session);
  rmSync(folder, { recursive: true });
  draw();
  await notification(session, "4 of 4 could not be").waitFor({ timeout: 60_000 });
  await expectAllKept();
  const count = ledger().charged().length;
  await windows.closeAll();

  mkdirSync(folder);
  const next = await windows.open(folder, prompt);
  await next.palette("Image Remix: Resume Pending");
  const offer = `${count} finished pictures are kept`;
  await notification(next, offer).waitFor({ timeout: 30_000 });
  await next.screenshot("kept pictures offered again");
  await saveKept(next, offer);
  await notification(next, `Saved ${count} pictures in ${folder}.`).waitFor();
  expect(keptIn(windows.storage)).toEqual([]);
  expectEachOnce(windows, folder);
});
