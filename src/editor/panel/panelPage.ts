import * as vscode from "vscode";
import { Endpoint, StateSender, type Unnumbered } from "../../protocol/endpoint.ts";
import { type PanelRequest, parseRequest, refusalOf } from "../../protocol/requests.ts";
import type { Snapshot } from "../../protocol/snapshot.ts";
import { grownRoots } from "./allowedRoots.ts";
import { pageLanguage, panelHtml } from "./html.ts";

/** The tab with the page, as long as it is open. */
export class PanelPage {
  readonly #tab: vscode.WebviewPanel;
  readonly #extension: vscode.Uri;
  readonly #endpoint: Endpoint<Snapshot, PanelRequest>;
  readonly #sender: StateSender<Snapshot>;
  #roots: readonly string[] = [];

  /**
   * @param tab an empty one, new or brought back by VS Code
   * @param refused hears why a message of the page is no request, which is dropped
   */
  constructor(
    tab: vscode.WebviewPanel,
    extension: vscode.Uri,
    folders: readonly vscode.Uri[],
    receive: (request: PanelRequest) => void,
    refused: (reason: string) => void,
  ) {
    this.#tab = tab;
    this.#extension = extension;
    const { webview } = tab;
    this.allow(folders);
    this.#endpoint = new Endpoint<Snapshot, PanelRequest>(
      {
        // A page that is not there reads the newest state when it comes back.
        post: (message) => void webview.postMessage(message),
        listen(listener) {
          const subscription = webview.onDidReceiveMessage(listener);
          return () => subscription.dispose();
        },
      },
      (message) => {
        const request = parseRequest(message);
        if (request === undefined) {
          refused(refusalOf(message));
        }
        return request;
      },
      (request) => {
        if (request.type === "ready") {
          this.#sender.ready();
        }
        receive(request);
      },
    );
    this.#sender = new StateSender((snapshot) => this.#endpoint.send(snapshot));
    tab.iconPath = {
      light: vscode.Uri.joinPath(extension, "dist", "panel-light.svg"),
      dark: vscode.Uri.joinPath(extension, "dist", "panel-dark.svg"),
    };
    webview.html = this.#html();
  }

  get isVisible(): boolean {
    return this.#tab.visible;
  }

  update(snapshot: Unnumbered<Snapshot>): void {
    this.#sender.update(snapshot);
  }

  reveal(): void {
    this.#tab.reveal();
  }

  /** Address for an `<img>`. @param version changes when the file does */
  uri(path: string, version: string): string {
    const address = this.#tab.webview.asWebviewUri(vscode.Uri.file(path));
    return address.with({ query: version }).toString();
  }

  /** Lets the page read pictures from these folders too. VS Code loads the page anew when there are more. */
  allow(folders: readonly vscode.Uri[]): void {
    const wanted = [vscode.Uri.joinPath(this.#extension, "dist"), ...folders];
    const roots = grownRoots(
      this.#roots,
      wanted.map((folder) => folder.toString()),
    );
    if (roots !== this.#roots) {
      this.#roots = roots;
      this.#tab.webview.options = {
        enableScripts: true,
        localResourceRoots: roots.map((root) => vscode.Uri.parse(root, true)),
      };
    }
  }

  dispose(): void {
    this.#endpoint.dispose();
  }

  #html(): string {
    const { webview } = this.#tab;
    const file = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#extension, "dist", name)).toString();
    const nonce = crypto.randomUUID().replaceAll("-", "");
    const addresses = {
      script: file("panel.js"),
      style: file("panel.css"),
      cspSource: webview.cspSource,
    };
    return panelHtml(addresses, nonce, pageLanguage(vscode.l10n.bundle, vscode.env.language));
  }
}
