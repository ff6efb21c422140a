/** The page's entry: draws whatever the extension last said. */
import { RemixPanel } from "./elements/root.ts";
import { Page } from "./page.ts";
import { defineControls } from "./toolkit.ts";

defineControls();
const panel = new RemixPanel();
const page = new Page(acquireVsCodeApi(), (state) => {
  panel.state = state;
  if (!panel.isConnected) {
    document.body.append(panel);
  }
});
window.addEventListener("error", ({ message }) =>
  page.send({ type: "problem", text: message.slice(0, 2000) }),
);
