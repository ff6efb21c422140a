/**
 * What the panel's page costs with few and with hundreds of rows: the time until a newly loaded page has drawn its
 * first snapshot, its scripts' time for each further snapshot, and its memory. Prints a table.
 *
 *   npm run build && node test/panel/figures.ts [--rounds N]
 */
import { parseArgs } from "node:util";
import { median } from "../bench/figures.ts";
import { type OpenPanel, openPanelBrowser } from "./openPanel.ts";
import { states } from "./states/all.ts";

const { values: options } = parseArgs({ options: { rounds: { type: "string" } } });
const rounds = Number(options.rounds ?? 20);
const names = ["review", "manyResults", "running", "manyTasks", "compose", "manySources"] as const;

/** Times in milliseconds. */
interface Figures {
  readonly firstDraw: number;
  /** For one snapshot after the first: from its arrival until no script has anything left to do. */
  readonly scripts: number;
  /** The same, until the frame after it has been drawn. */
  readonly frame: number;
  /** JavaScript heap after a garbage collection, in MB. */
  readonly heap: number;
  /** Elements, text and what else is in the document. */
  readonly nodes: number;
}

async function measure(panel: OpenPanel, name: (typeof names)[number]): Promise<Figures> {
  const state = states[name];
  if (state === undefined) {
    throw new Error(`There is no state ${name}`);
  }
  const { page } = panel;
  const snapshot = state();
  // What it takes to bring the snapshot into the browser is not counted.
  await page.evaluate((given) => Object.assign(globalThis, { snapshot: given }), snapshot);
  const times = await page.evaluate<readonly (readonly [scripts: number, frame: number])[]>(`(async () => {
    const later = () => new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const times = [];
    for (let number = 1; number <= ${rounds + 1}; number++) {
      await frame();
      await later();
      // Something changes in each: the page may not get off with comparing.
      const data = { ...structuredClone(snapshot), number, undo: "Kept result " + number };
      const start = performance.now();
      dispatchEvent(new MessageEvent("message", { data }));
      await later();
      const scripts = performance.now() - start;
      await frame();
      await later();
      times.push([scripts, performance.now() - start]);
    }
    return times;
  })()`);
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  await client.send("HeapProfiler.collectGarbage");
  const { metrics } = await client.send("Performance.getMetrics");
  const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  await client.detach();
  const [first, ...rest] = times;
  return {
    firstDraw: first?.[1] ?? Number.NaN,
    scripts: median(rest.map(([scripts]) => scripts)),
    frame: median(rest.map(([, frame]) => frame)),
    heap: metric("JSHeapUsedSize") / 1_000_000,
    nodes: metric("Nodes"),
  };
}

const browser = await openPanelBrowser({ isPlain: true });
try {
  const table: Record<string, Readonly<Record<string, string | number>>> = {};
  for (const name of names) {
    const panel = await browser.open();
    const { firstDraw, scripts, frame, heap, nodes } = await measure(panel, name);
    table[name] = {
      "first draw, ms": firstDraw.toFixed(0),
      "scripts per snapshot, ms": scripts.toFixed(1),
      "drawn after, ms": frame.toFixed(1),
      "heap, MB": heap.toFixed(1),
      nodes,
    };
    await panel.close();
  }
  console.table(table);
} finally {
  await browser.close();
}
