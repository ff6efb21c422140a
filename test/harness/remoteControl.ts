/** The tests' end of the remote control. */
import { randomUUID } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundleForHost } from "./bundle.ts";
import { readJson } from "./commands.ts";
import { prepareFolder } from "./extensions.ts";

export interface ControlAddress {
  readonly port: number;
  readonly key: string;
  readonly process: number;
}

export interface ControlRequest {
  readonly code: string;
  readonly argument: unknown;
}

export interface ControlReply {
  readonly value?: unknown;
  readonly error?: string;
}

/** Runs in the extension host: sees nothing of the test but its argument, which travels as JSON. */
export type HostCode<Argument, Result> = (
  vscode: typeof import("vscode"),
  argument: Argument,
) => Result | PromiseLike<Result>;

/** A command of the helper extension: once the window offers it, it offers those of all extensions. */
export const readyTitle = "Tests: The Window Is Ready";

export class RemoteControl {
  /** The environment variable's value that wakes the helper extension. */
  readonly file: string;

  constructor(userDataDir: string, extensionsDir: string, trusted: boolean) {
    // Windows that share a folder for their data are asked one by one.
    this.file = path.join(userDataDir, `remote-control-${randomUUID()}.json`);
    this.forgetHost();
    const identity = { publisher: "image-remix-tests", name: "remote-control", version: "0.0.0" };
    const folder = prepareFolder(extensionsDir, identity);
    const command = "imageRemixTests.ready";
    const manifest = {
      ...identity,
      engines: { vscode: "^1.90.0" },
      main: "./remoteControlHost.cjs",
      extensionKind: ["workspace"],
      activationEvents: ["*"],
      contributes: {
        commands: [{ command, title: readyTitle }],
        // The window learns only seconds after it was drawn that it may trust its folder.
        menus: {
          commandPalette: [{ command, when: trusted ? "isWorkspaceTrusted" : "!isWorkspaceTrusted" }],
        },
      },
      capabilities: { untrustedWorkspaces: { supported: true } },
    };
    writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
    bundleForHost([path.join(import.meta.dirname, "remoteControlHost.ts")], folder);
  }

  /** From now on only a new extension host will do. */
  forgetHost(): void {
    rmSync(this.file, { force: true });
  }

  /** Waits for an extension host that answers: there is none while VS Code starts or restarts it. */
  async run(code: string, argument: unknown, timeoutMs = 30_000): Promise<unknown> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const reply = await this.ask({ code, argument });
      if (reply?.error !== undefined) {
        throw new Error(`in the extension host: ${reply.error}`);
      }
      if (reply !== undefined) {
        return reply.value;
      }
      if (Date.now() > end) {
        throw new Error(`The extension host did not answer within ${timeoutMs} ms`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async ask(request: ControlRequest): Promise<ControlReply | undefined> {
    if (!existsSync(this.file)) {
      return undefined;
    }
    const { port, key } = readJson<ControlAddress>(this.file);
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: { "x-key": key },
      body: JSON.stringify(request),
    }).catch(() => undefined);
    return response?.ok ? ((await response.json()) as ControlReply) : undefined;
  }
}
