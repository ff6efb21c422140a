/** From choosing a picture to taking back that it was replaced: with the mouse, and without one. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../emulator/startEmulator.ts";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";
import { keyboard, mouse, pageProblems } from "./panelHands.ts";

const hash = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

describe.each([
  ["mouse", mouse],
  ["keyboard", keyboard],
] as const)("with the %s", (name, handsOf) => {
  const folder = temporaryFolder(`panel-${name}`);
  const userDataDir = temporaryFolder(`panel-${name}-data`);
  const profileDir = temporaryFolder(`panel-${name}-profile`);
  const at = (file: string) => path.join(folder, file);
  let emulator: Emulator;
  let session: Session;
  let hashes: Readonly<Record<"source" | "first" | "second", string>>;

  async function open(port?: number): Promise<Session> {
    return openSession({
      folder,
      userDataDir,
      profileDir,
      port,
      settings: { "imageRemix.runware.endpoint": emulator.url, "imageRemix.numberResults": 2 },
      env: { RUNWARE_API_KEY: emulator.key },
    });
  }
  const inBin = () => {
    const bin = path.join(userDataDir, "User", "globalStorage", "image-remix.image-remix", "bin");
    const files = existsSync(bin) ? readdirSync(bin, { recursive: true, withFileTypes: true }) : [];
    return files
      .filter((file) => file.isFile() && /\.png$/.test(file.name))
      .map((file) => hash(path.join(file.parentPath, file.name)));
  };

  beforeAll(async () => {
    copySamples(folder);
    emulator = await startEmulator({ progressSteps: 1 });
    session = await open();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") {
      await session.screenshot(`${name}-${task.name}`);
    }
  });
  afterAll(async () => {
    await session.close();
    await emulator.close();
    for (const used of [folder, userDataDir, profileDir]) {
      rmSync(used, { recursive: true, force: true });
    }
  });

  it("composes and remixes", async () => {
    const hands = handsOf(session);
    const source = hash(at("tea-tin.png"));
    await hands.openPanel();
    await hands.addImage(at("tea-tin.png"));
    await session
      .webview()
      .getByRole("option", { name: /tea-tin\.png/ })
      .waitFor();
    await hands.writePrompt("A tin of tea in the snow");
    await session
      .webview()
      .getByRole("button", { name: "Remix 1 image → 2 results · about $0.12" })
      .waitFor();
    await expect
      .poll(() => session.webview().locator("textarea").first().inputValue())
      .toBe("A tin of tea in the snow");
    await hands.remix();
    await session.webview().getByText("2 of 2 results saved").first().waitFor({ timeout: 60_000 });
    hashes = { source, first: hash(at("tea-tin.remix-1.png")), second: hash(at("tea-tin.remix-2.png")) };
    expect(hash(at("tea-tin.png"))).toBe(source);
    expect(emulator.ledger.charged()).toHaveLength(2);
    expect(emulator.ledger.accepted()).toHaveLength(1);
  });

  it("compares, discards and restores", async () => {
    const hands = handsOf(session);
    await hands.review();
    await hands.compare();
    await hands.discard();
    await expect.poll(() => existsSync(at("tea-tin.remix-1.png"))).toBe(false);
    expect(inBin()).toEqual([hashes.first]);
    await hands.restore();
    await expect.poll(() => existsSync(at("tea-tin.remix-1.png"))).toBe(true);
    expect(hash(at("tea-tin.remix-1.png"))).toBe(hashes.first);
    await expect.poll(inBin).toEqual([]);
  });

  it("replaces the source, and takes that back", async () => {
    const hands = handsOf(session);
    await hands.replace();
    await expect.poll(() => hash(at("tea-tin.png"))).toBe(hashes.first);
    expect(inBin()).toEqual([hashes.source]);
    expect(hash(at("tea-tin.remix-1.png"))).toBe(hashes.first);
    await hands.undo();
    await expect.poll(() => hash(at("tea-tin.png"))).toBe(hashes.source);
    await expect.poll(inBin).toEqual([]);
  });

  it("replaces it again, and takes that back after a restart", async () => {
    await handsOf(session).replace();
    await expect.poll(() => hash(at("tea-tin.png"))).toBe(hashes.first);
    const port = Number(new URL(session.page.url()).port);
    expect(pageProblems(session)).toEqual([]);
    // The window keeps its tabs when it is reloaded; that it was closed comes on top.
    await session.reload();
    await session.close();
    session = await open(port);
    const hands = handsOf(session);
    await hands.openPanel();
    await session
      .webview()
      .getByRole("gridcell", { name: /^tea-tin, result 1 of 2, replaced/ })
      .waitFor({ timeout: 60_000 });
    await hands.undo();
    await expect.poll(() => hash(at("tea-tin.png")), { timeout: 30_000 }).toBe(hashes.source);
    expect([hash(at("tea-tin.remix-1.png")), hash(at("tea-tin.remix-2.png"))]).toEqual([
      hashes.first,
      hashes.second,
    ]);
    await expect.poll(inBin).toEqual([]);
    expect(emulator.ledger.charged()).toHaveLength(2);
    expect(emulator.ledger.repeatedWork()).toEqual([]);
    expect(emulator.ledger.violations()).toEqual([]);
  });

  it("leaves nothing in the console", () => {
    expect(pageProblems(session)).toEqual([]);
  });
});
