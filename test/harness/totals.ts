/** How many tests passed and failed, as each suite writes it down for the sum over all suites. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readJson } from "./commands.ts";
import { outputFolder } from "./paths.ts";

export interface Totals {
  readonly passed: number;
  /** Skipped tests are among them: only what has passed counts as passed. */
  readonly failed: number;
}

const folder = path.join(outputFolder, "totals");

export function clearTotals(): void {
  rmSync(folder, { recursive: true, force: true });
}

export function writeTotals(suite: string, totals: Totals): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${suite}.json`), JSON.stringify(totals));
}

export function readTotals(suite: string): Totals | undefined {
  const file = path.join(folder, `${suite}.json`);
  return existsSync(file) ? readJson<Totals>(file) : undefined;
}

/**
 * What a step adds to the sum. One that ended badly has at least one failure, whatever it wrote down; and so has
 * a suite that ended well without a single result.
 */
export function judge(exitCode: number, isSuite: boolean, written: Totals | undefined): Totals {
  const passed = written?.passed ?? 0;
  const failed = written?.failed ?? 0;
  const bad = exitCode !== 0 || (isSuite && passed + failed === 0);
  return { passed, failed: bad ? Math.max(failed, 1) : failed };
}
