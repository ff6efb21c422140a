/** How the user has arranged the page: the only thing the page keeps by itself. */
export interface Arrangement {
  /** Id of the source that the stage shows. */
  readonly source: string | null;
  /** Id of the result that is looked at. */
  readonly result: string | null;
  /** Whether Results shows the pictures, rather than the run. */
  readonly isReviewing: boolean;
  /** Id of the run that was last seen: another one is shown when it starts. */
  readonly run: string | null;
  readonly compareMode: CompareMode;
  /** Where the divider stands, 0 to 100. */
  readonly divider: number;
  /** Screen pixels per picture pixel, or as large as fits. */
  readonly zoom: number | "fit";
  readonly runFilter: RunFilter;
  readonly resultFilter: ResultFilter;
  /** Ids of the parts of the form that are open. */
  readonly open: readonly string[];
}

export const compareModes = ["slider", "side", "difference"] as const;
export type CompareMode = (typeof compareModes)[number];
export const runFilters = ["all", "saved", "running", "waiting", "failed"] as const;
export type RunFilter = (typeof runFilters)[number];
export const resultFilters = ["all", "undecided", "kept", "bin"] as const;
export type ResultFilter = (typeof resultFilters)[number];

export const initialArrangement: Arrangement = {
  source: null,
  result: null,
  isReviewing: false,
  run: null,
  compareMode: "slider",
  divider: 50,
  zoom: "fit",
  runFilter: "all",
  resultFilter: "all",
  open: [],
};

/** What was kept, as far as it still makes sense: it may come from another version. */
export function readArrangement(kept: unknown): Arrangement {
  if (typeof kept !== "object" || kept === null) {
    return initialArrangement;
  }
  const read: Record<string, unknown> = { ...initialArrangement };
  for (const [key, value] of Object.entries(kept)) {
    if (isLegal[key as keyof Arrangement]?.(value) === true) {
      read[key] = value;
    }
  }
  return read as unknown as Arrangement;
}

const isNameOrNull = (value: unknown) => value === null || typeof value === "string";
const oneOf = (values: readonly unknown[]) => (value: unknown) => values.includes(value);

const isLegal: Readonly<Record<keyof Arrangement, (value: unknown) => boolean>> = {
  source: isNameOrNull,
  result: isNameOrNull,
  run: isNameOrNull,
  isReviewing: (value) => typeof value === "boolean",
  compareMode: oneOf(compareModes),
  divider: (value) => typeof value === "number" && value >= 0 && value <= 100,
  zoom: (value) => value === "fit" || (typeof value === "number" && value >= 0.1 && value <= 8),
  runFilter: oneOf(runFilters),
  resultFilter: oneOf(resultFilters),
  open: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
};
