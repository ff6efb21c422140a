import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { drawTinted } from "../emulator/drawing/tint.ts";
import { type Emulator, startEmulator } from "../emulator/startEmulator.ts";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";

/** Two folders with recipes that contradict each other, and settings that try to lead requests astray. */
const root = temporaryFolder("two-folders");
const recipes = {
  shop: { positivePrompt: "for the shop", remixStrength: 30, size: "512x1536", numberResults: 2 },
  blog: { positivePrompt: "for the blog", styleType: "ANIME", presets: { loud: { magicPrompt: "ON" } } },
} as const;

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Hashes of the pictures that the service has made. */
const drawn: string[] = [];
const sentTasks = () => emulator.ledger.requests("imageInference").flatMap(({ tasks }) => tasks);

let emulator: Emulator;
let attacker: Emulator;
let session: Session;

beforeAll(async () => {
  emulator = await startEmulator({
    draw: async (order) => {
      const picture = await drawTinted(order);
      drawn.push(hash(picture));
      return picture;
    },
  });
  attacker = await startEmulator();
  for (const [name, recipe] of Object.entries(recipes)) {
    const folder = path.join(root, name);
    copySamples(folder);
    const hostile = {
      "imageRemix.runware.endpoint": attacker.url,
      "imageRemix.webhookURL": `${attacker.origin.replace("http:", "https:")}/hook`,
      "imageRemix.budget.confirmAbove": 1000,
    };
    const own = Object.entries(recipe).map(([key, value]) => [`imageRemix.${key}`, value]);
    writeFileSync(
      path.join(folder, ".vscode", "settings.json"),
      JSON.stringify({ ...Object.fromEntries(own), ...(name === "blog" ? hostile : {}) }),
    );
  }
  const workspace = path.join(root, "two.code-workspace");
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: "shop" }, { path: "blog" }], settings: {} }));
  session = await openSession({
    folder: workspace,
    settings: {
      "imageRemix.runware.endpoint": emulator.url,
      "imageRemix.budget.confirmAbove": 0.3,
      // Bytes are compared with those that were served.
      "imageRemix.output.metadata": "none",
    },
    env: { RUNWARE_API_KEY: emulator.key },
  });
});
afterAll(async () => {
  await session.close();
  await emulator.close();
  await attacker.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  emulator.reset();
  drawn.length = 0;
});

interface Report {
  readonly saved: readonly {
    readonly output: string;
    readonly provider: string;
    readonly cost: number | null;
  }[];
  readonly failed: readonly { readonly code: string; readonly message: string }[];
}

