/** Bundles TypeScript that runs inside VS Code, whose extension host loads CommonJS. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";

/** Writes one `.cjs` file per entry into the folder. Packages stay outside and are found at run time. */
export function bundleForHost(entryPoints: readonly string[], folder: string): void {
  buildSync({
    entryPoints: [...entryPoints],
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "warning",
  });
}

/** All test files of a folder, so that none can be forgotten. */
export function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(folder, file));
}
