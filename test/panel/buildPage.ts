/** The panel's page, built for tests as `esbuild.mjs` builds it for users. */
import path from "node:path";
import { build, type Metafile } from "esbuild";
import { projectRoot, temporaryFolder } from "../harness/paths.ts";

export interface BuiltPage {
  readonly folder: string;
  readonly metafile: Metafile;
}

export async function buildPage(): Promise<BuiltPage> {
  const folder = temporaryFolder("page");
  const options = {
    absWorkingDir: projectRoot,
    outdir: folder,
    bundle: true,
    format: "esm",
    target: "chrome122",
    loader: { ".ttf": "file" },
    assetNames: "[name]",
    metafile: true,
    logLevel: "silent",
  } as const;
  const { metafile } = await build({ ...options, entryPoints: { panel: "webview/panel.ts" } });
  await build({
    ...options,
    entryPoints: { panel: path.join(projectRoot, "webview", "styles", "panel.css") },
  });
  return { folder, metafile };
}
