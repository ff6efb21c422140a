import * as vscode from "vscode";
import type { Failed, Outcome } from "../engine/job.ts";
import type { SourceFile } from "../engine/ports.ts";
import { InvalidRecipe, type Origin } from "../engine/resolve.ts";
import { keptNote } from "../engine/saving.ts";

/** A new picture and the one it was made from. */
export interface Pair {
  readonly source: vscode.Uri;
  readonly output: vscode.Uri;
  /** Whether the service's check found it unsafe. */
  readonly flagged?: boolean;
  /** What is not as it was asked for; absent where all is. */
  readonly remarks?: readonly string[];
}

/** Something that a button of a notification does. */
export interface Action {
  readonly title: string;
  readonly run: () => Thenable<unknown> | undefined;
}

/** A failure as far as it is told. */
export type Told = Pick<Failed, "failure" | "keptAs"> & { readonly source: Pick<SourceFile, "name"> };

/**
 * How much one notification spells out, in messages and, from the second on, in characters: the log has it all, and
 * VS Code hides the notifications that find no room beside a long one.
 */
const mostShown = { messages: 3, characters: 200 };

/** Says what was saved, and offers to look at it. Returns at once: a notification may stay open for ever. */
export function reportSaved(pairs: readonly Pair[], note: string): void {
  const [first] = pairs;
  if (first === undefined) {
    return;
  }
  const text =
    pairs.length === 1
      ? `Remixed ${nameOf(first.source)} → ${nameOf(first.output)}`
      : `Saved ${pairs.length} results beside their sources`;
  const flagged = pairs.filter((pair) => pair.flagged === true).length;
  const warning = flagged === 0 ? "" : ` · ${flagged} flagged as unsafe by the content check`;
  const remarks = pairs.flatMap((pair) => pair.remarks ?? []);
  const show = remarks.length === 0 ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  void offer(show, `${text} · ${note}${warning}${remarkText(remarks)}`, [
    { title: "Open", run: () => pick(pairs, open) },
    { title: "Compare", run: () => pick(pairs, compare) },
    { title: "Reveal", run: () => pick(pairs, reveal) },
  ]);
}

/** One is spelled out; of more there is a line each in the log. */
function remarkText(remarks: readonly string[]): string {
  const [first, ...others] = remarks;
  return first === undefined
    ? ""
    : `. ${first}${others.length === 0 ? "" : ` And ${others.length} more, see the log.`}`;
}

/**
 * Says which pictures failed and why, with the button that helps. Returns at once.
 *
 * @param total number of pictures that were to be remixed
 * @param offers buttons that stand first: what tries once more, or brings to safety, where that makes sense
 */
export function reportFailures(
  failed: readonly Told[],
  total: number,
  showLog: () => void,
  offers: readonly Action[] = [],
): void {
  const kept = failed.filter(({ keptAs }) => keptAs !== undefined).length;
  const messages = [...new Set(failed.map(shortMessage))];
  if (messages.length === 0) {
    return;
  }
  const shown = messages.filter((_, index) => {
    const { length } = messages.slice(0, index + 1).join(" ");
    return index === 0 || (index < mostShown.messages && length <= mostShown.characters);
  });
  const rest = messages.length - shown.length;
  const what = kept === failed.length ? "saved" : "remixed";
  const head = total > 1 ? [`${failed.length} of ${total} could not be ${what}.`] : [];
  const more = rest > 0 ? [`And ${rest} more, see the log.`] : [];
  const tail = kept > 0 ? [...more, `${keptPictures(kept)} kept in the extension's storage.`] : more;
  const text = [...head, ...shown, ...tail].join(" ");
  void offer(vscode.window.showWarningMessage, text, [
    ...offers,
    ...helpFor(failed),
    ...copyDetails(failed),
    { title: "Show Log", run: async () => showLog() },
  ]);
}

/** Of many pictures that one folder would not take, the folder is named once; the log says where each is. */
function shortMessage({ failure: { message }, keptAs }: Told): string {
  return keptAs === undefined ? message : message.replace(keptNote(keptAs), "");
}

/** Finished pictures in storage, as the beginning of a sentence about them. */
export function keptPictures(count: number): string {
  return count === 1 ? "1 finished picture is" : `${count} finished pictures are`;
}

