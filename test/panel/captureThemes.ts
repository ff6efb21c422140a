/**
 * Writes what VS Code gives a webview in each of its four default themes: its variables, its own style sheet and the
 * classes of its body. Run it again, after `npm run build`, when VS Code's look has changed:
 *
 *   node test/panel/captureThemes.ts
 */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { reportFailure } from "../harness/commands.ts";
import { temporaryFolder } from "../harness/paths.ts";
import { openSession, type Session } from "../harness/session.ts";
import { type Theme, themeFile, themeIds, themeNames } from "./themes.ts";

async function capture(session: Session, id: string): Promise<Theme> {
  await session.ext(async (vscode, theme) => {
    await vscode.workspace
      .getConfiguration("workbench")
      .update("colorTheme", theme, vscode.ConfigurationTarget.Global);
  }, id);
  const frame = await session.webviewFrame();
  await frame.waitForFunction(`document.body.dataset.vscodeThemeId === ${JSON.stringify(id)}`);
  return frame.evaluate<Theme>(`({
    variables: document.documentElement.style.cssText,
    defaults: document.getElementById("_defaultStyles").textContent,
    bodyClass: document.body.className,
    data: { ...document.body.dataset },
  })`);
}

async function captureAll(): Promise<void> {
  const folder = temporaryFolder("themes");
  const session = await openSession({ folder });
  try {
    await session.ext(async (vscode) => {
      const panel = vscode.window.createWebviewPanel("themes", "Themes", vscode.ViewColumn.One, {});
      panel.webview.html = "<!DOCTYPE html><html><body>Themes</body></html>";
    });
    for (const name of themeNames) {
      const theme = await capture(session, themeIds[name]);
      writeFileSync(path.join(import.meta.dirname, themeFile(name)), `${JSON.stringify(theme, null, 2)}\n`);
    }
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await captureAll();
} catch (error) {
  reportFailure(error);
}
