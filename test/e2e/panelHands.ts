/** The two ways through the panel: the mouse, and the keyboard alone. Each does the same things, in its own way. */
import type { Frame, Locator } from "playwright-core";
import { expect } from "vitest";
import type { Session } from "../harness/session.ts";

/** What somebody does with one picture, from choosing it to taking back that it was replaced. */
export interface Hands {
  openPanel(): Promise<void>;
  /** @param file absolute path */
  addImage(file: string): Promise<void>;
  writePrompt(text: string): Promise<void>;
  remix(): Promise<void>;
  review(): Promise<void>;
  /** Looks at the source in the result's place, then at both side by side, then with the divider elsewhere. */
  compare(): Promise<void>;
  discard(): Promise<void>;
  /** Brings back what was discarded last. */
  restore(): Promise<void>;
  /** Lets the result that is looked at take its source's place, and answers the question with yes. */
  replace(): Promise<void>;
  undo(): Promise<void>;
}

const panel = (session: Session) => session.webview();
const tile = (session: Session, n: number): Locator =>
  panel(session).getByRole("gridcell", { name: new RegExp(`, result ${n} of`) });

/** The editor's own question about the source, which names it. */
function replaceQuestion(session: Session): Locator {
  return session.page.locator(".monaco-dialog-box", { hasText: "tea-tin.png" });
}

/** The editor's own picker of files and folders, once it shows what there is to choose. */
export async function typeFile({ page }: Session, file: string): Promise<void> {
  const input = page.locator(".quick-input-widget input.input").first();
  await input.waitFor();
  await expect.poll(() => input.inputValue()).not.toBe("");
  await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  await input.fill(file);
}

export function mouse(session: Session): Hands {
  const button = (name: string | RegExp) => panel(session).getByRole("button", { name });
  return {
    async openPanel() {
      await session.palette("Image Remix: Open Remix Panel");
    },
    async addImage(file) {
      await button("Add Images…").first().click();
      await typeFile(session, file);
      await session.page.locator(".quick-input-action .monaco-button").first().click();
    },
    async writePrompt(text) {
      await panel(session).locator("textarea").first().fill(text);
    },
    async remix() {
      await button(/^Remix 1 image → 2 results/).click();
    },
    async review() {
      await button("Review 2 Results").click();
    },
    async compare() {
      const divider = panel(session).getByRole("slider", { name: /^Divider/ });
      const box = await divider.boundingBox();
      await divider.click({ position: { x: (box?.width ?? 0) / 4, y: (box?.height ?? 0) / 2 } });
      await expect.poll(() => divider.getAttribute("aria-valuetext")).toMatch(/^2[3-7] percent source$/);
      await panel(session).getByText("Side by Side").click();
      await expect.poll(() => panel(session).locator(".pictures .frame").count()).toBe(2);
      await panel(session).getByText("Difference", { exact: true }).click();
      await expect.poll(() => panel(session).locator(".difference").count()).toBe(1);
    },
    async discard() {
      await tile(session, 1).click();
      await button(/^Discard/).click();
    },
    async restore() {
      await tile(session, 1).hover();
      await tile(session, 1).getByRole("button", { name: "Restore" }).click();
    },
    async replace() {
      await tile(session, 1).click();
      await button(/^Replace Source/).click();
      await replaceQuestion(session).getByRole("button", { name: "Replace Source" }).click();
    },
    async undo() {
      await button("More Actions").click();
      await panel(session).getByRole("menuitem", { name: /^Undo/ }).click();
    },
  };
}

