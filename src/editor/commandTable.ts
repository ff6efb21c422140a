import { sourceExtensions } from "../engine/names.ts";

/** A command as users meet it. */
interface Command {
  readonly title: string;
  /** A codicon, for commands that stand in a title bar. */
  readonly icon?: string;
  /** Where it stands in menus, by VS Code's menu ids. */
  readonly menus: Readonly<Record<string, { readonly group?: string; readonly when?: string }>>;
}

/** The submenu of the Explorer that holds all but the commonest command. */
export const submenu = { id: "imageRemix", label: "Image Remix" } as const;

const onPicture = `resourceExtname =~ /^\\.(${sourceExtensions.join("|")})$/i`;

/** Results carry their recipe in these formats only. */
const onResult = "resourceExtname =~ /^\\.(png|jpg|jpeg|jpe|webp)$/i";

/**
 * All commands by id, without the `imageRemix.` prefix. `package.json` follows from this: `npm run generate`.
 *
 * No `when` asks for `isWorkspaceTrusted`: a window knows it only seconds after it opened, and until then a menu would
 * lack the commands. The handlers ask, and offer to manage trust.
 */
export const commandTable = {
  remixImage: {
    title: "Remix Image",
    menus: {
      "explorer/context": { group: "6_imageRemix@1", when: onPicture },
    },
  },
  remixFolder: {
    title: "Remix Folder…",
    menus: {
      "explorer/context": { group: "6_imageRemix@1", when: "explorerResourceIsFolder" },
      commandPalette: { when: "false" },
    },
  },
  remixWithPreset: {
    title: "Remix with Preset…",
    menus: { [submenu.id]: { group: "1_remix@1" } },
  },
  remixOutdated: {
    title: "Remix Images Without an Up-to-Date Result…",
    menus: { [submenu.id]: { group: "1_remix@2", when: "explorerResourceIsFolder" } },
  },
  remixAgain: {
    title: "Remix Again with the Same Recipe",
    menus: { [submenu.id]: { group: "2_recipe@1", when: onResult } },
  },
  showRecipe: {
    title: "Show Recipe",
    menus: { [submenu.id]: { group: "2_recipe@2", when: onResult } },
  },
  auditPictures: {
    title: "Audit AI Pictures",
    menus: { [submenu.id]: { group: "2_recipe@3", when: "explorerResourceIsFolder" } },
  },
  openPanel: { title: "Open Remix Panel", menus: {} },
  addToPanel: {
    title: "Add to Remix Panel",
    icon: "$(wand)",
    menus: {
      [submenu.id]: { group: "2_panel@1" },
      "editor/title": { group: "navigation@1", when: "activeCustomEditorId == imagePreview.previewEditor" },
    },
  },
  undoReplace: { title: "Undo Replace Source", menus: {} },
  saveAsPreset: { title: "Save as Preset…", menus: {} },
  setApiKey: { title: "Set Runware API Key", menus: {} },
  clearApiKey: { title: "Clear Runware API Key", menus: {} },
  showSpending: { title: "Show Spending", menus: {} },
  cancelAll: { title: "Cancel All", menus: {} },
  resumePending: { title: "Resume Pending", menus: {} },
  showLog: { title: "Show Log", menus: {} },
} as const satisfies Readonly<Record<string, Command>>;

/** Where the submenu stands. */
export const submenuPlace = {
  menu: "explorer/context",
  group: "6_imageRemix@2",
  when: `explorerResourceIsFolder || ${onPicture}`,
} as const;

export type CommandName = keyof typeof commandTable;

/** Names of all commands, in the order of the table. */
export const commandNames = Object.keys(commandTable) as readonly CommandName[];

/** What runs when a command is called, whatever it is called with. */
export type CommandHandlers = Readonly<
  Record<CommandName, (...args: readonly unknown[]) => Promise<unknown>>
>;
