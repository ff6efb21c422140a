/**
 * A thousand tiny pictures in a real VS Code window against an emulated service: how quickly window and extension host
 * answer meanwhile, beside the same window at rest, and how much memory it takes. Once by Remix Folder, once in the panel.
 * Prints a table.
 *
 *   npm run build && node test/bench/thousandPictures.ts [--count N] [--concurrency N] [--service MS] [--json FILE]
 */
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { reportFailure } from "../harness/commands.ts";
import { temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";
import { quantile } from "./figures.ts";
import { next, place, seen, start } from "./folder/messages.ts";
import { measureWindow, type WindowFigures } from "./windowProbe.ts";

const { values: options } = parseArgs({
  options: {
    count: { type: "string" },
    concurrency: { type: "string" },
    service: { type: "string" },
    json: { type: "string" },
  },
});
const count = Number(options.count ?? 1000);
const concurrency = Number(options.concurrency ?? 8);
const service = options.service ?? "100";
/** Longer than any run may take, in milliseconds. */
const patience = { timeout: 60 * 60_000 };

async function tinyPictures(folder: string): Promise<void> {
  mkdirSync(folder);
  for (let n = 0; n < count; n++) {
    // Far enough from each other that no two are the same as JPEG.
    const background = { r: (n & 15) * 16, g: ((n >> 4) & 15) * 16, b: ((n >> 8) & 15) * 16 };
    const picture = sharp({ create: { width: 64, height: 64, channels: 3, background } });
    writeFileSync(path.join(folder, `tin${String(n).padStart(4, "0")}.jpg`), await picture.jpeg().toBuffer());
  }
}

const told = (session: Session, text: string | RegExp) =>
  session.page.locator(".notification-list-item", { hasText: text }).first();

/** A plan of the folder, and a click on its Run. */
async function byFolder(session: Session): Promise<void> {
  await session.ext((vscode) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    void vscode.commands.executeCommand("imageRemix.remixFolder", folder);
    return true;
  });
  const run = session.page.locator(".codelens-decoration a", { hasText: `Run (${count})` });
  await run.waitFor(patience);
  await run.click();
  await told(session, `Saved ${count} results`).waitFor(patience);
}

/** The panel with all of them in its list. */
async function fillPanel(session: Session): Promise<void> {
  await session.ext(async (vscode) => {
    const files = await vscode.workspace.findFiles("*.jpg");
    await vscode.commands.executeCommand("imageRemix.addToPanel", files[0], files);
  });
  await session
    .webview()
    .getByRole("button", { name: new RegExp(`^Remix ${count} images`) })
    .waitFor(patience);
}

async function inPanel(session: Session): Promise<void> {
  const panel = session.webview();
  await panel.getByRole("button", { name: new RegExp(`^Remix ${count} images`) }).click(patience);
  await panel.getByText(`${count} of ${count} results saved`).first().waitFor(patience);
}

/** All of its results as tiles. */
async function review(session: Session): Promise<void> {
  const panel = session.webview();
  await panel.getByRole("button", { name: `Review ${count} Results` }).click();
  await panel.locator(".tile[id]").first().waitFor(patience);
  await sleep(10_000);
}

/** One way of doing it: what is done before, and what is measured. */
interface Way {
  readonly prepare?: (session: Session) => Promise<void>;
  readonly steps: Readonly<Record<string, (session: Session) => Promise<void>>>;
}

const ways: Readonly<Record<string, Way>> = {
  folder: { steps: { "Remix Folder": byFolder } },
  panel: { prepare: fillPanel, steps: { "in the panel": inPanel, "its results": review } },
};

interface Row extends WindowFigures {
  readonly name: string;
  readonly seconds: number;
}

async function measured(name: string, session: Session, work: () => Promise<unknown>): Promise<Row> {
  const started = performance.now();
  const figures = await measureWindow(session, work);
  const row = { name, seconds: (performance.now() - started) / 1000, ...figures };
  print(row);
  return row;
}

async function rowsOf({ prepare, steps }: Way): Promise<readonly Row[]> {
  const root = temporaryFolder("bench-window");
  const folder = path.join(root, "pictures");
  const child = start(path.join(import.meta.dirname, "folder", "service.ts"), [service]);
  let session: Session | undefined;
  try {
    const { endpoint, key } = await next(child, place);
    await tinyPictures(folder);
    const opened = await openSession({
      folder,
      settings: {
        "imageRemix.runware.endpoint": endpoint,
        "imageRemix.positivePrompt": "a tin of tea in the snow",
        "imageRemix.concurrency": concurrency,
        "imageRemix.budget.confirmAbove": 1e6,
      },
      env: { RUNWARE_API_KEY: key },
    });
    session = opened;
    await prepare?.(opened);
    // One picture first, so that everything is loaded.
    await opened.ext(async (vscode) => {
      const [file] = await vscode.workspace.findFiles("*.jpg", null, 1);
      const once = { confirm: false, recipe: { positivePrompt: "first of all" } };
      await vscode.commands.executeCommand("imageRemix.remixImage", file, [file], once);
    });
    await sleep(3000);
    const rows = [await measured("at rest", opened, () => sleep(20_000))];
    for (const [name, work] of Object.entries(steps)) {
      rows.push(await measured(name, opened, () => work(opened)));
    }
    child.send({ report: true });
    const { charged, boughtTwice } = await next(child, seen);
    console.log(`charged: ${charged}, bought twice: ${boughtTwice}`);
    return rows;
  } catch (error) {
    await session?.screenshot("a thousand pictures");
    throw error;
  } finally {
    await session?.close();
    const gone = once(child, "exit");
    child.kill();
    await gone;
    rmSync(root, { recursive: true, force: true });
  }
}

const heading =
  "                seconds   palette p50  max   letter p50  max   host late p50  p99   max   long tasks (max)  panel's (max)   MB now  peak  heap";

function print({ name, seconds, palette, letters, hostLag, ...rest }: Row): void {
  const ms = (value: number, width = 6) => (Number.isFinite(value) ? value.toFixed(0) : "-").padStart(width);
  const mb = (bytes: number) => ms(bytes / 2 ** 20);
  const tasks = (all: readonly number[]) =>
    `${String(all.length).padStart(7)} (${ms(Math.max(0, ...all), 5)})`;
  console.log(
    [
      name.padEnd(15),
      seconds.toFixed(0).padStart(7),
      `${ms(quantile(palette, 0.5), 12)} ${ms(quantile(palette, 1), 5)}`,
      `${ms(quantile(letters, 0.5), 11)} ${ms(quantile(letters, 1), 5)}`,
      `${ms(hostLag.p50, 13)} ${ms(hostLag.p99, 5)} ${ms(hostLag.max, 5)}`,
      tasks(rest.longTasks),
      tasks(rest.panelLongTasks),
      `${mb(rest.memory)} ${mb(rest.peakMemory)} ${mb(rest.peakHeap)}`,
    ].join("  "),
  );
}

try {
  console.log(
    `${count} pictures of 64 × 64, ${concurrency} at a time, ${service} ms each; milliseconds\n${heading}`,
  );
  const all: Record<string, readonly Row[]> = {};
  for (const [name, way] of Object.entries(ways)) {
    all[name] = await rowsOf(way);
  }
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
  }
} catch (error) {
  reportFailure(error);
}
