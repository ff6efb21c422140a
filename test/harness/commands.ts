/** Runs other programs, with failures that say in one line what is missing. */
import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** A failure that its reader can mend: shown without a stack. */
export class SetupError extends Error {}

/** Waits for the program and returns what it wrote to its standard output. */
export function runToEnd(command: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const result = spawnSync(command, args, { maxBuffer: 2 ** 28, ...options, encoding: "utf8" });
  if (result.error) {
    const missing = "code" in result.error && result.error.code === "ENOENT";
    throw new SetupError(missing ? `"${command}" is not on PATH` : `${command}: ${result.error.message}`);
  }
  if (result.status !== 0) {
    const output = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim();
    throw new SetupError(
      `${[command, ...args].join(" ")} failed (${result.status ?? result.signal})\n${output}`,
    );
  }
  return result.stdout ?? "";
}

/** The npm that started us, else the one on PATH. (`npx` puts its own file into `npm_execpath`.) */
export function npmCommand(): readonly [command: string, ...args: string[]] {
  const { npm_execpath: script } = process.env;
  return script !== undefined && path.basename(script) === "npm-cli.js"
    ? [process.execPath, script]
    : ["npm"];
}

export function runNpm(args: readonly string[], options: SpawnSyncOptions = {}): string {
  const [command, ...first] = npmCommand();
  return runToEnd(command, [...first, ...args], options);
}

/** The parsed file; whoever asks for the type vouches for it. */
export function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** What a main program does with a failure. */
export function reportFailure(error: unknown): void {
  console.error(error instanceof SetupError ? error.message : error);
  process.exitCode = 1;
}
