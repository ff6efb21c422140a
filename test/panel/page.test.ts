import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pageLanguage, panelHtml } from "../../src/editor/panel/html.ts";
import { type BuiltPage, buildPage } from "./buildPage.ts";

let page: BuiltPage | undefined;

beforeAll(async () => {
  page = await buildPage();
});

afterAll(() => {
  rmSync(page?.folder ?? "", { recursive: true, force: true });
});

test("the page holds nothing of the extension but the protocol, and no validator", () => {
  const inputs = Object.keys(page?.metafile.inputs ?? {});
  expect(inputs).toContain("webview/panel.ts");
  const foreign = inputs.filter(
    (file) =>
      /node_modules\/zod|^node:/.test(file) || (file.startsWith("src/") && !file.startsWith("src/protocol/")),
  );
  expect(foreign).toEqual([]);
});

test("one file knows the library that draws the controls", () => {
  const importers = Object.entries(page?.metafile.inputs ?? {})
    .filter(([file]) => file.startsWith("webview/"))
    .filter(([, { imports }]) => imports.some(({ path }) => path.includes("webview-ui-toolkit")))
    .map(([file]) => file);
  expect(importers).toEqual(["webview/toolkit.ts"]);
});

test("the policy lets nothing in without the nonce, and nothing from elsewhere", () => {
  const html = panelHtml({ script: "s.js", style: "s.css", cspSource: "https://own" }, "abc", "de");
  const policy = /content="(default-src[^"]*)"/.exec(html)?.[1];
  expect(policy).toBe(
    "default-src 'none'; base-uri 'none'; form-action 'none'; img-src https://own; font-src https://own; style-src https://own 'nonce-abc'; script-src 'nonce-abc'",
  );
  expect(html.match(/nonce="abc"/g)).toHaveLength(2);
  expect(html).not.toMatch(/ style=| on[a-z]+=/);
});

test("the page says which language its texts are in, not which the editor has", () => {
  expect(pageLanguage(undefined, "de")).toBe("en");
  expect(pageLanguage({ Keep: "Behalten" }, "de")).toBe("de");
});
