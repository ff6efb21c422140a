/** The figures of one run as a line of a table. */
import type { Figures } from "./run.ts";

const columns: readonly (readonly [title: string, width: number, text: (figures: Figures) => string])[] = [
  ["way", 17, ({ way }) => way],
  ["N", 5, ({ count }) => String(count)],
  ["c", 3, ({ concurrency }) => String(concurrency)],
  ["service", 8, ({ service }) => `${service} ms`],
  ["Mbit/s", 7, ({ line }) => (line === null ? "–" : String(line))],
  ["wall", 8, ({ wall }) => `${(wall / 1000).toFixed(2)} s`],
  ["× bound", 8, ({ wall, bound }) => (wall / bound).toFixed(2)],
  ["sent", 9, ({ received }) => `${(received / 1e6).toFixed(1)} MB`],
  ["CPU", 8, ({ cpu }) => `${(cpu / 1000).toFixed(1)} s`],
  ["memory", 8, ({ peakMemory }) => `${(peakMemory / 1e6).toFixed(0)} MB`],
  ["p99", 8, ({ blockP99 }) => `${blockP99.toFixed(1)} ms`],
  ["longest", 9, ({ blockMax }) => `${blockMax.toFixed(1)} ms`],
  ["charged", 8, ({ charged }) => String(charged)],
  ["saved", 6, ({ onDisk }) => String(onDisk)],
  ["requests", 9, ({ requests }) => String(requests)],
];

/** Memory is what was resident at the most over what was when idle; the blocks are those of the main thread. */
export const heading = columns.map(([title, width], index) => aligned(title, width, index)).join(" ");

export function row(figures: Figures): string {
  const line = columns.map(([, width, text], index) => aligned(text(figures), width, index)).join(" ");
  const [failure] = figures.failures;
  return failure === undefined
    ? line
    : `${line}\n  ${figures.failures.length} failed: ${failure.slice(0, 300)}`;
}

function aligned(text: string, width: number, index: number): string {
  return index === 0 ? text.padEnd(width) : text.padStart(width);
}
