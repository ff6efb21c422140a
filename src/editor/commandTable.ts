import { sourceExtensions } from "../engine/names.ts";

/** A command as users meet it. */
interface Command {
  readonly title: string;
  /** Where it stands in menus, by VS Code's menu ids. */
  readonly menus: Readonly<Record<string, { readonly group?: string; readonly when: string }>>;
}

const onPicture = `resourceExtname =~ /^\\.(${sourceExtensions.join("|")})$/i`;

/** All commands by id, without the `imageRemix.` prefix. `package.json` follows from this: `npm run generate`. */
export const commandTable = {
  remixImage: {
    title: "Remix Image",
    menus: {
      "explorer/context": { group: "6_imageRemix@1", when: `isWorkspaceTrusted && ${onPicture}` },
      commandPalette: { when: "isWorkspaceTrusted" },
    },
  },
  showLog: { title: "Show Log", menus: {} },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof commandTable;

/** Names of all commands, in the order of the table. */
export const commandNames = Object.keys(commandTable) as readonly CommandName[];

/** What runs when a command is called, whatever it is called with. */
export type CommandHandlers = Readonly<
  Record<CommandName, (...args: readonly unknown[]) => Promise<unknown>>
>;
