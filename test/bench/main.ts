/**
 * `npm run bench`: the parts named, or all of them, one after the other.
 *
 *   npm run bench -- [folder] [pictures] [host] [localEngine] [--json FILE] [options of the part]
 *
 * With `--json FILE`, each part writes its figures beside that name: FILE for one part, else FILE with the part before
 * its extension.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";

const parts = ["folder", "pictures", "host", "localEngine"] as const;

const given = process.argv.slice(2);
const isPart = (argument: string) => parts.some((part) => part === argument);
const named = given.filter(isPart);
const chosen = named.length > 0 ? named : parts;
const options = given.filter((argument) => !isPart(argument));
const json = options.indexOf("--json");

function optionsOf(part: string): readonly string[] {
  const file = json < 0 ? undefined : options[json + 1];
  if (file === undefined || chosen.length === 1) {
    return options;
  }
  const { dir, name, ext } = path.parse(file);
  return options.with(json + 1, path.join(dir, `${name}.${part}${ext}`));
}

for (const part of chosen) {
  console.log(`\n${part}`);
  const script = path.join(import.meta.dirname, `${part}.ts`);
  const { status } = spawnSync(process.execPath, [script, ...optionsOf(part)], { stdio: "inherit" });
  if (status !== 0) {
    process.exitCode = 1;
  }
}
