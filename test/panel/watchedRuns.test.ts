import { afterEach, expect, test } from "vitest";
import { RunWatch } from "../../src/editor/panel/watchedRuns.ts";
import { RemixFailure } from "../../src/engine/failure.ts";
import { Bench, type Draw, gate, result, untilStopped } from "../engine/bench.ts";

const open: Bench[] = [];
function window(): { readonly made: Bench; readonly watch: RunWatch } {
  const made = new Bench({ concurrency: 3 });
  open.push(made);
  return { made, watch: new RunWatch(made.jobs) };
}
afterEach(async () => {
  for (const one of open.splice(0)) {
    await one.close();
  }
});

const one: Draw = async function* () {
  yield result();
};
const refused: Draw = () => {
  throw new RemixFailure("safety", "It was refused.");
};
const endless: Draw = async function* (_task, signal) {
  await untilStopped(signal);
  yield result();
};
const rows = ({ run }: RunWatch) => run?.tasks.map(({ source, state }) => [source.slice(-5), state]);

test("a run that is not over stays watched, and can be cancelled, when another one is started", async () => {
  const { made, watch } = window();
  const first = made.jobs.start(made.requests("a"), made.options(endless));
  const second = made.jobs.start(made.requests("b"), made.options(one));
  await second.outcome;
  expect(watch.ids).toEqual([first.id, second.id]);
  expect(watch.run).toMatchObject({ id: second.id, ended: null });
  expect(rows(watch)?.map(([name]) => name)).toEqual(["b.png", "a.png"]);
  made.clock.advance(1000);
  watch.cancel(({ source }) => source.name === "a.png");
  await first.outcome;
  expect(rows(watch)).toEqual([
    ["b.png", "saved"],
    ["a.png", expect.stringMatching(/cancelled|unknown/)],
  ]);
  expect(watch.run?.ended).not.toBeNull();
});

test("a run that was over before leaves the watch to the next, except where that does one of its tasks again", async () => {
  const { made, watch } = window();
  const first = made.jobs.start(made.requests("a", "b"), made.options(refused));
  await first.outcome;
  made.clock.advance(1000);
  const [task] = first.tasks;
  if (task === undefined) {
    throw new Error("no task");
  }
  await watch.retry(task, async () => {
    await made.jobs.start(made.requests("a"), made.options(one)).outcome;
  });
  // The other task that failed can still be repeated.
  expect(rows(watch)).toEqual([
    ["a.png", "saved"],
    ["b.png", "failed"],
  ]);
  made.clock.advance(1000);
  const third = made.jobs.start(made.requests("c"), made.options(one));
  await third.outcome;
  expect(watch.ids).toEqual([third.id]);
});

test("what is being prepared has not been sent", async () => {
  const { made, watch } = window();
  const { opened, open: go } = gate();
  const options = made.options(one);
  const provider = {
    ...options.provider,
    prepare: async () => {
      await opened;
      throw new RemixFailure("cancelled", "Stopped.");
    },
  };
  const run = made.jobs.start(made.requests("a"), { ...options, provider });
  await expect.poll(() => rows(watch)).toEqual([["a.png", "preparing"]]);
  expect(watch.run?.money).toMatchObject({ inAir: 0 });
  expect(watch.run?.tasks[0]?.actions).toEqual([{ id: "cancel", title: "Cancel", look: "button" }]);
  go();
  await run.outcome;
});
