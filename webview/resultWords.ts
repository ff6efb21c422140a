import type { GroupView, ResultView } from "../src/protocol/results.ts";
import { plural, t } from "./words.ts";

/** What a tile is called. @param index of the result in its group */
export function tileName({ name, results }: GroupView, result: ResultView, index: number): string {
  const values = [stem(name), index + 1, results.length, decisionWord(result)] as const;
  return result.provider === "local"
    ? t("{0}, result {1} of {2}, {3}, local preview", ...values)
    : t("{0}, result {1} of {2}, {3}", ...values);
}

/** What was decided on the results of a source. */
export function groupWords({ results }: GroupView): string {
  const count = (decision: ResultView["decision"]) =>
    results.filter((result) => result.decision === decision).length;
  const parts = [
    [count("kept"), t("{0} kept", count("kept"))],
    [count("replaced"), t("{0} replaced the source", count("replaced"))],
    [count("discarded"), t("{0} discarded", count("discarded"))],
  ] as const;
  const words = parts.filter(([number]) => number > 0).map(([, text]) => text);
  return words.length === 0 ? plural(results.length, "{0} result", "{0} results") : words.join(", ");
}

function decisionWord({ decision }: ResultView): string {
  const words = {
    undecided: t("undecided"),
    kept: t("kept"),
    discarded: t("discarded"),
    replaced: t("replaced the source"),
  };
  return words[decision];
}

function stem(name: string): string {
  return name.replace(/\.[^.]+$/, "");
}
