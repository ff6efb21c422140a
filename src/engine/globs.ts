import picomatch from "picomatch";

/** What a settings file leaves out: globs, each alone or with the sibling that must be there. */
export interface Exclusion {
  /** A glob on paths with `/`, relative to the workspace folder; what it matches is left out with all that is in it. */
  readonly glob: string;
  /** Left out only where a sibling of this name is there, `$(basename)` being the file's name without extension. */
  readonly when?: string;
  /** What leaves it out, for a reader: `files.exclude: **\/drafts`. */
  readonly reason: string;
}

/** Says why a path is left out; undefined for one that is not. Looks at this path only, not at the folders above it. */
export type Excluder = (relative: string, siblings?: ReadonlySet<string>) => string | undefined;

/**
 * Reads globs as VS Code does in `files.exclude`, but for upper and lower case, which make no difference: what was
 * meant to be left out must not be sent because of them.
 */
export function excluder(exclusions: readonly Exclusion[]): Excluder {
  const matchers = exclusions.map(({ glob, when, reason }) => {
    const matches = picomatch(glob.replace(/^\.?\//, "").replace(/\/$/, ""), { dot: true, nocase: true });
    return { matches, when, reason };
  });
  return (relative, siblings) =>
    matchers.find(({ matches, when }) => {
      const isThere = when === undefined || siblings?.has(when.replaceAll("$(basename)", stemOf(relative)));
      return isThere === true && matches(relative);
    })?.reason;
}

/** Like an {@link Excluder}, with the folders above the path: what lies in a folder that is left out is too. */
export function excludedWithin(exclude: Excluder, relative: string): string | undefined {
  const segments = relative.split("/");
  const paths = segments.map((_, index) => segments.slice(0, index + 1).join("/"));
  return paths.map((path) => exclude(path)).find((reason) => reason !== undefined);
}

function stemOf(relative: string): string {
  const name = relative.slice(relative.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}
