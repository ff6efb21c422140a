import { expect, test } from "vitest";
import { states } from "./states/all.ts";
import { compose, fields, fourGroups, fourNames, snapshot } from "./states/build.ts";
import { usePanel } from "./usePanel.ts";

const panel = usePanel();

interface AxNode {
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly description?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[];
}

/** What assistive technology is told of each control that has this role. */
async function told(role: string): Promise<readonly Record<string, unknown>[]> {
  const { page } = panel();
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send("Accessibility.getFullAXTree")) as {
    readonly nodes: readonly AxNode[];
  };
  await session.detach();
  return nodes
    .filter((node) => node.role?.value === role)
    .map(({ name, description, properties = [] }) => ({
      name: name?.value.trim(),
      description: description?.value ?? "",
      ...Object.fromEntries(properties.map((property) => [property.name, property.value.value])),
    }));
}

test("the button's description is where results go, or why it cannot be pressed", async () => {
  const { show } = panel();
  await show(snapshot({ compose: compose(fourNames, { hint: "Saved next to each source" }) }));
  const remix = async () => (await told("button")).find(({ name }) => String(name).startsWith("Remix "));
  expect(await remix()).toMatchObject({ description: "Saved next to each source" });
  await show(states["invalid"]?.() ?? snapshot());
  expect(await remix()).toMatchObject({
    description: "Strength takes a whole number from 1 to 100",
    disabled: true,
  });
});

test("every kind of field tells where its value comes from and what is wrong with it", async () => {
  const { page, show } = panel();
  const problem = { text: "Not allowed.", canOpen: false };
  const wrong = { problem, origin: "workspace" };
  const ids = ["renderingSpeed", "fit", "outputFormat", "safety.checkContent", "positivePrompt"];
  await show(
    snapshot({
      compose: compose(fourNames, { fields: fields(Object.fromEntries(ids.map((id) => [id, wrong]))) }),
    }),
  );
  await expect.poll(() => page.locator("details[open]").count()).toBeGreaterThan(1);
  const isWrong = { description: "Not allowed. workspace", invalid: "true" };
  const boxes = await told("combobox");
  for (const name of ["Speed", "What does not fit is", "Format"]) {
    expect(
      boxes.find((box) => box["name"] === name),
      name,
    ).toMatchObject(isWrong);
  }
  expect(boxes.find(({ name }) => name === "Preset")).toMatchObject({ description: "" });
  expect((await told("checkbox")).filter(({ invalid }) => invalid === "true")).toMatchObject([isWrong]);
  expect((await told("textbox")).find(({ name }) => name === "Prompt")).toMatchObject(isWrong);
});

test("decisions tell their keys", async () => {
  const { show } = panel();
  await show(snapshot({ view: "results", groups: fourGroups() }));
  const buttons = (await told("button")).filter(({ keyshortcuts }) => keyshortcuts !== undefined);
  expect(buttons.map(({ keyshortcuts }) => keyshortcuts)).toEqual(["K", "D", "R", "M"]);
});

test("each row of a run is called by its picture, what became of it and its price", async () => {
  const { show } = panel();
  await show(states["running"]?.() ?? snapshot());
  const names = (await told("listitem")).map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual([
    "tea-tin.png, Saved, 2 results, $0.12",
    "tea-tin-sencha.png, Saved, 2 results, $0.12",
    "tea-tin-earl.png, Saved, 2 results, $0.12",
    "oat-crunch.jpg, Drawing, 64 %",
  ]);
  await show(states["failures"]?.() ?? snapshot());
  expect((await told("listitem"))[0]).toMatchObject({
    name: "vesna-noir.webp, Refused by the content check",
  });
});

test("the strength's thumb stays where it was while something else than a number is typed", async () => {
  const { page, show, requests } = panel();
  await show(snapshot());
  await page.getByLabel("Strength as a number").fill("abc");
  const thumb = page.locator("#control-remixStrength");
  expect(await thumb.inputValue()).toBe("58");
  await thumb.press("ArrowRight");
  expect((await requests()).at(-1)).toMatchObject({ id: "remixStrength", value: 59 });
});
