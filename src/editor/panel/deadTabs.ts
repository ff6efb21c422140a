import * as vscode from "vscode";
import { panelViewType } from "./viewType.ts";

/** Milliseconds within which VS Code brings back the tab of an earlier window, once it is looked at. */
const patience = 3000;

/** The panel's tabs. VS Code puts a prefix of its own before the type. */
export function panelTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelViewType));
}

/**
 * Finds a tab of the panel that nobody fills: when the extension host dies, its tabs stay on the screen, reach nobody,
 * and are not brought back like those of a window that was closed. Nothing tells them apart but that.
 *
 * @param isFilled whether there is a panel, or VS Code is bringing one back
 * @param revive puts a panel that lives in its place
 */
export function watchDeadTabs(
  isFilled: () => boolean,
  revive: (dead: vscode.Tab) => void,
): vscode.Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const shown = () => (isFilled() ? undefined : panelTabs().find(({ isActive }) => isActive));
  const look = () => {
    if (timer === undefined && shown() !== undefined) {
      timer = setTimeout(() => {
        timer = undefined;
        const dead = shown();
        if (dead !== undefined) {
          revive(dead);
        }
      }, patience);
    }
  };
  look();
  const watch = vscode.window.tabGroups.onDidChangeTabs(look);
  return vscode.Disposable.from(watch, { dispose: () => clearTimeout(timer) });
}
