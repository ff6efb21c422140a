import * as vscode from "vscode";
import { asFailure } from "../engine/failure.ts";
import { type FoundPreset, presetsIn } from "../engine/resolve.ts";
import { type Call, type RemixParts, type RemixReport, remixImage } from "./remixImage.ts";
import { reportFailures } from "./report.ts";
import { settingsLayers } from "./settings.ts";

/**
 * The command `imageRemix.remixWithPreset`: lets the user choose presets, then remixes each source with each.
 */
export async function remixWithPreset(parts: RemixParts, { uris, options }: Call): Promise<RemixReport> {
  if (uris.length === 0 || options.preset !== undefined || options.confirm === false) {
    return remixImage(parts, { uris, options });
  }
  try {
    const [first] = uris;
    const folder = first && vscode.workspace.getWorkspaceFolder(first);
    const preset = await pickPresets(presetsIn(settingsLayers(folder)));
    return await remixImage(parts, {
      uris: preset === undefined ? [] : uris,
      options: { ...options, preset },
    });
  } catch (error) {
    const failure = asFailure(error);
    const { code, message } = failure;
    const failed = uris.slice(0, 1).map((uri) => ({ source: parts.toSource(uri.fsPath), failure }));
    reportFailures(failed, 1, () => parts.log.show());
    return { saved: [], failed: uris.map((source) => ({ source, code, message })), cost: 0 };
  }
}

/** @returns the names of one or more presets, or undefined */
async function pickPresets(presets: ReadonlyMap<string, FoundPreset>): Promise<string[] | undefined> {
  const items = [...presets.values()].toReversed().map((preset) => ({
    label: preset.name,
    description: keyValues(preset),
    detail: textOf(preset.written["positivePrompt"]),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: "Remix with Preset",
    placeHolder: "One preset or several: each picture is remixed with each",
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen === undefined || chosen.length === 0 ? undefined : chosen.map(({ label }) => label);
}

const layerNames: Readonly<Record<FoundPreset["layer"], string>> = {
  default: "built in",
  user: "user settings",
  workspace: "workspace settings",
  folder: "folder settings",
  preset: "",
  call: "",
};

function keyValues({ written, layer }: FoundPreset): string {
  const strength = textOf(written["remixStrength"]);
  const parts = [textOf(written["styleType"]), strength && `strength ${strength}`, layerNames[layer]];
  return parts.filter((part) => part !== "").join(" · ");
}

/** A preset is shown as it is written, checked or not: what is wrong with it is said when it is used. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
