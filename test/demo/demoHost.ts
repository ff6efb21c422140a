/** Runs in the extension host: remixes the files it is given, and writes down the result. */
import { writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { remixPictures } from "./remixPictures.ts";

export async function run(): Promise<void> {
  const { DEMO_SOURCES = "[]", DEMO_RESULT = "" } = process.env;
  const sources: string[] = JSON.parse(DEMO_SOURCES);
  writeFileSync(DEMO_RESULT, JSON.stringify(await remixPictures(vscode, sources)));
}
