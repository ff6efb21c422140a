/**
 * Everything that can fail, one step after the other whatever fails before; the last line is the sum. Each step
 * is a script of package.json, and is killed with all its children when it takes far too long.
 */
import { spawn } from "node:child_process";
import { npmCommand } from "./harness/commands.ts";
import { projectRoot } from "./harness/paths.ts";
import { clearTotals, judge, readTotals, type Totals } from "./harness/totals.ts";

interface Step {
  readonly script: string;
  readonly minutes: number;
  /** The name under which it writes its totals. */
  readonly suite?: string;
}

const steps: readonly Step[] = [
  { script: "build", minutes: 2 },
  { script: "typecheck", minutes: 5 },
  { script: "lint", minutes: 5 },
  { script: "test:unit", minutes: 20, suite: "unit" },
  { script: "test:integration", minutes: 20, suite: "integration" },
  { script: "test:e2e", minutes: 40, suite: "e2e" },
];

async function runStep({ script, minutes, suite }: Step): Promise<Totals> {
  console.log(`\n── npm run ${script}`);
  const exitCode = await runScript(script, minutes);
  const totals = judge(exitCode, suite !== undefined, suite === undefined ? undefined : readTotals(suite));
  if (totals.failed > 0) {
    console.log(`── npm run ${script}: failed`);
  }
  return totals;
}

function runScript(script: string, minutes: number): Promise<number> {
  const [command, ...args] = npmCommand();
  const windows = process.platform === "win32";
  const child = spawn(command, [...args, "run", "--silent", script], {
    cwd: projectRoot,
    stdio: ["ignore", "inherit", "inherit"],
    // A group of its own, which can be killed as one.
    detached: !windows,
    shell: windows && args.length === 0,
  });
  const kill = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    process.kill(windows ? child.pid : -child.pid, "SIGKILL");
  };
  const timer = setTimeout(() => {
    console.log(`── npm run ${script}: killed after ${minutes} minutes`);
    kill();
  }, minutes * 60_000);
  const stop = (): void => {
    kill();
    process.exit(130);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return new Promise((resolve) => {
    const end = (code: number | null): void => {
      clearTimeout(timer);
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
      resolve(code ?? 1);
    };
    child.once("error", (error) => {
      console.error(error.message);
      end(1);
    });
    child.once("exit", end);
  });
}

clearTotals();
let passed = 0;
let failed = 0;
for (const step of steps) {
  const totals = await runStep(step);
  passed += totals.passed;
  failed += totals.failed;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
