import * as vscode from "vscode";
import { asFailure, RemixFailure } from "../engine/failure.ts";
import { type Ancestor, findSource, isThere, type PictureReader } from "../engine/lineage.ts";
import type { ProviderId } from "../engine/ports.ts";
import { type ResolvedRecipe, resolveRecipe } from "../engine/resolve.ts";
import { sameRecipe } from "../engine/sameRecipe.ts";
import type { CallOptions } from "./callOptions.ts";
import { confirmPrice, pricesFrom } from "./confirmPrice.ts";
import { type Call, type RemixParts, type RemixReport, remixImage } from "./remixImage.ts";
import { reportFailures, type Told } from "./report.ts";
import { outputSettings } from "./settings.ts";
import { provenanceOf } from "./showRecipe.ts";

/** Sources of which the same is to be made. */
interface Again {
  readonly provider: ProviderId;
  readonly recipe: Readonly<Record<string, unknown>>;
  /** The same, checked. */
  readonly resolved: ResolvedRecipe;
  readonly sources: vscode.Uri[];
  /** The pictures that name these sources, in the same order. */
  readonly pictures: vscode.Uri[];
}

/**
 * The command `imageRemix.remixAgain`: makes new variations of the pictures' sources, each with the recipe of its
 * picture and by whom that was drawn, unless the call says otherwise.
 */
export async function remixAgain(
  parts: RemixParts,
  reader: PictureReader,
  { uris, options }: Call,
): Promise<RemixReport> {
  const groups = new Map<string, Again>();
  const failed: RemixReport["failed"][number][] = [];
  const failures: Told[] = [];
  const fail = (picture: vscode.Uri, failure: RemixFailure) => {
    failures.push({ source: { name: vscode.workspace.asRelativePath(picture) }, failure });
    failed.push({ source: picture, code: failure.code, message: failure.message });
    parts.log.error(`${picture.toString(true)}: ${failure.code}: ${failure.message}`);
  };
  for (const picture of uris) {
    try {
      const { source, hasChanged, provider, recipe, resolved } = await prepare(picture, reader, options);
      if (hasChanged) {
        tellChanged(parts, source, options.confirm !== false);
      }
      const key = JSON.stringify([provider, recipe]);
      const group = groups.get(key) ?? { provider, recipe, resolved, sources: [], pictures: [] };
      group.sources.push(source);
      group.pictures.push(picture);
      groups.set(key, group);
    } catch (error) {
      fail(picture, asFailure(error));
    }
  }
  const reports: RemixReport[] = [];
  for (const { sources, provider, recipe } of await confirmed(parts, groups, options, fail)) {
    // An empty name: the default preset of today is no part of the recipe.
    const again = { preset: "", ...options, provider, recipe };
    // The same again is of the same source, whatever that is itself.
    reports.push(await remixImage(parts, { uris: sources, options: again }, false));
  }
  if (options.confirm !== false) {
    const unexpected = failures.filter(({ failure }) => failure.code !== "cancelled");
    reportFailures(unexpected, uris.length, () => parts.log.show());
  }
  return {
    saved: reports.flatMap(({ saved }) => saved),
    failed: [...failed, ...reports.flatMap((report) => report.failed)],
    cost: reports.reduce((sum, { cost }) => sum + cost, 0),
  };
}

/** Asks once for the price of all: each recipe is a run of its own, which may cost little by itself. */
async function confirmed(
  parts: RemixParts,
  groups: ReadonlyMap<string, Again>,
  { confirm }: CallOptions,
  fail: (picture: vscode.Uri, failure: RemixFailure) => void,
): Promise<readonly Again[]> {
  const all = [...groups.values()];
  try {
    const paid = all.filter(({ provider }) => provider === "runware");
    const provider = paid.length > 1 ? await parts.provider("runware") : undefined;
    if (provider !== undefined) {
      const requests = paid.flatMap(({ sources, resolved }) =>
        sources.map((uri) => ({
          source: parts.toSource(uri.fsPath),
          recipe: resolved,
          output: outputSettings(vscode.workspace.getWorkspaceFolder(uri)),
        })),
      );
      await confirmPrice(requests, pricesFrom(await parts.ledger.charges()), {
        mayAsk: confirm !== false,
        committed: parts.jobs.committed,
      });
    }
    return all;
  } catch (error) {
    for (const picture of all.flatMap(({ pictures }) => pictures)) {
      fail(picture, asFailure(error));
    }
    return [];
  }
}

async function prepare(picture: vscode.Uri, reader: PictureReader, options: CallOptions) {
  const provenance = await provenanceOf(picture, reader);
  const name = vscode.workspace.asRelativePath(picture);
  const recipe = { ...sameRecipe(provenance, name), ...options.recipe };
  const resolved = resolveRecipe([], { recipe });
  const found = await findSource(picture.fsPath, provenance, reader);
  if (found.path === undefined || !isThere(found)) {
    throw new RemixFailure("sourceGone", `${name} was made from ${found.relative}, ${whatToDo(found)}`);
  }
  return {
    source: vscode.Uri.file(found.path),
    provider: options.provider ?? provenance.provider,
    recipe,
    resolved,
    hasChanged: found.state === "changed",
  };
}

function whatToDo({ state }: Ancestor): string {
  switch (state) {
    case "outside":
      return "which lies outside this workspace. Open its folder too, then try again.";
    case "unreadable":
      return "which cannot be read. Restore the file, then try again.";
    default:
      return "which is gone. Restore the file, then try again.";
  }
}

function tellChanged({ log }: RemixParts, source: vscode.Uri, mayShow: boolean): void {
  const name = vscode.workspace.asRelativePath(source);
  const text = `${name} has changed since: the new variation is made from what it is now.`;
  log.info(text);
  if (mayShow) {
    void vscode.window.showInformationMessage(text);
  }
}
