/**
 * Draws the contact sheet of the local engine into out/gallery, as one PNG and as an HTML page with each picture at
 * full size: every look of every sample picture at three strengths, and prompts of different palettes.
 *
 *   npm run gallery                      the sample pictures
 *   npm run gallery -- --photos <folder> the pictures of that folder; also IMAGE_REMIX_PHOTOS=<folder>
 *   npm run gallery -- --speed QUALITY   at another speed
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import type { RestyleRequest } from "../../src/providers/local/request.ts";
import { ensureChromium } from "../harness/chromium.ts";
import { reportFailure } from "../harness/commands.ts";
import { outputFolder, projectRoot } from "../harness/paths.ts";
import { draw, prompts, readSources, type Source, strengths, styles, write } from "./drawings.ts";
import { type Row, sheetPage } from "./sheet.ts";

const { values } = parseArgs({ options: { photos: { type: "string" }, speed: { type: "string" } } });
const photos = values.photos ?? process.env["IMAGE_REMIX_PHOTOS"];
const folder = path.join(outputFolder, "gallery", photos === undefined ? "samples" : "photos");
const renderingSpeed = (["TURBO", "QUALITY"] as const).find((speed) => speed === values.speed) ?? "DEFAULT";

async function gallery(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const rows: Row[] = [];
  const sources = await readSources(photos ?? path.join(projectRoot, "media", "samples"));
  for (const source of sources) rows.push(...(await styleRows(source)));
  for (const source of sources) rows.push(await promptRow(source));
  const page = path.join(folder, "index.html");
  writeFileSync(page, sheetPage(rows));
  await photograph(page, path.join(folder, "sheet.png"));
  console.log(page);
}

async function styleRows(source: Source): Promise<Row[]> {
  const rows: Row[] = [];
  for (const remixStrength of strengths) {
    const pictures = [await cell("source", source, undefined)];
    for (const styleType of styles) {
      pictures.push(await cell(`${styleType} ${remixStrength}`, source, { styleType, remixStrength }));
    }
    rows.push({ title: `${source.name}, strength ${remixStrength}`, pictures });
  }
  return rows;
}

async function promptRow(source: Source): Promise<Row> {
  const pictures = [await cell("source", source, undefined)];
  for (const [index, positivePrompt] of prompts.entries()) {
    pictures.push(
      await cell(`prompt ${index + 1}`, source, { positivePrompt, styleType: "AUTO", remixStrength: 65 }),
    );
  }
  for (const [seed, denied] of [
    [1, null],
    [2, null],
    [3, "green"],
  ] as const) {
    const label = denied === null ? `another result` : `without ${denied}`;
    pictures.push(
      await cell(`${label} ${seed}`, source, { seed, negativePrompt: denied, remixStrength: 65 }),
    );
  }
  return { title: `${source.name}, prompts`, pictures };
}

async function cell(label: string, source: Source, given: Partial<RestyleRequest> | undefined) {
  const pixels = given === undefined ? source.pixels : draw(source, { renderingSpeed, ...given });
  const file = `${source.name} ${label}.webp`.replaceAll(" ", "-").toLowerCase();
  return { label, file: await write(folder, file, pixels) };
}

/** Takes the picture of a whole page. */
async function photograph(page: string, file: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: ensureChromium() });
  try {
    const view = await browser.newPage({ viewport: { width: 2400, height: 1200 } });
    await view.goto(`file://${page}`);
    await view.screenshot({ path: file, fullPage: true });
  } finally {
    await browser.close();
  }
}

gallery().catch(reportFailure);
