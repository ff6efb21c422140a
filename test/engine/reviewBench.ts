/** What deciding over results needs, on real files; pictures are texts that start with their format. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { SourceFormat } from "../../src/engine/ports.ts";
import type { ReviewParts } from "../../src/engine/replacing.ts";
import { BinFolder } from "../../src/platform/bin.ts";
import { type Files, nodeFiles } from "../../src/platform/files.ts";
import { PendingFiles } from "../../src/platform/pendingFiles.ts";
import { fileReplacer } from "../../src/platform/replacedFiles.ts";
import { resultWriter } from "../../src/platform/resultFiles.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";

export const hashOf = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");
export const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A picture whose bytes say what it is: `png:…`. */
function formatOf(bytes: Uint8Array): SourceFormat {
  const [name] = new TextDecoder().decode(bytes).split(":");
  const known = (["png", "jpeg", "webp", "avif", "gif", "tiff", "bmp", "svg"] as const).find(
    (format) => format === name,
  );
  if (known === undefined) {
    throw new Error("is not a picture");
  }
  return known;
}

/** @param storage absolute path of a folder, which need not exist */
export function reviewParts(storage: string, files: Files = nodeFiles): ReviewParts {
  const pending = new PendingFiles(storage, files);
  return {
    bin: new BinFolder(storage, files, pending),
    files: fileReplacer(pending, files),
    results: resultWriter(pending, storage, files),
    inspect: async (bytes) => ({ width: 8, height: 8, hasAlpha: false, format: formatOf(bytes) }),
    convert: async (bytes, format, quality) => {
      const [, rest = ""] = new TextDecoder().decode(bytes).split(":");
      const name = { JPG: "jpeg", PNG: "png", WEBP: "webp" }[format];
      return bytesOf(`${name}:${rest} at ${quality}`);
    },
    toSource: sourceFile,
    now: () => new Date(),
    moveToTrash: (file) => files.rm(file),
  };
}

/** SHA-256 of all files anywhere below `root`, by path. */
export function hashesBelow(root: string): ReadonlyMap<string, string> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file, hashOf(readFileSync(file))]));
}

/** Whether bytes with this hash are whole in some file that is not a temporary one. */
export function isSomewhere(root: string, sha256: string): boolean {
  return [...hashesBelow(root)].some(([file, hash]) => hash === sha256 && !file.endsWith(".tmp"));
}

export function remove(root: string): void {
  rmSync(root, { recursive: true, force: true });
}
