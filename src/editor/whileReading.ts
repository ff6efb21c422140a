import * as vscode from "vscode";
import { RemixFailure } from "../engine/failure.ts";
import { throttled } from "./throttled.ts";

/** Told in between, at most so often, in milliseconds: tiny pictures are read by the hundred in a second. */
const refresh = 150;

/**
 * Shows that pictures are being read, with a button that stops it.
 *
 * @param work is told to stop by its signal, and says how far it is
 * @throws RemixFailure `cancelled`, with that message, when the user stops it; otherwise what `work` throws
 */
export async function whileReading<T>(
  title: string,
  cancelled: string,
  work: (signal: AbortSignal, say: (text: string) => void) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  const stop = new AbortController();
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const subscription = token.onCancellationRequested(() => stop.abort());
    let message = "";
    const show = throttled(() => progress.report({ message }), refresh);
    const say = (text: string) => {
      message = text;
      show();
    };
    try {
      return await work(stop.signal, say);
    } catch (error) {
      throw stop.signal.aborted ? new RemixFailure("cancelled", cancelled) : error;
    } finally {
      subscription.dispose();
      show.dispose();
    }
  });
}
