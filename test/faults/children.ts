/** Windows in processes of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { Job } from "./child.ts";

/** A process that waits for `go`. */
export interface Child {
  /** Resolves once it is ready to begin. */
  readonly ready: Promise<void>;
  go(): void;
  kill(): void;
  /** The signal that ended it, or its exit code. */
  readonly ended: Promise<string>;
}

export function startChild(job: Job): Child {
  const script = path.join(import.meta.dirname, "child.ts");
  const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify(job)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? String(code)));
  });
  const first = new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
  return {
    ready: Promise.race([first, ended.then(() => undefined)]),
    go: () => void child.stdin?.end("go"),
    kill: () => void child.kill("SIGKILL"),
    ended,
  };
}

/**
 * Runs a window to its end, or kills it from outside.
 *
 * @param whenToKill resolves when the time has come; called once it has begun
 * @returns the signal that ended it, or its exit code
 */
export async function runChild(job: Job, whenToKill?: () => Promise<void>): Promise<string> {
  const child = startChild(job);
  await child.ready;
  child.go();
  if (whenToKill !== undefined) {
    await Promise.race([whenToKill(), child.ended]);
    child.kill();
  }
  return child.ended;
}
