/**
 * Builds the extension into `dist/`, prints each file's size and fails when one is over its budget.
 *
 *   node esbuild.mjs            minified, as it is shipped
 *   node esbuild.mjs --debug    not minified, with source maps
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build, transform } from "esbuild";

const root = import.meta.dirname;
const dist = path.join(root, "dist");
const debug = process.argv.includes("--debug");
const require = createRequire(import.meta.url);
const wasmLibrary = path.join(path.dirname(require.resolve("@img/sharp-wasm32/package")), "lib");
const [wasmGlue] = readdirSync(wasmLibrary).filter((file) => file.endsWith(".node.js"));
const [wasmBinary] = readdirSync(wasmLibrary).filter((file) => file.endsWith(".wasm"));

/**
 * Bytes, minified. `extension.cjs` is what every window pays for; the others load when first used, `app/` (all of its
 * files together) in parts.
 */
const budgets = {
  "extension.cjs": 20_000,
  "app/": 460_000,
  "imageWorker.cjs": 340_000,
  "imageHand.cjs": 45_000,
  "sharp-wasm32.cjs": 150_000,
  "panel.js": 240_000,
  "panel.css": 70_000,
};

/**
 * sharp looks for its native library by platform; this one always takes the WebAssembly build. Its glue must
 * stay a file of its own, since its threads load that very file again.
 */
const sharpWasm = {
  name: "sharp-wasm",
  setup(builder) {
    // The CommonJS build, since the other one asks for import.meta.url, which a CommonJS bundle does not have.
    builder.onResolve({ filter: /^sharp$/ }, () => ({ path: require.resolve("sharp") }));
    builder.onLoad({ filter: /[\\/]sharp[\\/]dist[\\/]sharp\.cjs$/ }, () => ({
      contents: "module.exports = require('@img/sharp-wasm32/sharp.node');",
      loader: "js",
    }));
    builder.onResolve({ filter: /^@img\/sharp-wasm32\/sharp\.node$/ }, () => ({
      path: "./sharp-wasm32.cjs",
      external: true,
    }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  outdir: "dist",
  external: ["vscode"],
  // Some packages' CommonJS form cannot be bundled (UMD); their ES modules can.
  mainFields: ["module", "main"],
  minify: !debug,
  sourcemap: debug,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  // A native import() would resolve against the extension host; require() resolves beside this file.
  supported: { "dynamic-import": false },
};

/** The panel's page: no Node, no CommonJS; the icons' font is copied beside its style sheet. */
const page = {
  ...common,
  platform: "browser",
  target: "chrome122",
  format: "esm",
  outExtension: {},
  external: [],
  mainFields: ["browser", "module", "main"],
  loader: { ".ttf": "file" },
  assetNames: "[name]",
  supported: {},
  entryPoints: { panel: "webview/panel.ts" },
};

/**
 * The extension host's code: `extension.cjs`, and in `app/` what it imports later, once for all that import it. esbuild
 * splits ES modules only, so each file is turned into CommonJS afterwards.
 */
async function buildHost() {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    format: "esm",
    splitting: true,
    chunkNames: "app/[name]-[hash]",
    // Esbuild splits where it stands; the second step makes it require().
    supported: {},
    sourcemap: debug && "inline",
    write: false,
  });
  mkdirSync(path.join(dist, "app"));
  for (const { path: file, text } of outputFiles) {
    const { code, map } = await transform(text, {
      platform: "node",
      target: common.target,
      format: "cjs",
      minify: common.minify,
      supported: common.supported,
      sourcefile: path.basename(file),
      sourcemap: debug,
      legalComments: "none",
    });
    writeFileSync(file, debug ? `${code}//# sourceMappingURL=${path.basename(file)}.map\n` : code);
    if (debug) {
      writeFileSync(`${file}.map`, map);
    }
  }
  return { metafile };
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const bundles = await Promise.all([
  buildHost(),
  build({ ...common, entryPoints: ["src/imageWorker.ts"], plugins: [sharpWasm] }),
  build({ ...common, entryPoints: ["src/imageHand.ts"] }),
  build({ ...common, entryPoints: { "sharp-wasm32": path.join(wasmLibrary, wasmGlue) } }),
  build(page),
  build({ ...page, entryPoints: { panel: "webview/styles/panel.css" } }),
]);
copyFileSync(path.join(wasmLibrary, wasmBinary), path.join(dist, wasmBinary));
writeTabIcons();
writeNotices(bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs)));

/** The icon of the panel's tab: a file cannot take its colour from the theme, so there is one for each kind. */
function writeTabIcons() {
  const icon = require.resolve("@vscode/codicons/src/icons/wand.svg");
  for (const [kind, colour] of Object.entries({ light: "#424242", dark: "#c5c5c5" })) {
    const drawing = readFileSync(icon, "utf8").replaceAll("currentColor", colour);
    writeFileSync(path.join(dist, `panel-${kind}.svg`), drawing);
  }
}

/**
 * Writes the licences of all packages that ended up in a bundle. The README of sharp's WebAssembly build lists the
 * libraries inside it, which their licences (LGPL among them) ask for.
 */
function writeNotices(inputs) {
  const names = inputs.map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]);
  const packages = [...new Set(names.filter((name) => name !== undefined))].sort();
  const notices = packages.map((name) => {
    const folder = path.join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    if (texts.length === 0 && name.startsWith("@microsoft/fast-")) {
      return `${name} ${version} (${license})\n\nIts licence stands in the notices of @vscode/webview-ui-toolkit.`;
    }
    if (texts.length === 0) {
      throw new Error(`${name} has no licence file to ship`);
    }
    const files = name === "@img/sharp-wasm32" ? [...texts, "README.md"] : texts;
    const contents = files.map((file) => readFileSync(path.join(folder, file), "utf8"));
    return [`${name} ${version} (${license})`, ...contents].join("\n\n");
  });
  writeFileSync(path.join(dist, "THIRD-PARTY-NOTICES.txt"), notices.join(`\n\n${"=".repeat(80)}\n\n`));
}

let over = false;
const files = readdirSync(dist).filter((name) => !name.endsWith(".map"));
for (const file of files.map((name) => (name === "app" ? "app/" : name))) {
  const size = sizeOf(path.join(dist, file));
  const budget = budgets[file];
  const tooLarge = !debug && budget !== undefined && size > budget;
  over ||= tooLarge;
  const note =
    budget === undefined ? "" : `  of ${(budget / 1000).toFixed(0)} kB${tooLarge ? "  OVER BUDGET" : ""}`;
  console.log(`dist/${file.padEnd(34)}${(size / 1000).toFixed(1).padStart(9)} kB${note}`);
}
if (over) {
  console.error("A bundle is over its budget (see the budgets in esbuild.mjs).");
  process.exitCode = 1;
}

/** Bytes of a file, or of all in a folder. */
function sizeOf(place) {
  const facts = statSync(place);
  return facts.isDirectory()
    ? readdirSync(place).reduce((sum, name) => sum + sizeOf(path.join(place, name)), 0)
    : facts.size;
}