export function keyboard(session: Session): Hands {
  const { page } = session;
  const press = (key: string) => page.keyboard.press(key);
  /** Tab leads there, and whoever walks by sees where the focus is at each step. */
  const tabTo = async (name: RegExp, back = false): Promise<void> => {
    const frame = await session.webviewFrame();
    const passed: string[] = [];
    for (let step = 0; step < 80; step++) {
      const focus = await focusIn(frame);
      if (name.test(focus.name)) {
        return;
      }
      passed.push(focus.name);
      await press(back ? "Shift+Tab" : "Tab");
      const { isSeen, name: reached } = await focusIn(frame);
      expect({ reached, isSeen }).toEqual({ reached, isSeen: true });
    }
    throw new Error(`Tab does not lead to ${name}; it passed ${passed.join(" | ")}`);
  };
  const expectFocus = async (name: RegExp): Promise<void> => {
    const frame = await session.webviewFrame();
    await expect.poll(async () => (await focusIn(frame)).name).toMatch(name);
  };
  return {
    async openPanel() {
      await command(session, "Image Remix: Open Remix Panel");
      await panel(session).getByRole("tablist").first().waitFor({ timeout: 60_000 });
      await expect.poll(() => hasFocus(session)).toBe(true);
    },
    async addImage(file) {
      await tabTo(/^Add Images…$/);
      await press("Enter");
      await typeFile(session, file);
      await press("Enter");
      await expect.poll(() => hasFocus(session)).toBe(true);
    },
    async writePrompt(text) {
      await tabTo(/^Prompt$/);
      await press("Control+a");
      await page.keyboard.type(text);
    },
    async remix() {
      await press("Control+Enter");
      await expectFocus(/results saved/);
    },
    async review() {
      await tabTo(/^Review 2 Results$/);
      await press("Enter");
      await expectFocus(/^tea-tin, result 1 of 2, undecided$/);
    },
    async compare() {
      await press("Space");
      await expect.poll(() => panel(session).locator(".pictureLabel").count()).toBe(1);
      await press("Space");
      await expect.poll(() => panel(session).locator(".pictureLabel").count()).toBe(2);
      await press("2");
      await expect.poll(() => panel(session).locator(".pictures .frame").count()).toBe(2);
      await press("1");
      await tabTo(/^Divider between source and result$/);
      await press("Home");
      await expect.poll(() => divider(session)).toBe("0 percent source");
      await press("ArrowRight");
      await expect.poll(() => divider(session)).toBe("1 percent source");
      await press("Escape");
      await expectFocus(/^tea-tin, result 1 of 2/);
    },
    async discard() {
      await press("d");
      await expectFocus(/^tea-tin, result 2 of 2, undecided$/);
    },
    async restore() {
      await press("ArrowLeft");
      await expectFocus(/^tea-tin, result 1 of 2, discarded, Restore$/);
      await tabTo(/^Restore$/);
      await press("Enter");
      // Its button is gone; what can be done next has the focus.
      await expectFocus(/^Keep/);
    },
    async replace() {
      await press("r");
      await replaceQuestion(session).waitFor();
      await press("Enter");
      await panel(session)
        .getByRole("gridcell", { name: /^tea-tin, result 1 of 2, replaced/ })
        .waitFor();
      await expect.poll(() => hasFocus(session)).toBe(true);
      await expectFocus(/./);
    },
    async undo() {
      await expect.poll(() => hasFocus(session)).toBe(true);
      await press("Control+z");
    },
  };
}

function divider(session: Session): Promise<string | null> {
  return panel(session)
    .getByRole("slider", { name: /^Divider/ })
    .getAttribute("aria-valuetext");
}

/** Runs a command without the mouse. */
export async function command({ page }: Session, title: string): Promise<void> {
  const input = page.locator(".quick-input-widget input.input").first();
  const row = page.locator(".quick-input-list .monaco-list-row.focused");
  await expect
    .poll(async () => {
      await page.keyboard.press("F1");
      return input.isVisible();
    })
    .toBe(true);
  await input.fill(`>${title}`);
  await expect.poll(() => row.getAttribute("aria-label")).toContain(title);
  await page.keyboard.press("Enter");
}

/** Whether keys reach the panel. */
async function hasFocus(session: Session): Promise<boolean> {
  const frame = await session.webviewFrame();
  return frame.evaluate<boolean>("document.hasFocus()");
}

/** Errors of the panel's page, such as what its content security policy refused; not those of the editor's own log. */
export function pageProblems({ problems }: Session): readonly string[] {
  return problems.filter(
    (text) => !text.startsWith("%c") || /image.remix/i.test(text.replaceAll(/\(http.*?\)/g, "")),
  );
}

/** What has the focus: its name as it is read out, and whether anything marks it for the eye. */
export function focusIn(frame: Frame): Promise<{ readonly name: string; readonly isSeen: boolean }> {
  return frame.evaluate<{ readonly name: string; readonly isSeen: boolean }>(`(() => {
    const host = document.activeElement;
    const inner = host?.shadowRoot?.activeElement ?? host;
    const labelled = inner?.getAttribute("aria-label") ?? host?.getAttribute("aria-label");
    const label = inner?.labels?.[0] ?? host?.labels?.[0];
    const name = (labelled || (label ?? host)?.textContent || "").replace(/\\s+/g, " ").trim();
    const around = [inner, host, host?.closest("label"), ...(host?.querySelectorAll("*") ?? [])];
    const isRing = (element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    };
    const isOut = host === document.body || host === null;
    // Fields show it by the colour of their border, sliders by their thumb.
    const isField = host?.matches("vscode-dropdown") ||
      (inner?.matches("input, textarea") && !inner.matches("[type=radio], [type=checkbox]"));
    return { name, isSeen: isOut || isField || around.some((one) => one && isRing(one)) };
  })()`);
}
