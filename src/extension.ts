import type { ExtensionContext } from "vscode";
import type { App } from "./app.ts";
import { watchDeadTabs } from "./editor/panel/deadTabs.ts";
import { registerCommands, registerPanel, showActivationError } from "./editor/register.ts";
import { loadApp } from "./load.ts";
import { once } from "./once.ts";
import { hasPendingWork } from "./platform/pendingMarker.ts";

/** Only registers, and looks whether an earlier window left work behind. Everything else loads when first used. */
export async function activate(context: ExtensionContext): Promise<void> {
  try {
    let loaded: App | undefined;
    const load = once(async () => {
      loaded = await loadApp(context);
      return loaded;
    });
    context.subscriptions.push(registerCommands(load), { dispose: () => loaded?.dispose() });
    let isRestoring = false;
    context.subscriptions.push(
      registerPanel(async (tab) => {
        isRestoring = true;
        try {
          await (await load()).restorePanel(tab);
        } finally {
          isRestoring = false;
        }
      }),
      watchDeadTabs(
        () => isRestoring || loaded?.hasPanel() === true,
        async (dead) => (await load()).revivePanel(dead),
      ),
    );
    if (await hasPendingWork(context.globalStorageUri.fsPath)) {
      const app = await load();
      // Commands need not wait for it.
      void app.recover();
    }
  } catch (error) {
    showActivationError(error);
  }
}
