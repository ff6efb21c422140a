import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { failureOf } from "../../engine/failure.ts";
import type { PictureFacts, PictureReader } from "../../engine/lineage.ts";
import type { Provenance } from "../../engine/provenance.ts";
import { longestSidecar, readSidecar, sidecarName } from "../../engine/sidecar.ts";
import { isCalledPicture } from "../../engine/walk.ts";
import { sourceFile } from "../sourceFiles.ts";

/** What it takes to read pictures' metadata. */
export interface PictureReaderParts {
  /** Reads a picture's metadata, or the file beside it; see `pictureFacts`. */
  readonly factsOf: (file: string) => Promise<PictureFacts>;
  /** Absolute paths of the workspace's folders. */
  readonly roots: () => readonly string[];
  /** Absolute paths of files of a name, wherever in the workspace; a few at most. */
  readonly findByName: (name: string) => Promise<readonly string[]>;
}

/** Reads pictures from the disk, and the file beside one that has lost its metadata. */
export function pictureReader({ factsOf, roots, findByName }: PictureReaderParts): PictureReader {
  return {
    async read(file) {
      try {
        return await factsOf(file);
      } catch (error) {
        throw failureOf(sourceFile(file).name, error);
      }
    },
    sourceOf(picture, relative) {
      const folder = path.dirname(picture);
      const file = path.resolve(folder, relative);
      return isCalledPicture(sourceFile(file)) && [folder, ...roots()].some((root) => isInside(root, file))
        ? file
        : undefined;
    },
    async calledLike(relative) {
      const name = relative.slice(relative.lastIndexOf("/") + 1);
      return isCalledPicture(sourceFile(name)) ? findByName(name) : [];
    },
  };
}

/** What the file beside a picture says; undefined where there is none. */
export async function sidecarOf(file: string): Promise<Provenance | undefined> {
  const sidecar = sidecarName(file);
  try {
    const facts = await stat(sidecar);
    const isReadable = facts.isFile() && facts.size <= longestSidecar;
    return isReadable ? readSidecar(await readFile(sidecar, "utf8")) : undefined;
  } catch {
    // Most pictures have none.
    return undefined;
  }
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return !path.isAbsolute(relative) && relative.split(path.sep)[0] !== "..";
}

/**
 * How a result names its source: relative to its own folder, with `/`. Where no relative path leads there (from
 * another drive, say) only the file's name is told.
 *
 * @param folder absolute path of the result's folder
 * @param source absolute path of the source
 */
export function relativeSourcePath(folder: string, source: string): string {
  const relative = path.relative(folder, source);
  if (relative === "" || path.isAbsolute(relative)) {
    return safe(path.basename(source));
  }
  return safe(relative.split(path.sep).join("/"));
}

/** `a:b.png` would read like an address. */
function safe(relative: string): string {
  return /^[\\a-z][a-z\d+.-]*:|^\\/i.test(relative) ? `./${relative}` : relative;
}