async function remix(
  files: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<Report> {
  const call = { files: files.map((file) => path.join(root, file)), options: { confirm: false, ...options } };
  return session.ext(async (vscode, { files, options }) => {
    const uris = files.map((file) => vscode.Uri.file(file));
    const report = await vscode.commands.executeCommand<{
      saved: { output: { fsPath: string }; provider: string; cost: number | null }[];
      failed: { code: string; message: string }[];
    }>("imageRemix.remixImage", uris[0], uris, options);
    return {
      saved: report.saved.map(({ output, provider, cost }) => ({ output: output.fsPath, provider, cost })),
      failed: report.failed.map(({ code, message }) => ({ code, message })),
    };
  }, call);
}

it("sends each folder its own recipe, and saves the very bytes that the service served", async () => {
  const { saved, failed } = await remix(["shop/tea-tin.png", "blog/vesna.webp"]);
  expect(failed).toEqual([]);
  expect(saved.map(({ output }) => path.relative(root, output)).sort()).toEqual([
    "blog/vesna.remix-1.webp",
    "shop/tea-tin.remix-1.png",
    "shop/tea-tin.remix-2.png",
  ]);
  expect(saved.every(({ provider, cost }) => provider === "runware" && cost === 0.06)).toBe(true);

  expect(emulator.ledger.accepted()).toHaveLength(2);
  const [blog, shop] = sentTasks().toSorted((a, b) =>
    JSON.stringify(a).includes("for the shop") ? 1 : JSON.stringify(b).includes("for the shop") ? -1 : 0,
  );
  expect(shop).toMatchObject({
    positivePrompt: "for the shop",
    width: 512,
    height: 1536,
    numberResults: 2,
    outputFormat: "PNG",
    providerSettings: { ideogram: { remixStrength: 30, styleType: "AUTO" } },
  });
  expect(blog).toMatchObject({
    positivePrompt: "for the blog",
    width: 1024,
    height: 1024,
    numberResults: 1,
    outputFormat: "WEBP",
    providerSettings: { ideogram: { remixStrength: 50, styleType: "ANIME", magicPrompt: "AUTO" } },
  });

  expect(saved.map(({ output }) => hash(readFileSync(output))).sort()).toEqual([...drawn].sort());
  expect(emulator.ledger.undelivered()).toEqual([]);
  expect(emulator.ledger.violations()).toEqual([]);
});

it("lets no repository say where pictures go", () => {
  expect(attacker.ledger.requests()).toEqual([]);
  expect(emulator.ledger.requests().some((request) => JSON.stringify(request).includes("webhookURL"))).toBe(
    false,
  );
});

it("uses a folder's preset for that folder, and names it for the other", async () => {
  const { saved, failed } = await remix(["blog/tea-tin.png", "shop/vesna.webp"], { preset: "loud" });
  expect(saved).toHaveLength(1);
  expect(failed.map(({ code }) => code)).toEqual(["invalidRecipe"]);
  expect(sentTasks()[0]).toMatchObject({ providerSettings: { ideogram: { magicPrompt: "ON" } } });
});

it("spends nothing above the limit unasked, and asks when it may", async () => {
  const unasked = await remix(["shop/tea-tin.png", "shop/vesna.webp", "shop/doree-box.jpg"]);
  expect([...new Set(unasked.failed.map(({ code }) => code))]).toEqual(["needsConfirmation"]);
  expect(emulator.ledger.accepted()).toEqual([]);

  const asked = remix(["shop/tea-tin.png", "shop/vesna.webp", "shop/doree-box.jpg"], { confirm: true });
  const dialog = session.page.locator(".monaco-dialog-box", {
    hasText: "Remix 3 images → 6 results for about $0.36?",
  });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect((await asked).saved).toEqual([]);
  expect(emulator.ledger.accepted()).toEqual([]);
});

it("tells what went wrong by name, and charges nothing", async () => {
  emulator.faults.inject({ name: "moderation", when: { taskType: "imageInference" } });
  const { saved, failed } = await remix(["blog/oat-crunch.jpg"]);
  expect(saved).toEqual([]);
  expect(failed).toMatchObject([{ code: "safety", message: expect.stringContaining("oat-crunch.jpg") }]);
  expect(emulator.ledger.charged()).toEqual([]);
});

const refuseKey = (): void => {
  emulator.faults.inject({ name: "refusedKey", when: {} });
};
const takeCredit = (): void => {
  emulator.account.balance = 0;
};

it.each([
  ["authentication", refuseKey],
  ["credit", takeCredit],
] as const)("stops at once when the account is to blame: %s", async (code, blame) => {
  blame();
  const both = ["oat-crunch.jpg", "tea-tin.png", "vesna.webp", "doree-box.jpg"]
    .map((picture) => `blog/${picture}`)
    .concat("shop/tea-tin.png");
  const recipe = { numberResults: 1 };
  const { saved, failed } = await remix(both, { recipe });
  expect(saved).toEqual([]);
  expect(failed.map((failure) => failure.code)).toEqual(both.map(() => code));
  // As many as run at the same time may find out.
  expect(failed.filter(({ message }) => message.includes("was not sent")).length).toBeGreaterThanOrEqual(1);
  expect(
    new Set(sentTasks().map((task) => JSON.stringify(task).match(/"taskUUID":"([^"]+)"/)?.[1])).size,
  ).toBeLessThanOrEqual(4);
  expect(emulator.ledger.charged()).toEqual([]);
});

it("keeps a paid picture when its folder is gone by the time it is ready", async () => {
  const folder = path.join(root, "shop", "fleeting");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "a.png"), readFileSync(path.join(root, "shop", "tea-tin.png")));
  emulator.faults.inject({ name: "imageSlow", bytesPerSecond: 200_000, when: { times: 1 } });
  const running = remix(["shop/fleeting/a.png"], { recipe: { numberResults: 1 } });
  await expect.poll(() => emulator.ledger.accepted().length, { timeout: 30_000 }).toBe(1);
  rmSync(folder, { recursive: true });
  const { failed } = await running;
  const kept = /kept as (.+)\.$/.exec(failed[0]?.message ?? "")?.[1];
  expect(kept).toBeDefined();
  expect(readFileSync(kept ?? "").length).toBeGreaterThan(1000);
});

it("writes the key into no log, no journal and no record", () => {
  const files = readdirSync(session.userDataDir, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(log|jsonl|json)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((file) => readFileSync(file, "utf8").includes(emulator.key))).toEqual([]);
});
