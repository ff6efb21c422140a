import * as vscode from "vscode";
import { asFailure, RemixFailure } from "../engine/failure.ts";
import { officialEndpoint } from "../recipe/settings.ts";
import { serviceSettings } from "./settings.ts";

/** Asks the service about a key. @returns the account's balance in words, or why there is none */
export type TestKey = (endpoint: string, key: string) => Promise<string | RemixFailure>;

/** What a key is stored under: it goes to the address it was typed in for, and to no other. */
function secretName(endpoint: string): string {
  return `runware.apiKey ${new URL(endpoint).origin}`;
}

/** The key for an endpoint: the stored one, else that of the environment, which only the real service may see. */
export async function apiKey(secrets: vscode.SecretStorage, endpoint: string): Promise<string | undefined> {
  const stored = await secrets.get(secretName(endpoint));
  if (stored !== undefined) {
    return stored;
  }
  const { origin, hostname } = new URL(endpoint);
  const isLoopback = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  const isKnown = origin === new URL(officialEndpoint).origin || isLoopback;
  return isKnown ? process.env["RUNWARE_API_KEY"]?.trim() || undefined : undefined;
}

const storeAnyway = "Store Without Testing";

/** The command `imageRemix.setApiKey`: a key is tested against the service before it is stored. */
export async function setApiKey(secrets: vscode.SecretStorage, test: TestKey): Promise<void> {
  try {
    if (!vscode.workspace.isTrusted) {
      throw new RemixFailure(
        "untrusted",
        "In a workspace that is not trusted nothing is sent, a key neither.",
      );
    }
    const { endpoint } = serviceSettings();
    const { host } = new URL(endpoint);
    const typed = await vscode.window.showInputBox({
      title: "Set Runware API Key",
      prompt: `Key for ${host}, kept in the editor's secret storage`,
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (/^\S+$/.test(text.trim()) ? undefined : "A key has no spaces in it."),
    });
    const key = typed?.trim();
    if (!key) {
      return;
    }
    const answer = await test(endpoint, key);
    if (typeof answer !== "string") {
      const choice = await vscode.window.showWarningMessage(
        `The key was not stored. ${answer.message}`,
        storeAnyway,
      );
      if (choice !== storeAnyway) {
        return;
      }
    }
    await secrets.store(secretName(endpoint), key);
    const tested = typeof answer === "string" ? ` ${answer}` : " It was not tested.";
    void vscode.window.showInformationMessage(`The key for ${host} is stored.${tested}`);
  } catch (error) {
    void vscode.window.showErrorMessage(asFailure(error).message);
  }
}

/** The command `imageRemix.clearApiKey`. */
export async function clearApiKey(secrets: vscode.SecretStorage): Promise<void> {
  try {
    const { endpoint } = serviceSettings();
    await secrets.delete(secretName(endpoint));
    const other = await apiKey(secrets, endpoint);
    const rest = other === undefined ? "" : " RUNWARE_API_KEY in the environment is still used.";
    void vscode.window.showInformationMessage(`The key for ${new URL(endpoint).host} is removed.${rest}`);
  } catch (error) {
    void vscode.window.showErrorMessage(asFailure(error).message);
  }
}
