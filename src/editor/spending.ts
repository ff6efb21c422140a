import * as vscode from "vscode";
import { csv } from "../engine/csv.ts";
import type { Charge, Ledger } from "../engine/ledger.ts";
import { spendingDocument } from "../engine/spendingDocument.ts";
import type { ReadOnlyDocuments } from "./readOnlyDocuments.ts";

/** The command `imageRemix.showSpending`. */
export async function showSpending(ledger: Ledger, documents: ReadOnlyDocuments): Promise<vscode.Uri> {
  const charges = await ledger.charges();
  return documents.show("spending", spendingDocument(charges, new Date()), [
    { title: "Export CSV…", press: () => saveCsv(charges) },
    {
      title: "Open Budget Settings",
      press: () => vscode.commands.executeCommand("workbench.action.openSettings", "imageRemix.budget"),
    },
  ]);
}

async function saveCsv(charges: readonly Charge[]): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    title: "Export Spending",
    filters: { CSV: ["csv"] },
  });
  if (target !== undefined) {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(csvOf(charges)));
    await vscode.window.showTextDocument(target);
  }
}

const columns = [
  "time",
  "source",
  "preset",
  "model",
  "renderingSpeed",
  "estimate",
  "cost",
  "taskUUID",
  "imageUUID",
] as const satisfies readonly (keyof Charge)[];

/** All charges as CSV, amounts in USD. */
export function csvOf(charges: readonly Charge[]): string {
  return csv([columns, ...charges.map((charge) => columns.map((column) => charge[column]))]);
}
