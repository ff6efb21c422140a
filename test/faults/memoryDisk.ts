import path from "node:path";
import type { Files } from "../../src/platform/files.ts";

/** What a name stands for. */
interface Node {
  readonly ino: number;
  content: Uint8Array;
  /** What would be there after a power loss. */
  durable: Uint8Array;
  mtimeMs: number;
}

interface Folder {
  names: Map<string, Node>;
  /** Names that would be there after a power loss. */
  durable: Map<string, Node>;
}

/**
 * A disk in memory that forgets, when the power goes, whatever was not synced: content of a file without its own
 * `fsync`, names without that of their folder. Folders themselves last, as on file systems with a journal.
 */
export class MemoryDisk {
  readonly #folders = new Map<string, Folder>();
  #inodes = 0;

  makeFolder(folder: string): void {
    for (let at = folder; !this.#folders.has(at); at = path.dirname(at)) {
      this.#folders.set(at, { names: new Map(), durable: new Map() });
    }
  }

  /** Makes a file that lasts. */
  put(file: string, content: Uint8Array): void {
    const node = this.#make(file);
    node.content = content;
    node.durable = content;
    this.#folder(file).durable.set(path.basename(file), node);
  }

  /**
   * The power goes.
   *
   * @param survives whether a change that was not synced got to the disk all the same
   */
  losePower(survives: () => boolean): void {
    for (const folder of this.#folders.values()) {
      for (const name of new Set([...folder.names.keys(), ...folder.durable.keys()])) {
        const node = folder.names.get(name);
        if (node !== folder.durable.get(name) && survives()) {
          folder.durable.delete(name);
          if (node !== undefined) {
            folder.durable.set(name, node);
          }
        }
      }
      folder.names = new Map(folder.durable);
      for (const node of folder.names.values()) {
        node.durable = survives() ? node.content : node.durable;
        node.content = node.durable;
      }
    }
  }

  /** All files, with their content. */
  all(): readonly (readonly [file: string, content: Uint8Array])[] {
    return [...this.#folders].flatMap(([folder, { names }]) =>
      [...names].map(([name, { content }]) => [path.join(folder, name), content] as const),
    );
  }

  /** The calls that the extension makes, on this disk. */
  get files(): Files {
    const calls = {
      link: async (from: string, to: string) => {
        const node = this.#node(from);
        if (this.#folder(to).names.has(path.basename(to))) {
          throw failure("EEXIST", to);
        }
        this.#folder(to).names.set(path.basename(to), node);
      },
      mkdir: async (folder: string) => this.makeFolder(folder),
      open: async (file: string, flags: string | number = "r") => this.#open(file, flags),
      readdir: async (folder: string) => [...this.#entries(folder).names.keys()],
      readFile: async (file: string, encoding?: string) => {
        const { content } = this.#node(file);
        return encoding === undefined ? content : new TextDecoder().decode(content);
      },
      realpath: async (file: string) => file,
      rename: async (from: string, to: string) => {
        this.#folder(to).names.set(path.basename(to), this.#node(from));
        this.#folder(from).names.delete(path.basename(from));
      },
      rm: async (file: string) => void this.#folder(file).names.delete(path.basename(file)),
      stat: async (file: string) => statsOf(this.#node(file)),
      utimes: async (file: string) => {
        this.#node(file).mtimeMs += 1;
      },
      writeFile: async (file: string, text: string, options?: { readonly flag?: string }) => {
        const handle = this.#open(file, options?.flag ?? "w");
        await handle.writeFile(text);
      },
    };
    return calls as unknown as Files;
  }

  #open(file: string, flags: string | number) {
    if (this.#folders.has(file)) {
      const folder = this.#entries(file);
      const sync = async () => {
        folder.durable = new Map(folder.names);
      };
      return { sync, close: async () => undefined, writeFile: async () => undefined };
    }
    const known = this.#folder(file).names.get(path.basename(file));
    const mayMake = typeof flags === "string" ? flags !== "r" : (flags & 0o100) !== 0;
    if (known === undefined ? !mayMake : flags === "wx") {
      throw failure(known === undefined ? "ENOENT" : "EEXIST", file);
    }
    const node = known ?? this.#make(file);
    const sync = async () => {
      node.durable = node.content;
    };
    return {
      stat: async () => statsOf(node),
      read: async (buffer: Uint8Array, offset: number, length: number, position: number) => {
        const part = node.content.subarray(position, position + length);
        buffer.set(part, offset);
        return { bytesRead: part.length, buffer };
      },
      appendFile: async (text: string) => {
        node.content = Buffer.concat([node.content, Buffer.from(text)]);
      },
      writeFile: async (content: string | Uint8Array) => {
        node.content = Uint8Array.from(typeof content === "string" ? Buffer.from(content) : content);
      },
      sync,
      datasync: sync,
      close: async () => undefined,
    };
  }

  #make(file: string): Node {
    const empty = new Uint8Array();
    const node = { ino: ++this.#inodes, content: empty, durable: empty, mtimeMs: 0 };
    this.#folder(file).names.set(path.basename(file), node);
    return node;
  }

  #node(file: string): Node {
    const node = this.#folder(file).names.get(path.basename(file));
    if (node === undefined) {
      throw failure("ENOENT", file);
    }
    return node;
  }

  #folder(file: string): Folder {
    return this.#entries(path.dirname(file));
  }

  #entries(folder: string): Folder {
    const entries = this.#folders.get(folder);
    if (entries === undefined) {
      throw failure("ENOENT", folder);
    }
    return entries;
  }
}

function statsOf({ ino, content, mtimeMs }: Node) {
  return { ino, size: content.length, mtimeMs, isFile: () => true };
}

function failure(code: string, file: string): Error {
  return Object.assign(new Error(`${code}: ${file}`), { code });
}
