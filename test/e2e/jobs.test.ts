/** Paid work in a real window: killed, reloaded, paused, cancelled, capped, out of space. */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { sha256 } from "../emulator/ledger.ts";
import {
  expectEachOnce,
  journalsIn,
  notification,
  resultsIn,
  startAll,
  usePaidWindows,
} from "./paidWindows.ts";

const windows = usePaidWindows("jobs", { secondsPerImage: 1, progressSteps: 1 });
const { open, pictures, drawn } = windows;
const ledger = () => windows.emulator.ledger;
/** What samples are remixed to. */
const prompt = { "imageRemix.positivePrompt": "a tin of tea" };

it("brings to an end what a killed window had sent, and offers what it had not", async () => {
  const folder = pictures("killed");
  const first = await open(folder, prompt);
  const host = await startAll(first);
  await expect.poll(() => ledger().accepted().length, { timeout: 30_000 }).toBe(2);
  process.kill(host, "SIGKILL");
  await first.close();

  const second = await open(folder, prompt);
  const offer = notification(second, "of an earlier run were not sent. Nothing was charged.");
  await offer.waitFor({ timeout: 60_000 });
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(2);
  expect(ledger().accepted()).toHaveLength(2);
  await offer.getByRole("button", { name: "Remix 2 images · about $0.12" }).click();
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(4);
  await expect.poll(() => ledger().deliveries().length).toBeGreaterThanOrEqual(4);
  expectEachOnce(windows, folder);
});

it("goes on after Reload Window in the middle of a run", async () => {
  const folder = pictures("reloaded");
  const session = await open(folder, prompt);
  await startAll(session);
  await expect.poll(() => ledger().accepted().length, { timeout: 30_000 }).toBe(2);
  await session.reload();
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  const offer = notification(session, "not sent. Nothing was charged.");
  await offer.getByRole("button", { name: "Forget" }).click();
  // Nothing is pending any more: no window finds anything to take over.
  await expect.poll(() => journalsIn(windows.storage), { timeout: 30_000 }).toEqual([]);
  expectEachOnce(windows, folder);
});

it("pauses for want of credit, and goes on where it stopped", async () => {
  const folder = pictures("credit");
  const session = await open(folder, prompt);
  windows.emulator.account.balance = 0;
  await startAll(session);
  const paused = notification(session, "Image Remix is paused.");
  await paused.waitFor({ timeout: 30_000 });
  expect(ledger().charged()).toEqual([]);
  windows.emulator.account.balance = 20;
  await paused.getByRole("button", { name: "Resume" }).click();
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(4);
  expectEachOnce(windows, folder);
  await session.page.locator(".statusbar-item", { hasText: "$0.24" }).waitFor();
});

it("stops waiting when it is cancelled, sends nothing more, and saves what arrives later", async () => {
  const folder = pictures("cancelled");
  const session = await open(folder, prompt);
  await startAll(session);
  await expect.poll(() => ledger().accepted().length, { timeout: 30_000 }).toBe(2);
  await session.palette("Image Remix: Cancel All");
  await notification(session, "It may still be charged").waitFor({ timeout: 30_000 });
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(2);
  expect(ledger().accepted()).toHaveLength(2);
  await notification(session, "recovered from an earlier run").waitFor();
  expectEachOnce(windows, folder);
});

it("keeps the cap of a day, task by task, whoever asks", async () => {
  const folder = pictures("capped");
  const session = await open(folder, { ...prompt, "imageRemix.budget.perDay": 0.13 });
  const codes = await session.ext(async (vscode) => {
    const files = await vscode.workspace.findFiles("*.{png,jpg,webp}");
    const report = await vscode.commands.executeCommand<{ saved: unknown[]; failed: { code: string }[] }>(
      "imageRemix.remixImage",
      files[0],
      files,
      { confirm: false },
    );
    return [report.saved.length, ...report.failed.map(({ code }) => code)];
  });
  expect(codes).toEqual([2, "budget", "budget"]);
  expect(ledger().charged()).toHaveLength(2);
  await startAll(session);
  const dialog = session.page.locator(".monaco-dialog-box", {
    hasText: "Today's cap of $0.13 leaves no room for any of these 6 images.",
  });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect(ledger().charged()).toHaveLength(2);
});

it("keeps paid pictures that a full disk will not take", async ({ skip }) => {
  skip(process.platform !== "linux" || process.getuid?.() !== 0, "only root can mount a small disk");
  const folder = pictures("full");
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=2600k", "tmpfs", folder]);
  try {
    cpSync(copy, folder, { recursive: true });
    const session = await open(folder, prompt);
    const told = await session.ext(async (vscode) => {
      const file = (await vscode.workspace.findFiles("tea-tin.png"))[0];
      const report = await vscode.commands.executeCommand<{ failed: { code: string; message: string }[] }>(
        "imageRemix.remixImage",
        file,
        [file],
        { confirm: false, recipe: { numberResults: 4, outputFormat: "PNG" } },
      );
      return report.failed;
    });
    expect(new Set(told.map(({ code }) => code))).toEqual(new Set(["diskFull"]));
    const kept = told.map(({ message }) => /kept as (.+)\.$/.exec(message)?.[1] ?? message);
    const saved = resultsIn(folder).map((name) => path.join(folder, name));
    const all = [...kept, ...saved].map((file) => sha256(readFileSync(file)));
    expect(all.toSorted()).toEqual(drawn.toSorted());
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  } finally {
    await windows.closeAll();
    execFileSync("umount", [folder]);
  }
});
