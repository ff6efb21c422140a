import type { HttpFailure, HttpPort } from "../../src/engine/http.ts";
import { type Files, nodeFiles } from "../../src/platform/files.ts";

/** Errors that the file system plays. */
export const fileErrors = ["ENOSPC", "EACCES", "EPERM", "EBUSY", "EIO"] as const;
export type FileError = (typeof fileErrors)[number];

/**
 * What goes wrong with an exchange: it is lost before it is sent, after the service has done what was asked, or after
 * a long silence.
 */
export const httpErrors = ["ECONNRESET before", "ECONNRESET after", "timeout"] as const;
export type HttpError = (typeof httpErrors)[number];

/** What happens at step `at`, counted from 1 and among those steps that it can happen at. */
export type Fault =
  | {
      readonly kind: "fail";
      readonly at: number;
      readonly error: FileError | HttpError;
      readonly lasts: boolean;
      /** Absolute path of a folder: only calls to files in it fail, as on a disk of its own. */
      readonly within?: string;
    }
  /** `torn`: a file that is being written is half there. */
  | { readonly kind: "die"; readonly at: number; readonly when: "before" | "after" | "torn" };

/** Calls that make or fill files; these fail when a disk is full. */
const writing = new Set([
  "mkdir",
  "writeFile",
  "link",
  "rename",
  "open for writing",
  "handle.writeFile",
  "handle.appendFile",
  "handle.sync",
  "handle.datasync",
]);

/** Calls that go by a file's name; these fail for want of permission. */
const naming = new Set([
  "open",
  "open for writing",
  "mkdir",
  "writeFile",
  "readFile",
  "readdir",
  "stat",
  "link",
  "rename",
  "rm",
]);

/** Calls that a scanner can stand in the way of. */
const blocking = new Set(["open for writing", "link", "rename", "rm"]);

const never = new Promise<never>(() => undefined);

/** Counts the calls of a window to the outside world, and lets one of them go wrong. */
export class Shim {
  /** What was called, in order. */
  readonly calls: string[] = [];
  readonly #fault: Fault | undefined;
  readonly #die: () => void;
  #seen = 0;
  #hit: string | undefined;
  #isDead = false;
  /** Files that are open: the death of a process closes them. */
  readonly #open = new Set<{ close(): Promise<unknown> }>();

  /** @param die ends the process; where it does not, every later call waits for ever */
  constructor(fault?: Fault, die: () => void = () => undefined) {
    this.#fault = fault;
    this.#die = die;
  }

  /** The call that the fault happened to first; undefined where it did not. */
  get hit(): string | undefined {
    return this.#hit;
  }

  /** At how many steps the fault could have happened so far. */
  get seen(): number {
    return this.#seen;
  }

  files(inner: Files): Files {
    return this.#wrapped(inner, "", undefined);
  }

  http(inner: HttpPort): HttpPort {
    return {
      post: (...given) => this.#exchange("post", () => inner.post(...given)),
      get: (...given) => this.#exchange("get", () => inner.get(...given)),
    };
  }

