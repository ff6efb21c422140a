import * as vscode from "vscode";
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

/** All charges as CSV (RFC 4180), amounts in USD. */
export function csvOf(charges: readonly Charge[]): string {
  const rows = charges.map((charge) => columns.map((column) => cell(charge[column])));
  return [columns.map(cell), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

function cell(value: string | number | null): string {
  const text = String(value ?? "");
  // Spreadsheets take a cell that starts like this for a formula.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
