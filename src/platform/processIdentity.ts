import { readFile } from "node:fs/promises";
import os from "node:os";
import * as z from "zod/mini";

/** A process, for certain: a number alone is used again, after a restart by quite another program. */
export const processIdentity = z.object({
  host: z.string(),
  pid: z.int().check(z.positive()),
  /** When it started, in the system's own terms; null where that cannot be told. */
  started: z.nullable(z.string()),
});
export type ProcessIdentity = Readonly<z.infer<typeof processIdentity>>;

/** This process. */
export async function thisProcess(): Promise<ProcessIdentity> {
  return { host: os.hostname(), pid: process.pid, started: await startOf(process.pid) };
}

/**
 * Whether a process is still there: `elsewhere` where it ran on another machine, `perhaps` where its number is in use
 * by a process of which it cannot be told whether it is the same.
 */
export type ProcessState = "there" | "gone" | "perhaps" | "elsewhere";

/** What has become of a process. */
export async function stateOf({ host, pid, started }: ProcessIdentity): Promise<ProcessState> {
  if (host !== os.hostname()) {
    return "elsewhere";
  }
  if (!isInUse(pid)) {
    return "gone";
  }
  const now = await startOf(pid);
  if (started === null || now === null) {
    return pid === process.pid ? "there" : "perhaps";
  }
  return now === started ? "there" : "gone";
}

function isInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Linux tells the boot and the clock tick in which a process started (proc(5), field 22 of `stat`). */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform !== "linux") {
    return null;
  }
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets and may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return `${boot.trim()}/${fields[19] ?? ""}`;
  } catch {
    return null;
  }
}
