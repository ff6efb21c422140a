import type { Uri } from "vscode";
import { chosenUris } from "../sources.ts";
import type { RemixPanel } from "./remixPanel.ts";

/** The command `imageRemix.addToPanel`: what it was called on, else the picture in the active editor, else a picker. */
export async function addToPanel(panel: RemixPanel, uri: unknown, selected: unknown): Promise<void> {
  const uris: readonly Uri[] = await chosenUris(uri, selected, true);
  if (uris.length > 0) {
    await panel.add(uris);
  }
}
