/** Folders that a page may read at most, unless it needs more at once. */
export const mostRoots = 250;

/**
 * The folders that a page may read, as addresses: what it may read by now, and what it is to read. One that is
 * forgotten would turn pictures blank that are still shown, or are about to be again, and each change loads the page
 * anew. So they only become more; beyond `most`, those go first that have not been wanted for longest.
 *
 * @param known as this returned it, those wanted last at the end
 * @param wanted without a slash at the end
 * @returns `known` itself where it says all, so that the page can stay as it is
 */
export function grownRoots(
  known: readonly string[],
  wanted: readonly string[],
  most = mostRoots,
): readonly string[] {
  const missing = wanted.filter((folder) => !known.some((root) => isWithin(folder, root)));
  if (missing.length === 0) {
    return known;
  }
  const isWanted = (root: string) => wanted.some((folder) => isWithin(folder, root));
  const needed = [...known.filter(isWanted), ...new Set(missing)];
  const room = Math.max(0, most - needed.length);
  const kept = known.filter((root) => !isWanted(root));
  return [...kept.slice(Math.max(0, kept.length - room)), ...needed];
}

function isWithin(folder: string, root: string): boolean {
  return folder === root || folder.startsWith(root.endsWith("/") ? root : `${root}/`);
}
