import type { Dirent } from "node:fs";
import path from "node:path";
import { RemixFailure } from "../engine/failure.ts";
import { type Excluder, excluder } from "../engine/globs.ts";
import {
  type FolderWalker,
  isCalledPicture,
  resultByName,
  type Skipped,
  type WalkOptions,
} from "../engine/walk.ts";
import { type Files, nodeFiles } from "./files.ts";
import { IgnoreRules } from "./ignoreRules.ts";
import { sourceFile } from "./sourceFiles.ts";

/** Looks through folders, following no links, so that it ends and stays where it was sent. */
export function folderWalker(files: Files = nodeFiles): FolderWalker {
  return {
    async walk(folder, options) {
      const walk = new Walk(folder, options, files);
      await walk.run();
      return walk;
    },
  };
}

/** A folder that is still to be looked into, and the rules that hold in the one above it. */
interface Next {
  readonly folder: string;
  readonly rules: IgnoreRules;
}

/** Folders that hold no pictures of the user's own. */
const toolFolders: ReadonlyMap<string, string> = new Map([
  [".git", "belongs to Git"],
  ["node_modules", "belongs to packages"],
]);

class Walk {
  readonly pictures: string[] = [];
  readonly skipped: Skipped[] = [];
  readonly #root: string;
  readonly #options: WalkOptions;
  readonly #files: Files;
  readonly #exclude: Excluder;
  // Not made when the file is loaded: the first collator of a process takes longer than all else that is loaded then.
  readonly #byName = new Intl.Collator("en", { numeric: true }).compare;

  constructor(root: string, options: WalkOptions, files: Files) {
    this.#root = root;
    this.#options = options;
    this.#files = files;
    this.#exclude = excluder(options.exclusions);
  }

  async run(): Promise<void> {
    const { base } = this.#options;
    const rules = await IgnoreRules.in(this.#root, base, this.#files);
    const reason = this.#leftOutAbove() ?? rules.reason(this.#root, true);
    if (reason !== undefined) {
      this.#skip(this.#root, true, reason);
      return;
    }
    // A list of its own instead of recursion: folders may be nested deeply.
    const next: Next[] = [{ folder: this.#root, rules }];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      this.#options.signal.throwIfAborted();
      next.push(...(await this.#lookInto(at)).toReversed());
      this.#options.onFolder?.(this.pictures.length);
    }
  }

  /** Why the folder itself, or one above it, is left out by a glob. */
  #leftOutAbove(): string | undefined {
    const segments = this.#relative(this.#root).split("/");
    const above = segments.map((_, index) => segments.slice(0, index + 1).join("/"));
    return above
      .map((folder) => (folder === "" ? undefined : this.#exclude(folder)))
      .find((reason) => reason);
  }

  async #lookInto({ folder, rules }: Next): Promise<readonly Next[]> {
    const entries = await this.#entries(folder);
    const siblings = new Set(entries.map(({ name }) => name));
    const folders: Next[] = [];
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      const isFolder = entry.isDirectory();
      if (!isFolder && !isCalledPicture(sourceFile(file))) {
        await this.#skipFolderLink(entry, file);
        continue;
      }
      const reason =
        (isFolder ? toolFolders.get(entry.name.toLowerCase()) : undefined) ??
        this.#exclude(this.#relative(file), siblings) ??
        rules.reason(file, isFolder) ??
        (isFolder ? undefined : this.#unfit(entry, file));
      if (reason !== undefined) {
        this.#skip(file, isFolder, reason);
      } else if (isFolder) {
        folders.push({ folder: file, rules: await rules.below(file) });
      } else {
        this.pictures.push(file);
      }
    }
    return folders;
  }

  async #entries(folder: string): Promise<readonly Dirent[]> {
    try {
      const entries = await this.#files.readdir(folder, { withFileTypes: true });
      return entries.toSorted((a, b) => this.#byName(a.name, b.name));
    } catch (error) {
      if (folder === this.#root) {
        const message = `The folder ${folder} cannot be read. Check its permissions, then try again.`;
        throw new RemixFailure("sourceGone", message, { cause: error });
      }
      this.#skip(folder, true, "cannot be read");
      return [];
    }
  }

  #unfit(entry: Dirent, file: string): string | undefined {
    if (entry.isSymbolicLink()) {
      return linked;
    }
    if (!entry.isFile()) {
      return "not a file";
    }
    return this.#options.withResults === true ? undefined : resultByName(sourceFile(file));
  }

  /** A link that leads to a folder is told of: pictures may be missed behind it. */
  async #skipFolderLink(entry: Dirent, file: string): Promise<void> {
    if (entry.isSymbolicLink()) {
      const target = await this.#files.stat(file).catch(() => undefined);
      if (target?.isDirectory()) {
        this.#skip(file, true, linked);
      }
    }
  }

  #skip(file: string, isFolder: boolean, reason: string): void {
    this.skipped.push({ path: file, isFolder, reason });
  }

  #relative(file: string): string {
    return path.relative(this.#options.base, file).split(path.sep).join("/");
  }
}

const linked = "a link, which is not followed";
