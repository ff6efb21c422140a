import type { Outcome } from "../../src/engine/job.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { fetchHttp } from "../../src/platform/http.ts";
import { type Fault, Shim } from "./shim.ts";
import { type Resumed, Window, type WindowOptions } from "./window.ts";
import { bury, type World } from "./world.ts";

/** A run that something happened to. */
export interface Run {
  readonly shim: Shim;
  readonly window: Window;
  /** Undefined where the process died. */
  readonly outcome: Outcome | undefined;
}

/** Runs all sources of `world` in a window whose calls go through `fault`, and closes the window, or lets it die. */
export async function runWith(
  world: World,
  fault: Fault | undefined,
  { results = 2, ...options }: WindowOptions & { readonly results?: number } = {},
): Promise<Run> {
  const { shim, died } = mortal(fault);
  const window = new Window(world.place, {
    ...options,
    files: shim.files(options.files ?? nodeFiles),
    http: shim.http(options.http ?? fetchHttp),
  });
  const { outcome } = window.start({ sources: world.sources, results });
  const ended = await Promise.race([outcome, died]);
  const closed = window.close().catch(() => undefined);
  await Promise.race([closed, died]);
  bury(world);
  return { shim, window, outcome: ended };
}

/** A shim, and a promise that resolves when it lets its process die. */
function mortal(fault: Fault | undefined): { readonly shim: Shim; readonly died: Promise<undefined> } {
  let die = () => undefined;
  const died = new Promise<undefined>((resolve) => {
    die = () => void resolve(undefined);
  });
  return { shim: new Shim(fault, () => die()), died };
}

/** Opens a window that recovers, and dies after step `at`. */
export async function dieWhileRecovering(world: World, at: number): Promise<void> {
  const { shim, died } = mortal({ kind: "die", at, when: "after" });
  const window = new Window(world.place, { files: shim.files(nodeFiles), http: shim.http(fetchHttp) });
  await Promise.race([window.recover(), died]);
  await Promise.race([window.close(), died]);
  bury(world);
}

/** Opens a window where nothing goes wrong, lets it bring everything to an end, and closes it. */
export async function restart(world: World, options: WindowOptions = {}): Promise<Resumed> {
  await world.emulator.settled();
  const window = new Window(world.place, options);
  const resumed = await window.recover();
  await window.close();
  bury(world);
  return resumed;
}

/** The number of steps at which `fault` can happen when nothing goes wrong. */
export async function countSteps(world: World, fault: Fault, options: WindowOptions = {}): Promise<number> {
  const never = Number.MAX_SAFE_INTEGER;
  const { shim } = await runWith(world, { ...fault, at: never }, options);
  return shim.seen;
}
