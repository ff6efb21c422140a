import * as vscode from "vscode";
import { type Charge, type Ledger, spendingOf } from "../engine/ledger.ts";

const exportCsv = "Export CSV…";
const openSettings = "Open Budget Settings";

/** The command `imageRemix.showSpending`. */
export async function showSpending(ledger: Ledger): Promise<void> {
  const charges = await ledger.charges();
  const { today, thisMonth } = spendingOf(charges, new Date());
  const text = `Image Remix spent $${today.toFixed(2)} today and $${thisMonth.toFixed(2)} this month on this machine.`;
  const answer = await vscode.window.showInformationMessage(text, exportCsv, openSettings);
  if (answer === exportCsv) {
    await saveCsv(charges);
  } else if (answer === openSettings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "imageRemix.budget");
  }
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
