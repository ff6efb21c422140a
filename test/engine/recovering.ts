/** What tests of recovery share: windows that leave tasks behind, and the next window. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { RemixFailure } from "../../src/engine/failure.ts";
import type { OpenTask, StagedResult } from "../../src/engine/journal.ts";
import type { Provider } from "../../src/engine/ports.ts";
import { type Recovered, type RecoveryParts, recover } from "../../src/engine/recovery.ts";
import { readProvenance } from "../../src/platform/metadata/provenance.ts";
import { temporaryFile } from "../../src/platform/pendingFiles.ts";
import { sourceFile } from "../../src/platform/sourceFiles.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { Bench, paid, result, submissionOf } from "./bench.ts";

const benches: Bench[] = [];
/** Gives back what the benches hold. To be called after each test. */
export async function closeBenches(): Promise<void> {
  for (const one of benches.splice(0)) {
    await one.close();
  }
}

/** A window whose tasks are written down by `leave`, which closes then; and the next one in its place. */
export async function handedOn(leave: (made: Bench) => Promise<void>): Promise<Bench> {
  const first = new Bench();
  benches.push(first);
  await leave(first);
  await first.leases.release();
  const next = new Bench({ root: first.root });
  benches.push(next);
  return next;
}

/** What the next window makes of it. */
export async function recovered(
  made: Bench,
  collect: NonNullable<Provider["collect"]> | undefined,
  parts: Partial<RecoveryParts> = {},
  open?: readonly OpenTask[],
  onEnd?: (taskUUID: string, outcome: Recovered) => void,
  signal = new AbortController().signal,
): Promise<Recovered> {
  const tasks = open ?? (await made.journal.takeOver()).tasks;
  const provider = collect === undefined ? undefined : { ...paid(made.books, () => refused()), collect };
  const usual: RecoveryParts = {
    ...made.parts,
    ledger: made.ledger,
    toSource: sourceFile,
    currentRecipe: () => defaultRecipe,
    provider: async () => provider,
    provenanceOf: readProvenance,
    now: () => made.clock.now(),
  };
  return recover({ ...usual, ...parts }, tasks, signal, onEnd);
}

/** Nothing is ever drawn by a recovery. */
export async function* refused(): AsyncGenerator<never> {
  yield* [];
  throw new RemixFailure("unknown", "Nothing may be sent.");
}

/** Plans and sends a task, and writes down that the service has taken it on. */
export async function send(made: Bench, taskUUID: string, results = 1): Promise<void> {
  await made.journal.planned([{ ...made.plan(taskUUID), results }]);
  await made.books.submitting(submissionOf({ taskUUID, source: made.source("a") }));
}

/** Hears of a result, and writes a complete picture under a temporary name. */
export async function stage(
  made: Bench,
  taskUUID: string,
  imageUUID: string,
  content = imageUUID,
  more: Pick<StagedResult, "sidecar"> = {},
): Promise<StagedResult> {
  await made.books.received(taskUUID, { imageUUID, imageURL: null, cost: 0.06, seed: "7" });
  const temporary = temporaryFile(made.pictures, imageUUID);
  writeFileSync(temporary, content);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const staged: StagedResult = {
    imageUUID,
    temporary,
    folder: made.pictures,
    format: "PNG",
    length: content.length,
    sha256,
    ...more,
  };
  await made.journal.staged(taskUUID, staged);
  return staged;
}

/** Hands over what is not known yet, and settles the task, as the real provider does. */
export function collecting(made: () => Bench, ...ids: readonly string[]): NonNullable<Provider["collect"]> {
  return async function* (task, known) {
    const { books } = made();
    for (const imageUUID of ids.filter((id) => !known.has(id))) {
      const one = result({ imageUUID });
      await books.received(task.taskUUID, { imageUUID, imageURL: null, cost: one.cost, seed: one.seed });
      yield one;
    }
    await books.settled(task.taskUUID, "delivered");
  };
}
/** For tasks that need not be asked after. */
export const unasked: NonNullable<Provider["collect"]> = () => refused();
/** The service has never heard of the task. */
export const unknown: NonNullable<Provider["collect"]> = async function* () {
  yield* [];
  throw new RemixFailure("network", "Runware does not know this task.");
};
/** Why what failed has failed. */
export const codes = ({ failed }: Recovered) => failed.map(({ failure }) => failure.code);
