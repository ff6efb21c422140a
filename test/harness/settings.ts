/** Settings files for VS Code; with those of the tests it stays quiet and looks the same every time. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readJson } from "./commands.ts";

export type Settings = Readonly<Record<string, unknown>>;

const quiet: Settings = {
  "chat.disableAIFeatures": true,
  "editor.cursorBlinking": "solid",
  "explorer.confirmDelete": false,
  "explorer.confirmDragAndDrop": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.simpleDialog.enable": true,
  "json.schemaDownload.enable": false,
  "npm.autoDetect": "off",
  "remote.autoForwardPorts": false,
  "remote.restoreForwardedPorts": false,
  "security.workspace.trust.enabled": false,
  "task.autoDetect": "off",
  "telemetry.telemetryLevel": "off",
  "terminal.integrated.enablePersistentSessions": false,
  "typescript.disableAutomaticTypeAcquisition": true,
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "window.autoDetectColorScheme": false,
  "window.autoDetectHighContrast": false,
  "window.confirmBeforeClose": "never",
  "workbench.colorTheme": "Dark Modern",
  "workbench.enableExperiments": false,
  // A hover over the status bar would swallow the next click.
  "workbench.hover.delay": 60_000,
  "workbench.layoutControl.enabled": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Settings of machine scope count only in the machine's own file when the window is a remote one. */
const quietMachine: Settings = { "workbench.welcomePage.walkthroughs.openOnInstall": false };

/** A window that asks for trust, but without the dialog and the banner that would cover what is tested. */
const askForTrust: Settings = {
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "security.workspace.trust.emptyWindow": false,
};

/** For people who try the extension: nothing but what would stand in its way. */
const startSettings: Settings = {
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
};

export interface SettingsOptions {
  readonly settings?: Settings | undefined;
  readonly trusted?: boolean | undefined;
}

/** Call before VS Code starts. What an earlier session of the same folder changed stays as it is. */
export function writeSettings(
  userDataDir: string,
  { settings = {}, trusted = true }: SettingsOptions = {},
): void {
  const trust = trusted ? {} : askForTrust;
  write(path.join(userDataDir, "User"), { ...quiet, ...trust }, settings);
  write(path.join(userDataDir, "Machine"), quietMachine, {});
}

export function writeStartSettings(userDataDir: string): void {
  write(path.join(userDataDir, "User"), startSettings, {});
  write(path.join(userDataDir, "Machine"), quietMachine, {});
}

function write(folder: string, base: Settings, settings: Settings): void {
  const file = path.join(folder, "settings.json");
  const earlier = existsSync(file) ? readJson<Settings>(file) : {};
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...base, ...earlier, ...settings }, null, 2));
}
