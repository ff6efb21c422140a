/** Runs in the extension host: the suite's files through mocha, and writes down the totals. */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";
import type { Totals } from "../harness/totals.ts";

export async function run(): Promise<void> {
  const { INTEGRATION_SUITE: suite = "", INTEGRATION_TOTALS: totalsFile = "" } = process.env;
  const mocha = new Mocha({
    ui: "bdd",
    color: false,
    timeout: 30_000,
    forbidOnly: true,
    forbidPending: true,
  });
  for (const file of readdirSync(suite)) {
    mocha.addFile(path.join(suite, file));
  }
  const totals = await new Promise<Totals>((resolve) => {
    let passed = 0;
    const runner = mocha.run((failed) => resolve({ passed, failed }));
    runner.on("pass", () => passed++);
  });
  writeFileSync(totalsFile, JSON.stringify(totals));
  if (totals.failed > 0 || totals.passed === 0) {
    throw new Error(`${totals.passed} passed, ${totals.failed} failed`);
  }
}
