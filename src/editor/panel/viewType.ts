/** VS Code's name for the panel's kind of tab, also in the activation events of `package.json`. */
export const panelViewType = "imageRemix.panel";
