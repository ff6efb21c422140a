import type { SourceFile } from "../../engine/ports.ts";
import type { GroupView, HistoryView, ResultView } from "../../protocol/results.ts";
import type { RunView, TaskView } from "../../protocol/running.ts";
import { taskUUIDOf } from "./resultOf.ts";
import type { PanelHistoryEntry, PanelResult, PanelRun, PanelTask } from "./services.ts";

/** What turns paths into something that the page can show. */
export interface Showing {
  readonly toSource: (path: string) => SourceFile;
  /** Address of a file for an `<img>`. @param version tells apart pictures that had the same name; absent for sources */
  readonly uri: (path: string, version?: string) => string;
  /** A folder as people know it. */
  readonly folder: (path: string) => string;
}

const inAir: ReadonlySet<string> = new Set(["uploading", "accepted", "drawing", "downloading"]);

export function runView({ tasks, ...run }: PanelRun, showing: Showing): RunView {
  const sum = (count: (task: PanelTask) => number) => tasks.reduce((total, task) => total + count(task), 0);
  return {
    ...run,
    tasks: tasks.map((task) => taskView(task, showing)),
    results: {
      total: sum(({ expected }) => expected),
      saved: sum(({ outputs }) => outputs.length),
      inAir: sum(({ state, expected, outputs }) => (inAir.has(state) ? expected - outputs.length : 0)),
    },
  };
}

function taskView({ source, expected, outputs, ...task }: PanelTask, showing: Showing): TaskView {
  const file = showing.toSource(source);
  return {
    ...task,
    name: file.name,
    folder: showing.folder(file.folder),
    uri: showing.uri(source),
    slots: Array.from({ length: Math.max(expected, outputs.length) }, (_, index) => {
      const output = outputs[index];
      return { uri: output === undefined ? null : showing.uri(output, taskUUIDOf(task.id)) };
    }),
  };
}

/** Results by source, in the order in which the sources first appear. */
export function groupViews(results: readonly PanelResult[], showing: Showing): readonly GroupView[] {
  const sources = [...new Set(results.map(({ source }) => source))];
  return sources.map((source) => {
    const members = results.filter((result) => result.source === source);
    const shown = members[0]?.original ?? source;
    const views = members.map(
      ({ path, source: _source, original, ...result }): ResultView => ({
        ...result,
        uri: showing.uri(path, taskUUIDOf(result.id)),
        original: original === shown ? null : showing.uri(original),
      }),
    );
    return {
      id: `source-of-${members[0]?.id ?? ""}`,
      name: showing.toSource(source).name,
      uri: showing.uri(shown),
      size: null,
      replaced: views.some(({ decision }) => decision === "replaced"),
      results: views,
    };
  });
}

export function historyViews(
  entries: readonly PanelHistoryEntry[],
  showing: Showing,
): readonly HistoryView[] {
  return entries.map(({ pictures, ...entry }) => ({
    ...entry,
    thumbnails: pictures.map(({ id, path }) => showing.uri(path, taskUUIDOf(id))),
  }));
}
