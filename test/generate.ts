/** `npm run generate`: writes what follows from the declarations in `src/` into `package.json` and `README.md`. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generatedFiles } from "./generated.ts";

const root = path.dirname(import.meta.dirname);
for (const [name, renew] of Object.entries(generatedFiles)) {
  const file = path.join(root, name);
  const before = readFileSync(file, "utf8");
  const after = renew(before);
  if (after !== before) {
    writeFileSync(file, after);
  }
  console.log(`${name}: ${after === before ? "up to date" : "written"}`);
}
