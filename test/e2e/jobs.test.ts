/** Paid work in a real window: killed, reloaded, paused, cancelled, capped, out of space. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { drawTinted } from "../emulator/drawing/tint.ts";
import { type Emulator, startEmulator } from "../emulator/startEmulator.ts";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";

const root = temporaryFolder("jobs");
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
/** Hashes of the pictures that the service has made. */
const drawn: string[] = [];
let emulator: Emulator;
let userDataDir = "";
let sessions: Session[] = [];

beforeAll(async () => {
  emulator = await startEmulator({
    secondsPerImage: 1,
    progressSteps: 1,
    draw: async (order) => {
      const picture = await drawTinted(order);
      drawn.push(hash(picture));
      return picture;
    },
  });
});
afterAll(async () => {
  await emulator.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  emulator.reset();
  drawn.length = 0;
  userDataDir = temporaryFolder("jobs-session");
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    await sessions.at(-1)?.screenshot(task.name);
  }
  await Promise.all(sessions.map((session) => session.close()));
  sessions = [];
  rmSync(userDataDir, { recursive: true, force: true });
});

/** A window on `folder` whose service is the emulator; another one on the same storage when called again. */
async function open(folder: string, settings: Readonly<Record<string, unknown>> = {}): Promise<Session> {
  const session = await openSession({
    folder,
    userDataDir,
    settings: {
      "imageRemix.runware.endpoint": emulator.url,
      "imageRemix.positivePrompt": "a tin of tea",
      "imageRemix.budget.confirmAbove": 10,
      // Bytes are compared with those that were served.
      "imageRemix.output.metadata": "none",
      "imageRemix.concurrency": 2,
      ...settings,
    },
    env: { RUNWARE_API_KEY: emulator.key },
  });
  sessions.push(session);
  return session;
}

/** A new folder with the samples. */
function pictures(name: string): string {
  const folder = mkdtempSync(path.join(root, name));
  copySamples(folder);
  return folder;
}

/** Starts a remix of every sample and does not wait for it. @returns the process id of the extension host */
function startAll(session: Session, confirm = true): Promise<number> {
  return session.ext(
    async (vscode, { folder, confirm }) => {
      const files = await vscode.workspace.findFiles("*.{png,jpg,webp}");
      void vscode.commands.executeCommand("imageRemix.remixImage", files[0], files, { confirm });
      return folder === "" ? 0 : process.pid;
    },
    { folder: session.folder, confirm },
  );
}

const storage = () => path.join(userDataDir, "User", "globalStorage", "image-remix.image-remix");
const journals = () => readdirSync(path.join(storage(), "journal")).filter((name) => name.endsWith(".jsonl"));
const resultsIn = (folder: string) => readdirSync(folder).filter((name) => name.includes(".remix-"));
const notification = (session: Session, text: string | RegExp) =>
  session.page.locator(".notification-list-item", { hasText: text });

/** What the three promises come to: each charged picture is on disk once, under one name, and nothing else is. */
function expectEachOnce(folder: string): void {
  const { ledger } = emulator;
  expect(ledger.repeatedWork()).toEqual([]);
  expect(ledger.violations()).toEqual([]);
  const saved = resultsIn(folder).map((name) => hash(readFileSync(path.join(folder, name))));
  expect(saved.toSorted()).toEqual(drawn.toSorted());
  expect(saved).toHaveLength(ledger.charged().length);
  expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".tmp"))).toEqual(
    [],
  );
}

it("brings to an end what a killed window had sent, and offers what it had not", async () => {
  const folder = pictures("killed");
  const first = await open(folder);
  const host = await startAll(first);
  await expect.poll(() => emulator.ledger.accepted().length, { timeout: 30_000 }).toBe(2);
  process.kill(host, "SIGKILL");
  await first.close();

  const second = await open(folder);
  const offer = notification(second, "of an earlier run were not sent. Nothing was charged.");
  await offer.waitFor({ timeout: 60_000 });
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(2);
  expect(emulator.ledger.accepted()).toHaveLength(2);
  await offer.getByRole("button", { name: "Remix 2 images · about $0.12" }).click();
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(4);
  await expect.poll(() => emulator.ledger.deliveries().length).toBeGreaterThanOrEqual(4);
  expectEachOnce(folder);
});

it("goes on after Reload Window in the middle of a run", async () => {
  const folder = pictures("reloaded");
  const session = await open(folder);
  await startAll(session);
  await expect.poll(() => emulator.ledger.accepted().length, { timeout: 30_000 }).toBe(2);
  await session.reload();
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  const offer = notification(session, "not sent. Nothing was charged.");
  await offer.getByRole("button", { name: "Forget" }).click();
  // Nothing is pending any more: no window finds anything to take over.
  await expect.poll(journals, { timeout: 30_000 }).toEqual([]);
  expectEachOnce(folder);
});

it("pauses for want of credit, and goes on where it stopped", async () => {
  const folder = pictures("credit");
  const session = await open(folder);
  emulator.account.balance = 0;
  await startAll(session);
  const paused = notification(session, "Image Remix is paused.");
  await paused.waitFor({ timeout: 30_000 });
  expect(emulator.ledger.charged()).toEqual([]);
  emulator.account.balance = 20;
  await paused.getByRole("button", { name: "Resume" }).click();
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(4);
  expectEachOnce(folder);
  await session.page.locator(".statusbar-item", { hasText: "$0.24" }).waitFor();
});

it("stops waiting when it is cancelled, sends nothing more, and saves what arrives later", async () => {
  const folder = pictures("cancelled");
  const session = await open(folder);
  await startAll(session);
  await expect.poll(() => emulator.ledger.accepted().length, { timeout: 30_000 }).toBe(2);
  await session.palette("Image Remix: Cancel All");
  await notification(session, "It may still be charged").waitFor({ timeout: 30_000 });
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(2);
  expect(emulator.ledger.accepted()).toHaveLength(2);
  await notification(session, "recovered from an earlier run").waitFor();
  expectEachOnce(folder);
});

it("keeps the cap of a day, task by task, whoever asks", async () => {
  const folder = pictures("capped");
  const session = await open(folder, { "imageRemix.budget.perDay": 0.13 });
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
  expect(emulator.ledger.charged()).toHaveLength(2);
  await startAll(session);
  const dialog = session.page.locator(".monaco-dialog-box", {
    hasText: "Today's cap of $0.13 leaves room for no of 6 images.",
  });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect(emulator.ledger.charged()).toHaveLength(2);
});

it("keeps paid pictures that a full disk will not take", async ({ skip }) => {
  skip(process.platform !== "linux" || process.getuid?.() !== 0, "only root can mount a small disk");
  const folder = pictures("full");
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=2600k", "tmpfs", folder]);
  try {
    cpSync(copy, folder, { recursive: true });
    const session = await open(folder);
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
    const all = [...kept, ...saved].map((file) => hash(readFileSync(file)));
    expect(all.toSorted()).toEqual(drawn.toSorted());
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
    sessions = [];
    execFileSync("umount", [folder]);
  }
});

it("lets a second window on the same folder alone with the first one's tasks", async () => {
  const folder = pictures("twice");
  const first = await open(folder);
  await startAll(first);
  await expect.poll(() => emulator.ledger.accepted().length, { timeout: 30_000 }).toBe(2);
  const second = await open(folder);
  await second.palette("Image Remix: Resume Pending");
  await notification(second, "Nothing is pending.").waitFor({ timeout: 30_000 });
  await expect.poll(() => resultsIn(folder).length, { timeout: 60_000 }).toBe(4);
  expectEachOnce(folder);
});
