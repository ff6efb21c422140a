import { html, type TemplateResult } from "lit";
import type { ActionView } from "../src/protocol/compose.ts";
import type { Page } from "./page.ts";

/** What the extension offers beside a sentence. @param subject id of what it is about; null for Remix itself */
export function actionButtons(
  page: Page,
  subject: string | null,
  actions: readonly ActionView[],
): readonly TemplateResult[] {
  return actions.map(({ id, title, look }) => {
    const run = () => page.send({ type: "act", subject, action: id });
    return look === "link"
      ? html`<button type="button" class="link" @click=${run}>${title}</button>`
      : html`<vscode-button appearance="secondary" @click=${run}>${title}</vscode-button>`;
  });
}
