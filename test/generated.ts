/** The parts of `package.json` and `README.md` that follow from the declarations in `src/`. */
import { commandNames, commandTable, submenu, submenuPlace } from "../src/editor/commandTable.ts";
import { parameter, parameterIds } from "../src/recipe/parameters.ts";
import { allowedValues } from "../src/recipe/recipe.ts";
import { applicationSettings, settingsSchema } from "../src/recipe/settings.ts";

/** `contributes` of `package.json`: commands, menus and settings. */
export function contributes(): Readonly<Record<string, unknown>> {
  const menus: Record<string, unknown[]> = {};
  for (const name of commandNames) {
    for (const [menu, item] of Object.entries(commandTable[name].menus)) {
      menus[menu] ??= [];
      menus[menu].push({ command: `imageRemix.${name}`, ...item });
    }
  }
  const { menu, ...place } = submenuPlace;
  menus[menu] = [...(menus[menu] ?? []), { submenu: submenu.id, ...place }];
  return {
    commands: commandNames.map((name) => {
      const { title, ...look } = commandTable[name];
      const icon = "icon" in look ? { icon: look.icon } : {};
      return { command: `imageRemix.${name}`, title, category: "Image Remix", ...icon };
    }),
    submenus: [submenu],
    menus,
    configuration: { title: "Image Remix", properties: settingsSchema() },
  };
}

/** `packageJson` with its generated part made anew. */
export function withContributes(packageJson: string): string {
  const manifest = JSON.parse(packageJson);
  manifest.contributes = contributes();
  manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = applicationSettings();
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The README's table of parameters, in Markdown. */
export function parameterTable(): string {
  const rows = parameterIds.map((id) => {
    const declared = parameter(id);
    const preset = declared.default === null ? "" : `\`${JSON.stringify(declared.default)}\``;
    const allowed = allowedValues(declared).replaceAll("|", "\\|");
    const scope = declared.group === "recipe" ? "user, workspace, folder, preset" : "user";
    return `| \`${id}\` | ${declared.description} | ${allowed} | ${preset} | ${scope} |`;
  });
  return ["| `imageRemix.` | | allowed | default | where |", "|---|---|---|---|---|", ...rows].join("\n");
}

/** @throws Error when the README has lost the comments that mark the generated part */
export function withParameterTable(readme: string): string {
  const [start, end] = ["<!-- generated: parameters -->", "<!-- end generated -->"];
  const [before, rest] = readme.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`README.md needs ${start} and ${end} around the table of parameters`);
  }
  return `${before}${start}\n${parameterTable()}\n${end}${after}`;
}

/** Each file with a generated part, and how that part is made anew. */
export const generatedFiles: Readonly<Record<string, (content: string) => string>> = {
  "package.json": withContributes,
  "README.md": withParameterTable,
};
