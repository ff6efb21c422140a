import * as vscode from "vscode";
import type { Provenance } from "../engine/provenance.ts";
import type { PlannedReplacement } from "../engine/replacing.ts";

/** Asks whether a result is to take its source's place, and says all that changes by it. */
export async function confirmReplacement(
  plan: PlannedReplacement,
  provenance: Provenance | undefined,
): Promise<boolean> {
  const replace = "Replace Source";
  const question = `Replace ${plan.source.name} with ${plan.result.name}?`;
  const modal = { modal: true, detail: replacementDetail(plan, provenance) };
  return (await vscode.window.showWarningMessage(question, modal, replace)) === replace;
}

/** The sentences below the question. */
export function replacementDetail(
  { source, result, old, new: made, convertedFrom }: PlannedReplacement,
  provenance: Provenance | undefined,
): string {
  const size = ({ width, height }: { readonly width: number; readonly height: number }) =>
    `${width} × ${height}`;
  const losesAlpha = old.facts.hasAlpha && !made.facts.hasAlpha;
  const sentences = [
    changedText(source.name, result.name, old.sha256, provenance),
    size(old.facts) === size(made.facts)
      ? undefined
      : `Its size changes from ${size(old.facts)} to ${size(made.facts)} pixels.`,
    losesAlpha ? "Its transparency is lost." : undefined,
    convertedFrom === null
      ? undefined
      : `The result is converted from ${convertedFrom.toUpperCase()} to ${old.facts.format.toUpperCase()}.`,
    "The old bytes are kept in the bin; Undo Replace Source brings them back.",
  ];
  return sentences.filter((sentence) => sentence !== undefined).join("\n");
}

function changedText(
  source: string,
  result: string,
  oldSha256: string,
  provenance: Provenance | undefined,
): string | undefined {
  if (provenance === undefined || provenance.source.hash === oldSha256) {
    return undefined;
  }
  const named = provenance.source.path.split("/").at(-1);
  return named === source
    ? `${source} has changed since ${result} was made from it.`
    : `${result} was not made from ${source}.`;
}
