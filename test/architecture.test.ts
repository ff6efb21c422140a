/** The arrows between the folders of `src/`, read from the metafile of a bundle: what each file really imports. */
import path from "node:path";
import { build, type Metafile } from "esbuild";
import { beforeAll, expect, test } from "vitest";

const root = path.dirname(import.meta.dirname);

/** What a file of each folder may import at run time, besides its own folder. Files directly in `src/` put parts together. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  recipe: [],
  engine: ["recipe"],
  protocol: ["recipe"],
  providers: ["engine", "recipe"],
  platform: ["engine", "recipe"],
  editor: ["engine", "protocol", "recipe"],
  root: ["editor", "engine", "platform", "protocol", "providers", "recipe"],
};

/** Folders that may load `vscode`, and folders that may load Node's modules. */
const mayUseEditor = new Set(["editor", "root"]);
const mayUseNode = new Set(["platform", "root"]);

function folderOf(file: string): string {
  const [, folder = "", ...rest] = file.split("/");
  return rest.length === 0 ? "root" : folder;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
}

let inputs: Metafile["inputs"] = {};
const arrows: Arrow[] = [];

beforeAll(async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/extension.ts", "src/app.ts", "src/imageWorker.ts", "src/imageHand.ts"],
    bundle: true,
    write: false,
    outdir: "out",
    metafile: true,
    platform: "node",
    format: "cjs",
    packages: "external",
    logLevel: "silent",
  });
  inputs = metafile.inputs;
  for (const [from, { imports }] of Object.entries(inputs)) {
    arrows.push(...imports.map(({ path: to }) => ({ from, to })));
  }
});

test("every folder of the sources has its rule", () => {
  const folders = new Set(Object.keys(inputs).map(folderOf));
  expect([...folders].sort()).toEqual(Object.keys(allowed).sort());
});

test("arrows between folders point one way", () => {
  const wrong = arrows.filter(({ from, to }) => {
    const [start, end] = [folderOf(from), folderOf(to)];
    return to.startsWith("src/") && start !== end && !allowed[start]?.includes(end);
  });
  expect(wrong).toEqual([]);
});

test("vscode is loaded by the editor's folder and the composition roots only", () => {
  expect(arrows.filter(({ from, to }) => to === "vscode" && !mayUseEditor.has(folderOf(from)))).toEqual([]);
});

test("Node's modules are loaded by the platform's folder and the composition roots only", () => {
  const wrong = arrows.filter(({ from, to }) => to.startsWith("node:") && !mayUseNode.has(folderOf(from)));
  expect(wrong).toEqual([]);
});

test("there are no cycles", () => {
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(file)) {
      return [...trail.slice(trail.indexOf(file)), file];
    }
    if (done.has(file)) {
      return undefined;
    }
    for (const { path: next } of inputs[file]?.imports ?? []) {
      const cycle = visit(next, [...trail, file]);
      if (cycle !== undefined) {
        return cycle;
      }
    }
    done.add(file);
    return undefined;
  };
  const cycles = Object.keys(inputs).map((file) => visit(file, []));
  expect(cycles.filter((cycle) => cycle !== undefined)).toEqual([]);
});

test("what every window loads holds no library", async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/extension.ts"],
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    write: false,
    metafile: true,
    platform: "node",
    external: ["vscode"],
    logLevel: "silent",
  });
  const { outputs } = metafile;
  const loaded = new Set(
    Object.keys(outputs).filter((file) => outputs[file]?.entryPoint === "src/extension.ts"),
  );
  for (const file of loaded) {
    for (const { path: next, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && external !== true) loaded.add(next);
    }
  }
  const inputs = [...loaded].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
  expect(inputs).toContain("src/extension.ts");
  expect(inputs.filter((file) => file.includes("node_modules"))).toEqual([]);
});
