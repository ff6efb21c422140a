import * as vscode from "vscode";
import type { ReadOnlyDocuments } from "./readOnlyDocuments.ts";

/** Documents in which something is asked. */
export type AskingDocuments = Pick<ReadOnlyDocuments, "show" | "settle">;

/** A question that takes a whole document to be read. */
export interface LongQuestion<Answer> {
  /** Of the document, as `documentName` makes them. */
  readonly name: string;
  /** Markdown. */
  readonly text: string;
  /** What the notification says that has the same buttons. */
  readonly summary: string;
  /** By the titles of their buttons. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** The answer of whoever closes the document. */
  readonly closed: Answer;
}

/** Shows a document and waits for an answer, by its buttons or by those of a notification. */
export async function askInDocument<Answer>(
  documents: AskingDocuments,
  { name, text, summary, answers, closed }: LongQuestion<Answer>,
): Promise<Answer> {
  let give: (answer: Answer) => void = () => undefined;
  const given = new Promise<Answer>((resolve) => {
    give = resolve;
  });
  const buttons = [...answers].map(([title, answer]) => ({ title, press: () => give(answer) }));
  const uri = await documents.show(name, text, buttons, { onClosed: () => give(closed) });
  void vscode.window.showInformationMessage(summary, ...answers.keys()).then((pressed) => {
    // A notification that is closed is no answer: the document still has the buttons.
    const answer = pressed === undefined ? undefined : answers.get(pressed);
    if (answer !== undefined) {
      give(answer);
    }
  });
  return given.finally(() => documents.settle(uri));
}