/** Writes to the log how a run ended. */
export function logOutcome(log: vscode.LogOutputChannel, { saved, failed }: Outcome): void {
  for (const { source, output, provider, flagged } of saved) {
    log.info(`${source.path} → ${output} (${provider}${flagged ? ", flagged as unsafe" : ""})`);
  }
  for (const { source, failure } of failed) {
    log.error(`${source.path}: ${failure.code}: ${failure.message}`);
    if (failure.details !== undefined) {
      log.info(`The service said: ${failure.details}`);
    }
    if (failure.cause instanceof Error) {
      log.debug(failure.cause.stack ?? failure.cause.message);
    }
  }
}

/** Puts what the service said, without secrets and image data, where a report of a fault can be made of it. */
function copyDetails(failed: readonly Told[]): readonly Action[] {
  const details = failed.flatMap(({ source, failure: { code, message, details } }) =>
    details === undefined ? [] : [`${source.name}: ${code}: ${message}\n${details}`],
  );
  const text = details.join("\n\n");
  return text === "" ? [] : [{ title: "Copy Details", run: () => vscode.env.clipboard.writeText(text) }];
}

function helpFor(failed: readonly Told[]): readonly Action[] {
  const failures = failed.map(({ failure }) => failure);
  const invalid = failures.find((failure) => failure instanceof InvalidRecipe);
  if (invalid !== undefined && invalid.setting !== null) {
    const { setting, origin, folder } = invalid;
    return [{ title: "Open Setting", run: () => openSetting(setting, origin, folder) }];
  }
  if (failures.some(({ code }) => code === "authentication")) {
    return [
      {
        title: "Set API Key",
        run: () => vscode.commands.executeCommand("imageRemix.setApiKey"),
      },
    ];
  }
  if (failures.some(({ code }) => code === "modelGone")) {
    return [
      { title: "Choose Another Model", run: () => openSetting("imageRemix.runware.model", "user", null) },
    ];
  }
  if (failures.some(({ code }) => code === "untrusted")) {
    return [
      {
        title: "Manage Workspace Trust",
        run: () => vscode.commands.executeCommand("workbench.trust.manage"),
      },
    ];
  }
  return [];
}

type Show = (message: string, ...items: string[]) => Thenable<string | undefined>;

async function offer(show: Show, text: string, actions: readonly Action[]): Promise<void> {
  const chosen = await show(text, ...actions.map(({ title }) => title));
  await actions.find(({ title }) => title === chosen)?.run();
}

/** Opens the settings file of a layer at a setting. */
function openSetting(key: string, origin: Origin, folder: string | null): Thenable<unknown> {
  if (folder !== null) {
    return openFolderSetting(key, folder);
  }
  const isWorkspace = origin === "workspace";
  const command = isWorkspace
    ? "workbench.action.openWorkspaceSettingsFile"
    : "workbench.action.openSettingsJson";
  return vscode.commands.executeCommand(command, { revealSetting: { key } });
}

/** VS Code's own command for this asks which folder is meant. */
async function openFolderSetting(key: string, folder: string): Promise<void> {
  const file = vscode.Uri.joinPath(vscode.Uri.file(folder), ".vscode", "settings.json");
  const document = await vscode.workspace.openTextDocument(file);
  const position = document.positionAt(Math.max(0, document.getText().indexOf(JSON.stringify(key))));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(position, position) });
}

async function pick<Made extends Pick<Pair, "output">>(
  pairs: readonly Made[],
  then: (pair: Made) => Thenable<unknown>,
): Promise<void> {
  const items = pairs.map((pair) => ({
    label: nameOf(pair.output),
    description: vscode.workspace.asRelativePath(pair.output),
    pair,
  }));
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items);
  if (chosen !== undefined) {
    await then(chosen.pair);
  }
}

function open({ output }: Pair): Thenable<unknown> {
  return vscode.commands.executeCommand("vscode.open", output);
}

function compare({ source, output }: Pair): Thenable<unknown> {
  return vscode.commands.executeCommand(
    "vscode.diff",
    source,
    output,
    `${nameOf(source)} ↔ ${nameOf(output)}`,
  );
}

function reveal({ output }: Pick<Pair, "output">): Thenable<unknown> {
  // The Explorer shows only what lies in the workspace.
  const inside = vscode.workspace.getWorkspaceFolder(output) !== undefined;
  return vscode.commands.executeCommand(inside ? "revealInExplorer" : "revealFileInOS", output);
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}
