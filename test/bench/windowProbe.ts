/** How quickly a real window and its extension host answer while something else goes on in them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame } from "playwright-core";
import type { Session } from "../harness/session.ts";

/** What was measured of a window during a time. Milliseconds and bytes. */
export interface WindowFigures {
  /** From F1 until the command palette has been drawn, each time. */
  readonly palette: readonly number[];
  /** From a letter in it until the frame that shows it. */
  readonly letters: readonly number[];
  /** Tasks of the window's own thread of more than 50 ms. */
  readonly longTasks: readonly number[];
  /** The same of the panel's page; empty where there is none. */
  readonly panelLongTasks: readonly number[];
  /** By how much timers of the extension host came late. */
  readonly hostLag: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Resident memory of the extension host with its threads, the image worker among them: now, and at the most. */
  readonly memory: number;
  readonly peakMemory: number;
  /** JavaScript heap of the host's main thread at the most. */
  readonly peakHeap: number;
}

/** Between two looks at how quickly the window answers, in milliseconds. */
const pause = 2000;

/** Measures until `work` has ended. */
export async function measureWindow(session: Session, work: () => Promise<unknown>): Promise<WindowFigures> {
  const frames = await panelFrames(session);
  await session.page.evaluate(watchKeys);
  await Promise.all([
    session.page.evaluate(watchTasks),
    ...frames.map((frame) => frame.evaluate(watchTasks)),
  ]);
  await session.ext(watchHost);
  let isOver = false;
  const over = work().finally(() => {
    isOver = true;
  });
  // It is awaited below: what goes wrong meanwhile is told then.
  void over.catch(() => undefined);
  do {
    // First the pause: a click that starts the work takes the focus, and closes a palette that is open.
    await Promise.race([over.catch(() => undefined), sleep(pause)]);
    await openAndType(session);
  } while (!isOver);
  await over;
  const keys =
    await session.page.evaluate<Readonly<Record<"palette" | "letters", readonly number[]>>>("keyTimes");
  const [longTasks = [], ...ofPanel] = await Promise.all(
    [session.page, ...frames].map((page) => page.evaluate<readonly number[]>("longTasks").catch(() => [])),
  );
  return { ...keys, longTasks, panelLongTasks: ofPanel.flat(), ...(await session.ext(readHost)) };
}

async function openAndType({ page }: Session): Promise<void> {
  const input = page.locator(".quick-input-widget input.input").first();
  await page.keyboard.press("F1");
  await input.waitFor({ timeout: 60_000 });
  await page.keyboard.type("sav", { delay: 150 });
  await page.waitForFunction("waiting === 0", undefined, { timeout: 10_000 });
  await page.keyboard.press("Escape");
  await input.waitFor({ state: "hidden", timeout: 60_000 });
}

async function panelFrames(session: Session): Promise<readonly Frame[]> {
  const count = await session.page.locator("iframe.webview.ready").count();
  return count === 0 ? [] : [await session.webviewFrame()];
}

/** In the window's page: notes for each key how long it took until what it does had been drawn. */
const watchKeys = `(() => {
  globalThis.keyTimes = { palette: [], letters: [] };
  globalThis.waiting = 0;
  if (globalThis.isWatchingKeys) return;
  globalThis.isWatchingKeys = true;
  const isShown = () => document.querySelector(".quick-input-widget input.input")?.checkVisibility() === true;
  addEventListener("keydown", ({ key, timeStamp }) => {
    const times = key === "F1" ? "palette" : key.length === 1 ? "letters" : undefined;
    if (times === undefined) return;
    waiting += 1;
    const look = () => requestAnimationFrame(() => {
      if (!isShown()) return look();
      // After the frame that it is drawn in.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        waiting -= 1;
        keyTimes[times].push(performance.now() - timeStamp);
      };
      port2.postMessage(0);
    });
    look();
  }, true);
})()`;

/** In a page: notes tasks that block it. */
const watchTasks = `(() => {
  globalThis.longTasks = [];
  if (globalThis.isWatchingTasks) return;
  globalThis.isWatchingTasks = true;
  new PerformanceObserver((list) => {
    longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: "longtask" });
})()`;

/** In the extension host: notes how late timers are, and how much memory is in use. */
function watchHost(): boolean {
  const { monitorEventLoopDelay } = process.getBuiltinModule("node:perf_hooks");
  const old: unknown = Reflect.get(globalThis, "imageRemixBench");
  if (typeof old === "object" && old !== null) {
    clearInterval(Reflect.get(old, "timer"));
  }
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const peaks = { rss: 0, heap: 0 };
  const timer = setInterval(() => {
    const { rss, heapUsed } = process.memoryUsage();
    peaks.rss = Math.max(peaks.rss, rss);
    peaks.heap = Math.max(peaks.heap, heapUsed);
  }, 250);
  Reflect.set(globalThis, "imageRemixBench", { delay, peaks, timer });
  return true;
}

/** In the extension host: what {@link watchHost} has noted. */
function readHost(): Pick<WindowFigures, "hostLag" | "memory" | "peakMemory" | "peakHeap"> {
  const { delay, peaks } = Reflect.get(globalThis, "imageRemixBench");
  // A timer that is not late takes as long as its resolution.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - 5);
  return {
    hostLag: { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) },
    memory: process.memoryUsage().rss,
    peakMemory: peaks.rss,
    peakHeap: peaks.heap,
  };
}
