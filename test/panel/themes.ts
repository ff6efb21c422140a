/** VS Code's default themes, as a webview sees them. */

import path from "node:path";
import { readJson } from "../harness/commands.ts";

/** VS Code's ids of the four themes. */
export const themeIds = {
  dark: "Dark Modern",
  light: "Light Modern",
  "hc-dark": "Default High Contrast",
  "hc-light": "Default High Contrast Light",
} as const;

export type ThemeName = keyof typeof themeIds;

export const themeNames = Object.keys(themeIds) as readonly ThemeName[];

/** What VS Code gives a webview in one theme; written by `captureThemes.ts`. */
export interface Theme {
  /** The style attribute of the document's root: some hundred `--vscode-…` variables. */
  readonly variables: string;
  /** VS Code's own style sheet for webviews. */
  readonly defaults: string;
  readonly bodyClass: string;
  /** The `data-…` attributes of the body, by their names in `dataset`. */
  readonly data: Readonly<Record<string, string>>;
}

/** Where a theme is kept, below this folder. */
export function themeFile(name: ThemeName): string {
  return `themes/${name}.json`;
}

export function readTheme(name: ThemeName): Theme {
  return readJson<Theme>(path.join(import.meta.dirname, themeFile(name)));
}
