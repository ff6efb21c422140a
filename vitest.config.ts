import { defineConfig } from "vitest/config";
import { totalsReporter } from "./test/harness/totalsReporter.ts";

export default defineConfig({
  test: {
    reporters: ["default", totalsReporter],
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/integration/**"],
          // The usual one less leaves half of a small machine idle.
          maxWorkers: "100%",
          // A test that hangs is found all the same; one that is slow on a busy machine is none of ours.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/*.test.ts"],
          globalSetup: "test/e2e/setup.ts",
          // Two VS Codes at once are slower than one after the other.
          fileParallelism: false,
          // A click that the window swallows on a busy machine is not the extension's fault; a fault comes twice.
          retry: 2,
          testTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
