import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { generatedFiles } from "./generated.ts";

const root = path.dirname(import.meta.dirname);

test.each(Object.entries(generatedFiles))(
  "the generated part of %s is fresh (npm run generate)",
  (name, renew) => {
    const content = readFileSync(path.join(root, name), "utf8");
    expect(renew(content)).toBe(content);
  },
);
