import * as vscode from "vscode";
import { asFailure } from "../../engine/failure.ts";
import type { DetailedFacts } from "../../engine/ports.ts";
import type { PanelServices } from "./services.ts";

/** What is known of one file. */
export interface FileFacts {
  readonly facts: DetailedFacts | null;
  readonly problem: string | null;
}

/** Reads the headers of sources, each once as long as the file stays the same. */
export class SourceFacts {
  readonly #services: Pick<PanelServices, "inspect" | "toSource">;
  readonly #changed: () => void;
  readonly #known = new Map<string, FileFacts>();
  readonly #asked = new Set<string>();
  readonly #versions = new Map<string, number>();

  /** @param changed is called when more is known than before */
  constructor(services: Pick<PanelServices, "inspect" | "toSource">, changed: () => void) {
    this.#services = services;
    this.#changed = changed;
  }

  /** What is known by now; asks for what is not. */
  of(path: string): FileFacts {
    if (!this.#asked.has(path)) {
      this.#asked.add(path);
      void this.#read(path);
    }
    return this.#known.get(path) ?? { facts: null, problem: null };
  }

  /** Something that is different for each content of the file. */
  version(path: string): string {
    return String(this.#versions.get(path) ?? 0);
  }

  /** The file was changed: what is known of it no longer counts. */
  forget(path: string): void {
    this.#asked.delete(path);
    this.#versions.set(path, (this.#versions.get(path) ?? 0) + 1);
    this.#changed();
  }

  async #read(path: string): Promise<void> {
    try {
      const { mtime } = await vscode.workspace.fs.stat(vscode.Uri.file(path));
      this.#versions.set(path, mtime);
      const facts = await this.#services.inspect(this.#services.toSource(path));
      this.#known.set(path, { facts, problem: null });
    } catch (error) {
      this.#known.set(path, { facts: null, problem: messageOf(error, path) });
    }
    this.#changed();
  }
}

function messageOf(error: unknown, path: string): string {
  return error instanceof vscode.FileSystemError
    ? `${vscode.workspace.asRelativePath(path)} is gone. Restore it, or remove it from the list.`
    : asFailure(error).message;
}
