/** The page's entry: draws whatever the extension last said. */
import { RemixPanel } from "./elements/root.ts";
import { Page } from "./page.ts";
import { defineControls } from "./toolkit.ts";

/** Milliseconds after which a page that has not been told anything yet says so, and says what to do. */
const [patience, longPatience] = [200, 5000];

defineControls();
const panel = new RemixPanel();
const note = document.createElement("p");
note.className = "loading secondary";
note.setAttribute("role", "status");
const say = (text: string) => {
  note.textContent = text;
  document.body.append(note);
};
const waiting = [
  window.setTimeout(() => say("Loading…"), patience),
  window.setTimeout(
    () =>
      say(
        "Image Remix has not answered yet. If a message tells why, follow it; else close this tab and run the command Open Remix Panel. Results, and what was composed, are kept.",
      ),
    longPatience,
  ),
];
const page = new Page(acquireVsCodeApi(), (state) => {
  panel.state = state;
  if (!panel.isConnected) {
    for (const timer of waiting) {
      window.clearTimeout(timer);
    }
    document.body.replaceChildren(panel);
  }
});
window.addEventListener("error", ({ message }) =>
  page.send({ type: "problem", text: message.slice(0, 2000) }),
);
