import * as vscode from "vscode";
import { looksLikeResult, sourceExtensions } from "../../engine/names.ts";
import type { PanelRequest } from "../../protocol/requests.ts";
import { isParameterId } from "../../recipe/parameters.ts";
import { saveDraftAsPreset } from "../saveAsPreset.ts";
import {
  clearedNotice,
  withClearedSources,
  withEntries,
  withoutSource,
  withoutSources,
  withoutValue,
  withValue,
} from "./draft.ts";
import type { RemixPanel } from "./remixPanel.ts";
import { handleResult } from "./resultHandlers.ts";
import { openOrigin, saveDraft } from "./workspaceValues.ts";

/** Does what the page asks for. Ids that mean nothing, or no longer, are passed over. */
export async function handleRequest(panel: RemixPanel, request: PanelRequest): Promise<void> {
  const { draft, services } = panel;
  switch (request.type) {
    case "ready":
      // What it gets at once may be old; this one has the right time.
      return panel.push();
    case "view":
      return panel.change({ ...draft, view: request.view });
    case "edit":
      return isParameterId(request.id)
        ? panel.change(withValue(draft, request.id, request.value), request.edit)
        : undefined;
    case "reset":
      return panel.change(withoutValue(draft, request.id), request.edit);
    case "preset":
      return panel.change({ ...draft, preset: request.name }, request.edit);
    case "addImages":
      return panel.take(await pickImages());
    case "addAny":
      return panel.take(await anyPicture());
    case "drop":
      return panel.take(request.addresses.flatMap(droppedFile));
    case "removeSource": {
      const path = panel.pathOf(request.id);
      return path === undefined ? undefined : panel.change(withoutSource(draft, path));
    }
    case "clearSources":
      return panel.change(withoutSources(draft));
    case "remix":
      return remix(panel);
    case "act":
      return act(panel, request.subject, request.action);
    case "saveAsPreset": {
      const { preset, recipe } = panel.order();
      return saveDraftAsPreset({ preset, recipe });
    }
    case "saveToWorkspace":
      return saveDraft(panel);
    case "pickImages":
      return pickReferences(panel, request.id);
    case "openOrigin":
      return isParameterId(request.id) ? openOrigin(panel, request.id) : undefined;
    case "openSettings":
      return run("workbench.action.openSettings", "@ext:image-remix.image-remix");
    case "setApiKey":
      return run("imageRemix.setApiKey");
    case "cancelNotSent":
      return services.cancelNotSent();
    case "stopWaiting":
      return services.stopWaiting();
    case "undo":
      return services.undo();
    case "openRun":
      return services.openRun();
    case "result":
      return handleResult(panel, request.id, request.action);
    case "results":
      await services.decide(request.ids, request.action);
      return panel.focus();
    case "history":
      services.openHistory(request.id);
      return panel.change({ ...panel.draft, view: "results" });
    case "problem":
      return panel.log.error(`The panel's page: ${request.text}`);
  }
}

/** Shows the run, once there is a new one: the user may have said no to its price. */
async function remix(panel: RemixPanel): Promise<void> {
  // The second click of two would order the same once more.
  if (panel.order().sources.length === 0 || panel.services.isStarting) {
    return;
  }
  const before = panel.services.state().run?.id;
  await panel.services.remix(panel.order());
  const after = panel.services.state().run?.id;
  if (after !== undefined && after !== before) {
    panel.change({ ...panel.draft, view: "results" });
  }
}

/** What the panel itself can do of what is offered beside a task; the rest is the services'. */
async function act(panel: RemixPanel, subject: string | null, action: string): Promise<void> {
  if (action === "editPrompt") {
    return panel.change({ ...panel.draft, view: "compose" });
  }
  if (action === "log") {
    return panel.log.show();
  }
  if (subject === clearedNotice) {
    const { draft } = panel;
    return panel.change(action === "putBack" ? withClearedSources(draft) : { ...draft, cleared: [] });
  }
  return panel.services.act(subject, action, panel.order());
}

async function run(command: string, ...args: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(command, ...args);
}

async function pickImages(title = "Add Images to the Remix Panel"): Promise<readonly vscode.Uri[]> {
  const start = vscode.workspace.workspaceFolders?.[0]?.uri;
  const picked = await vscode.window.showOpenDialog({
    title,
    openLabel: "Add",
    canSelectMany: true,
    filters: { Pictures: [...sourceExtensions] },
    ...(start === undefined ? {} : { defaultUri: start }),
  });
  return picked ?? [];
}

/** Style references are written relative to the folder whose settings they may end up in. */
async function pickReferences(panel: RemixPanel, id: string): Promise<void> {
  const picked = await pickImages("Add Style References");
  if (picked.length === 0 || !isParameterId(id)) {
    return;
  }
  const severalFolders = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const names = picked.map((uri) => vscode.workspace.asRelativePath(uri, severalFolders));
  panel.change(withEntries(panel.draft, id, names, panel.layers()));
}

/** A picture of the workspace to try with: of those that are no results, the one that is quickest to find again. */
async function anyPicture(): Promise<readonly vscode.Uri[]> {
  const found = await vscode.workspace.findFiles("**/*.{png,jpg,jpeg,webp}", "**/node_modules/**", 200);
  const [first] = found
    .filter(({ path }) => !looksLikeResult(path.replace(/\.[^.]*$/, "")))
    .toSorted((a, b) => a.path.length - b.path.length);
  if (first === undefined) {
    void vscode.window.showInformationMessage(
      "There is no picture in this workspace. Add one from elsewhere.",
    );
  }
  return first === undefined ? [] : [first];
}

/** Files only: everything else that can be dropped is passed over. */
function droppedFile(address: string): readonly vscode.Uri[] {
  try {
    const uri = vscode.Uri.parse(address, true);
    // In a remote window the Explorer drops the window's own kind of address.
    return uri.scheme === "file" || uri.scheme === "vscode-remote" ? [vscode.Uri.file(uri.path)] : [];
  } catch {
    return [];
  }
}
