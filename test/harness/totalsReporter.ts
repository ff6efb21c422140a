/** The vitest reporter that writes down each project's totals. */
import type { Reporter, TestModule } from "vitest/node";
import { writeTotals } from "./totals.ts";

export const totalsReporter: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const projects = new Set(modules.map((module) => module.project.name));
    for (const project of projects) {
      const own = modules.filter((module) => module.project.name === project);
      const tests = own.flatMap((module) => [...module.children.allTests()]);
      const passed = tests.filter((test) => test.result().state === "passed").length;
      // A file that could not be loaded, or whose hooks failed, may have no test that says so.
      const broken = own.filter((module) => !module.ok() && ![...module.children.allTests("failed")].length);
      const failed = tests.length - passed + broken.length + unhandledErrors.length;
      writeTotals(project, { passed, failed });
    }
  },
};
