import * as vscode from "vscode";
import { asFailure, RemixFailure } from "../engine/failure.ts";
import type { Failed } from "../engine/job.ts";
import { type Ancestor, findSource, isThere, type PictureReader } from "../engine/lineage.ts";
import type { ProviderId, SourceFile } from "../engine/ports.ts";
import { sameRecipe } from "../engine/sameRecipe.ts";
import type { Request } from "../engine/task.ts";
import type { CallOptions } from "./callOptions.ts";
import {
  type Call,
  chooseProvider,
  finish,
  type RemixParts,
  type RemixReport,
  remixRequests,
} from "./remixImage.ts";
import { reportFailures, type Told } from "./report.ts";
import { requestsFor } from "./requests.ts";
import { provenanceOf } from "./showRecipe.ts";

/** Sources of which the same is to be made. */
interface Again {
  readonly provider: ProviderId;
  readonly recipe: Readonly<Record<string, unknown>>;
  /** By their paths: of two pictures of one source by one recipe the same is made once. */
  readonly sources: Map<string, SourceFile>;
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
  const called = new Date();
  const groups = new Map<string, Again>();
  const failed: RemixReport["failed"][number][] = [];
  const failures: Told[] = [];
  for (const picture of uris) {
    try {
      const { source, hasChanged, provider, recipe } = await prepare(picture, reader, options);
      if (hasChanged) {
        tellChanged(parts, source, options.confirm !== false);
      }
      const key = JSON.stringify([provider, recipe]);
      const group = groups.get(key) ?? { provider, recipe, sources: new Map() };
      group.sources.set(source.fsPath, parts.toSource(source.fsPath));
      groups.set(key, group);
    } catch (error) {
      const failure = asFailure(error);
      failures.push({ source: { name: vscode.workspace.asRelativePath(picture) }, failure });
      failed.push({ source: picture, code: failure.code, message: failure.message });
      parts.log.error(`${picture.toString(true)}: ${failure.code}: ${failure.message}`);
    }
  }
  const reports: RemixReport[] = [];
  for (const provider of new Set([...groups.values()].map((group) => group.provider))) {
    const mine = [...groups.values()].filter((group) => group.provider === provider);
    reports.push(await runAll(parts, mine, { ...options, provider }, called));
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

/** All recipes of one provider are one run: one question about their price, one progress, one summary. */
async function runAll(
  parts: RemixParts,
  groups: readonly Again[],
  options: CallOptions,
  called: Date,
): Promise<RemixReport> {
  const failed: Failed[] = [];
  const requests: Request[] = [];
  try {
    if (!vscode.workspace.isTrusted) {
      throw new RemixFailure("untrusted", "Pictures are remixed in trusted workspaces only.");
    }
    const provider = await chooseProvider(parts, options);
    for (const { recipe, sources } of groups) {
      // An empty name: the default preset of today is no part of the recipe.
      const again = { preset: "", ...options, recipe };
      const prepared = await requestsFor(parts, [...sources.values()], again);
      requests.push(...prepared.requests);
      failed.push(...prepared.failed);
    }
    const outcome = await remixRequests(parts, provider, requests, options, { asOf: () => called });
    return finish(parts, options, { saved: outcome.saved, failed: [...failed, ...outcome.failed] });
  } catch (error) {
    const failure = asFailure(error);
    const sources = groups.flatMap((group) => [...group.sources.values()]);
    return finish(parts, options, { saved: [], failed: sources.map((source) => ({ source, failure })) });
  }
}

async function prepare(picture: vscode.Uri, reader: PictureReader, options: CallOptions) {
  const provenance = await provenanceOf(picture, reader);
  const name = vscode.workspace.asRelativePath(picture);
  const recipe = { ...sameRecipe(provenance, name), ...options.recipe };
  const found = await findSource(picture.fsPath, provenance, reader);
  if (found.path === undefined || !isThere(found)) {
    throw new RemixFailure("sourceGone", `${name} was made from ${found.relative}, ${whatToDo(found)}`);
  }
  return {
    source: vscode.Uri.file(found.path),
    provider: options.provider ?? provenance.provider,
    recipe,
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
