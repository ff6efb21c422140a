/** A competitor's frame: it says when it is ready, works when it is told to, and measures itself. */
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { type Assignment, assignment, type Measured, report } from "./messages.ts";

/** How one way of doing the job ended. */
export interface Ending {
  readonly saved: number;
  /** Why the others are missing. */
  readonly failures: readonly string[];
}

/** Milliseconds between two looks at memory, and of the timer that finds blocks. */
const interval = 20;
const resolution = 5;

/**
 * Takes the assignment, lets `prepare` do what comes once with the program, and measures what it gives.
 *
 * @param prepare returns the work itself
 */
export async function compete(
  prepare: (assignment: Assignment) => Promise<() => Promise<Ending>>,
): Promise<void> {
  const [message] = await once(process, "message");
  const work = await prepare(assignment.parse(message));
  globalThis.gc?.();
  report({ ready: true });
  await once(process, "message");
  report(await watched(work));
  process.disconnect();
  // What keeps connections alive would keep the process.
  process.exit();
}

async function watched(work: () => Promise<Ending>): Promise<Measured> {
  const idleMemory = process.memoryUsage.rss();
  const before = process.resourceUsage().maxRSS * 1024;
  let peak = idleMemory;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, interval);
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { saved, failures } = await work();
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  delays.disable();
  clearInterval(sampler);
  // The system's own mark of the most there ever was, where that has risen since.
  const most = process.resourceUsage().maxRSS * 1024;
  const beyond = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution);
  return {
    wall,
    cpu: (user + system) / 1000,
    idleMemory,
    peakMemory: Math.max(peak, most > before ? most : 0) - idleMemory,
    blockP99: beyond(delays.percentile(99)),
    blockMax: beyond(delays.max),
    saved,
    failures: [...failures],
  };
}
