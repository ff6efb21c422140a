import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { remixPictures } from "../demo/remixPictures.ts";
import { packageVsix } from "../harness/extensions.ts";
import { projectRoot, samplePictures, temporaryFolder } from "../harness/paths.ts";
import { useWindow } from "./window.ts";

const packageFolder = temporaryFolder("vsix");
const window = useWindow(() => ({ vsix: packageVsix(path.join(packageFolder, "image-remix.vsix")) }));

afterAll(() => rmSync(packageFolder, { recursive: true, force: true }));

it("is installed far from the source tree", async () => {
  const place = await window().ext(
    (vscode) => vscode.extensions.getExtension("image-remix.image-remix")?.extensionPath ?? "",
  );
  expect(path.basename(place)).toMatch(/^image-remix\.image-remix-/);
  expect(place.startsWith(projectRoot + path.sep)).toBe(false);
});

it("remixes every sample picture as a package, too", async () => {
  const { ext, folder } = window();
  const sources = samplePictures().map((name) => path.join(folder, name));
  const { saved, failed } = await ext(remixPictures, sources);
  expect(failed).toEqual([]);
  expect(saved.map(({ source }) => source).sort()).toEqual(sources.sort());
  for (const { source, output } of saved) {
    expect(readFileSync(output).equals(readFileSync(source))).toBe(false);
  }
});
