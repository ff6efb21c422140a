/**
 * Runs in the extension host of the server in place of the tests: marks what they print, calls their `run()`,
 * and says at the end how it went. VS Code itself reports success when the extension host was killed.
 */
import { format } from "node:util";
import { outputMark, verdictMark } from "./hostMark.ts";

type Print = (text: string) => void;

export async function run(): Promise<void> {
  const original = console.log.bind(console);
  let running = true;
  // VS Code prints a failure once more after us; unmarked, it stays in the log.
  const printLine: Print = (line) => original(running ? outputMark + line : line);
  for (const name of ["log", "info", "debug", "warn", "error"] as const) {
    // VS Code gave these a setter that does nothing.
    Object.defineProperty(console, name, {
      configurable: true,
      get:
        () =>
        (...args: unknown[]) =>
          printLine(format(...args)),
      set: () => {},
    });
  }
  const rests = [redirect(process.stdout, printLine), redirect(process.stderr, printLine)];
  let verdict = "failed";
  try {
    await runTests();
    verdict = "passed";
  } catch (error) {
    console.error(error);
    throw error;
  } finally {
    for (const printRest of rests) {
      printRest();
    }
    running = false;
    original(verdictMark + verdict);
    // The window needs a moment to receive the last lines before it closes.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function runTests(): Promise<void> {
  const { LAUNCHER_TESTS: file = "" } = process.env;
  const tests: { run?: () => unknown } = require(file);
  if (typeof tests.run !== "function") {
    throw new Error(`${file} does not export run()`);
  }
  await tests.run();
}

/** Sends whole lines of the stream to `print`; what it returns prints a last line without an end. */
function redirect(stream: NodeJS.WriteStream, print: Print): () => void {
  let rest = "";
  stream.write = (chunk: string | Uint8Array, ...others: unknown[]): boolean => {
    const lines = (rest + (typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(print);
    const done = others.at(-1);
    if (typeof done === "function") {
      done();
    }
    return true;
  };
  return () => {
    if (rest !== "") {
      print(rest);
    }
  };
}
