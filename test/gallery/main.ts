/**
 * Draws the contact sheet of the local engine into out/gallery, as one PNG and as an HTML page with each picture at
 * full size: every look of every sample picture at three strengths, and prompts of different palettes.
 *
 *   npm run gallery                      the sample pictures
 *   npm run gallery -- --photos <folder> the pictures of that folder; also IMAGE_REMIX_PHOTOS=<folder>
 *   npm run gallery -- --speed QUALITY   at another speed
 *   npm run gallery -- --readme          only the README's picture of the seven styles, in media/readme
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import type { RestyleRequest } from "../../src/providers/local/request.ts";
import { reportFailure } from "../harness/commands.ts";
import { outputFolder, projectRoot } from "../harness/paths.ts";
import { draw, prompts, readSources, type Source, strengths, styles, write } from "./drawings.ts";
import { photograph } from "./photograph.ts";
import { type Row, sheetPage, stylesPage } from "./sheet.ts";

const { values } = parseArgs({
  options: { photos: { type: "string" }, speed: { type: "string" }, readme: { type: "boolean" } },
});
const photos = values.photos ?? process.env["IMAGE_REMIX_PHOTOS"];
const kind = values.readme === true ? "readme" : photos === undefined ? "samples" : "photos";
const folder = path.join(outputFolder, "gallery", kind);
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
  writeFileSync(path.join(folder, "sheet.png"), await photograph(page, 2400));
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

/** The README's picture: one source and its styles. */
async function readmePicture(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [source] = (await readSources(path.join(projectRoot, "media", "samples"))).filter(
    ({ name }) => name === "tea-tin",
  );
  if (source === undefined) throw new Error("media/samples has no tea-tin.");
  const pictures = [await cell("source", source, undefined)];
  for (const styleType of styles)
    pictures.push(await cell(styleType, source, { styleType, remixStrength: 80 }));
  const page = path.join(folder, "index.html");
  writeFileSync(page, stylesPage(pictures));
  const file = path.join(projectRoot, "media", "readme", "styles.webp");
  await sharp(await photograph(page, 1640))
    .webp({ quality: 84 })
    .toFile(file);
  console.log(file);
}

(values.readme === true ? readmePicture() : gallery()).catch(reportFailure);
