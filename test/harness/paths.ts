/** The folders that every part of the harness agrees on. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const projectRoot = path.resolve(import.meta.dirname, "../..");
/** Downloads and folders that outlive a run; ignored by git. */
export const cacheFolder = path.join(projectRoot, ".vscode-test");
/** Bundles, totals and screenshots of the last run; ignored by git. */
export const outputFolder = path.join(projectRoot, "out");
const sampleFolder = path.join(projectRoot, "media", "samples");

export function temporaryFolder(name: string): string {
  return mkdtempSync(path.join(tmpdir(), `image-remix-${name}-`));
}

/** The file names of the sample pictures, without settings and without results. */
export function samplePictures(): string[] {
  return readdirSync(sampleFolder).filter((name) => /\.(png|jpe?g|webp)$/i.test(name));
}

/** Copies the sample pictures and their settings; `overwrite: false` keeps what is already there. */
export function copySamples(folder: string, overwrite = true): void {
  mkdirSync(folder, { recursive: true });
  cpSync(sampleFolder, folder, { recursive: true, force: overwrite });
}
