/**
 * Runs `suite/*.test.ts` inside a real VS Code, on a fresh copy of the sample pictures.
 *
 *   node test/integration/run.ts             in the VS Code server
 *   node test/integration/run.ts --desktop   in a downloaded desktop VS Code
 *   node test/integration/run.ts folder      only the files with "folder" in their names
 */
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { bundleForHost, testFiles } from "../harness/bundle.ts";
import { reportFailure, SetupError } from "../harness/commands.ts";
import { copySamples, outputFolder, temporaryFolder } from "../harness/paths.ts";
import { runInVSCode } from "../harness/runInVSCode.ts";

const bundles = path.join(outputFolder, "integration");
const suite = path.join(bundles, "suite");
const totals = path.join(outputFolder, "totals", "integration.json");
const { INTEGRATION_TIMEOUT_MS = "300000" } = process.env;

const folder = temporaryFolder("workspace");
try {
  const part = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
  const suiteFiles = testFiles(path.join(import.meta.dirname, "suite"));
  const files = suiteFiles.filter((file) => path.basename(file).includes(part));
  if (files.length === 0) {
    throw new SetupError("the integration suite is empty");
  }
  rmSync(bundles, { recursive: true, force: true });
  rmSync(totals, { force: true });
  mkdirSync(path.dirname(totals), { recursive: true });
  bundleForHost(files, suite);
  bundleForHost([path.join(import.meta.dirname, "runMocha.ts")], bundles);
  copySamples(folder);
  await runInVSCode({
    entry: path.join(bundles, "runMocha.cjs"),
    folder,
    env: { INTEGRATION_SUITE: suite, INTEGRATION_TOTALS: totals },
    timeoutMs: Number(INTEGRATION_TIMEOUT_MS),
    desktop: process.argv.includes("--desktop"),
    artifacts: path.join(outputFolder, "integration-failure"),
  });
} catch (error) {
  reportFailure(error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
