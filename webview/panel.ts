/** The page's entry: draws whatever the extension last said. */
import { RemixPanel } from "./elements/root.ts";
import { Page } from "./page.ts";
import { defineControls } from "./toolkit.ts";

/** Milliseconds after which a page that has not been told anything yet says so. */
const patience = 200;

defineControls();
const panel = new RemixPanel();
const waiting = window.setTimeout(() => {
  const note = document.createElement("p");
  note.className = "loading secondary";
  note.textContent = "Loading…";
  document.body.append(note);
}, patience);
const page = new Page(acquireVsCodeApi(), (state) => {
  panel.state = state;
  if (!panel.isConnected) {
    window.clearTimeout(waiting);
    document.body.replaceChildren(panel);
  }
});
window.addEventListener("error", ({ message }) =>
  page.send({ type: "problem", text: message.slice(0, 2000) }),
);