  /** `inner` with all its methods counted; what `open` returns is wrapped likewise. */
  #wrapped<Target extends object>(inner: Target, prefix: string, file: string | undefined): Target {
    return new Proxy(inner, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        // The heartbeat comes whenever it likes.
        if (typeof member !== "function" || typeof name !== "string" || name === "utimes") {
          return typeof member === "function" ? member.bind(target) : member;
        }
        return (...given: unknown[]) =>
          this.#call(
            { name: callName(prefix, name, given), file: file ?? firstOf(given) },
            given,
            async (args) => {
              const value: unknown = await Reflect.apply(member, target, args);
              const isOpened = prefix === "" && name === "open" && isHandle(value);
              return isOpened ? this.#opened(value, firstOf(given)) : value;
            },
          );
      },
    });
  }

  #opened<Handle extends { close(): Promise<unknown> }>(handle: Handle, file: string): Handle {
    this.#open.add(handle);
    return this.#wrapped(handle, "handle.", file);
  }

  async #call(
    { name, file }: { readonly name: string; readonly file: string },
    given: unknown[],
    act: (args: unknown[]) => Promise<unknown>,
  ): Promise<unknown> {
    const fate = this.#step(name, (error) => canFail(name, error) && this.#isWithin(file));
    switch (fate) {
      case "go on":
        return act(given);
      case "die before":
        return this.#end();
      case "die torn":
        if (name.endsWith("writeFile") || name.endsWith("appendFile")) {
          await act(given.map(halved));
        }
        return this.#end();
      case "die after":
        await act(given);
        return this.#end();
      default:
        if (name === "handle.close") {
          await act(given);
        }
        throw Object.assign(new Error(`${fate}: ${name}`), { code: fate });
    }
  }

  async #exchange<Outcome>(name: "get" | "post", act: () => Promise<Outcome>) {
    const fate = this.#step(name, (error) => error.startsWith("ECONNRESET") || error === "timeout");
    switch (fate) {
      case "go on":
        return act();
      case "die before":
      case "die torn":
        return this.#end();
      case "die after":
        await act();
        return this.#end();
      case "ECONNRESET after":
        await act();
        return lost(fate);
      default:
        return lost(fate);
    }
  }

  #isWithin(file: string): boolean {
    const within = this.#fault?.kind === "fail" ? this.#fault.within : undefined;
    return within === undefined || file.startsWith(within);
  }

  #step(
    name: string,
    concerns: (error: string) => boolean,
  ): "go on" | `die ${string}` | FileError | HttpError {
    const fault = this.#fault;
    if (this.#isDead) {
      return "die before";
    }
    this.calls.push(name);
    if (fault === undefined || (fault.kind === "fail" && !concerns(fault.error))) {
      return "go on";
    }
    this.#seen++;
    if (this.#seen === fault.at) {
      this.#hit = `${name}, call ${this.calls.length}`;
    }
    if (fault.kind === "die") {
      return this.#seen === fault.at ? `die ${fault.when}` : "go on";
    }
    const isDue = fault.lasts ? this.#seen >= fault.at : this.#seen === fault.at;
    return isDue ? fault.error : "go on";
  }

  #end(): Promise<never> {
    this.#isDead = true;
    for (const handle of this.#open) {
      void handle.close().catch(() => undefined);
    }
    this.#die();
    return never;
  }
}

/** The file that a call is about comes first. */
function firstOf([first]: unknown[]): string {
  return typeof first === "string" ? first : "";
}

function isHandle(value: unknown): value is { close(): Promise<unknown> } {
  return typeof value === "object" && value !== null && "close" in value;
}

function callName(prefix: string, name: string, [, flags]: unknown[]): string {
  const isWriting = prefix === "" && name === "open" && flags !== "r";
  return isWriting ? "open for writing" : prefix + name;
}

function canFail(name: string, error: string): boolean {
  switch (error) {
    case "ENOSPC":
      return writing.has(name);
    case "EACCES":
    case "EPERM":
      return naming.has(name);
    case "EBUSY":
      return blocking.has(name);
    case "EIO":
      return true;
    default:
      return false;
  }
}

function halved(value: unknown, index: number): unknown {
  const isContent = index > 0 || value instanceof Uint8Array;
  if (typeof value === "string" && (isContent || value.includes("\n"))) {
    return value.slice(0, value.length >> 1);
  }
  return value instanceof Uint8Array ? value.subarray(0, value.length >> 1) : value;
}

function lost(detail: string): {
  readonly kind: "failed";
  readonly failure: HttpFailure;
  readonly detail: string;
} {
  return { kind: "failed", failure: "unknown", detail };
}

/** A disk that knows no hard links, such as FAT. */
export const linkless: Files = {
  ...nodeFiles,
  link: () => Promise.reject(Object.assign(new Error("EPERM: link"), { code: "EPERM" })),
};
