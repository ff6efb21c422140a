import * as z from "zod/mini";
import { asFailure, RemixFailure } from "./failure.ts";
import type { OpenTask, Received, Submission, TaskJournal, WindowJournal } from "./journal.ts";

/** One charge, as it stands in the ledger. */
export const charge = z.object({
  version: z.literal(1),
  /** When the result was known to be made, ISO 8601. */
  time: z.string(),
  taskUUID: z.string(),
  /** What the charge is known by: the same one is never counted twice. */
  imageUUID: z.string(),
  /** AIR id. */
  model: z.string(),
  renderingSpeed: z.string(),
  preset: z.nullable(z.string()),
  /** Absolute path of the source. */
  source: z.string(),
  /** USD as the service reported it; null where it did not. */
  cost: z.nullable(z.number()),
  /** USD as it was expected. */
  estimate: z.number(),
});
export type Charge = Readonly<z.infer<typeof charge>>;

/** The ledger of all windows on this machine. */
export interface Ledger {
  /** Every charge there ever was, each once, in the order in which they were noted. */
  charges(): Promise<readonly Charge[]>;
  /** Adds a charge. @throws RemixFailure when it cannot be written */
  add(charge: Charge): Promise<void>;
}

/** What may be spent at most, in USD; 0: no limit. */
export interface Caps {
  readonly perDay: number;
  readonly perMonth: number;
}

/** What has been spent, in USD; what was not reported counts as it was estimated. */
export interface Spending {
  readonly today: number;
  readonly thisMonth: number;
}

/** Sums `charges` by the local calendar. */
export function spendingOf(charges: readonly Charge[], now: Date): Spending {
  const day = dayOf(now);
  const month = day.slice(0, 7);
  let today = 0;
  let thisMonth = 0;
  for (const { time, cost, estimate } of charges) {
    const date = dayOf(new Date(time));
    const amount = cost ?? estimate;
    today += date === day ? amount : 0;
    thisMonth += date.startsWith(month) ? amount : 0;
  }
  return { today, thisMonth };
}

/** The local date, `2026-11-22`. */
export function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** What a result of a model at a speed costs, in USD: the median of what was charged, else the documented price. */
export function estimateOf(
  charges: readonly Charge[],
  model: string,
  renderingSpeed: string,
  documented: number,
): number {
  const costs = charges
    .filter((known) => known.model === model && known.renderingSpeed === renderingSpeed)
    .flatMap(({ cost }) => cost ?? [])
    // What was free once, or was said to be, need not be so the next time.
    .filter((cost) => cost > 0)
    .toSorted((a, b) => a - b);
  const middle = costs.length >> 1;
  const upper = costs[middle];
  const lower = costs[costs.length % 2 === 1 ? middle : middle - 1];
  return upper === undefined || lower === undefined ? documented : (upper + lower) / 2;
}

/** What tasks that have been sent may still cost besides what stands in the ledger, in USD. */
export function reservedBy(tasks: readonly OpenTask[], charges: readonly Charge[]): number {
  const charged = new Map<string, number>();
  for (const { taskUUID } of charges) {
    charged.set(taskUUID, (charged.get(taskUUID) ?? 0) + 1);
  }
  return tasks.reduce((sum, { taskUUID, plan, submission }) => {
    // Not what the journal says has come: it hears of a result before the ledger does.
    const expected = plan === null || submission === null ? 0 : plan.results - (charged.get(taskUUID) ?? 0);
    return sum + Math.max(0, expected) * (plan?.estimate ?? 0);
  }, 0);
}

/** What keeping the books needs of the world. */
export interface BookkeepingParts {
  readonly journal: WindowJournal;
  readonly ledger: Ledger;
  /** The open tasks of all windows on this machine. */
  readonly openTasks: () => Promise<readonly OpenTask[]>;
  readonly caps: () => Caps;
  readonly now: () => Date;
}

/** Amounts of money are compared to a hundredth of a cent: sums of fractions are never exact. */
const tolerance = 0.0001;

/**
 * The journal for a provider, with the ledger and the caps behind it. A task is written down first and counted second,
 * together with those of all other windows: so two of them cannot both take the last of the budget.
 */
export function bookkeeping({ journal, ledger, openTasks, caps, now }: BookkeepingParts): TaskJournal {
  /** Charges that could not be written yet. */
  const unwritten = new Map<string, Charge>();

  let turn: Promise<unknown> = Promise.resolve();

  async function submitWithinCap(submission: Submission): Promise<void> {
    if (journal.openTask(submission.taskUUID) === undefined) {
      // While it waited for its turn here it was cancelled, and taken out of the journal.
      throw new RemixFailure(
        "cancelled",
        `${submission.source} was not sent: cancelled. Nothing was charged.`,
      );
    }
    await journal.submitting(submission);
    try {
      await refuseAboveCap();
    } catch (error) {
      await journal.settled(submission.taskUUID, "notSent");
      throw asFailure(error);
    }
  }

  async function refuseAboveCap(): Promise<void> {
    const { perDay, perMonth } = caps();
    // In this order: a task that ends in between has its charges in the ledger by then.
    const tasks = await openTasks();
    const charges = await ledger.charges();
    const { today, thisMonth } = spendingOf(charges, now());
    const reserved = reservedBy(tasks, charges);
    const refusal =
      perDay > 0 && today + reserved > perDay + tolerance
        ? capText("Today's", perDay, today + reserved, "perDay")
        : perMonth > 0 && thisMonth + reserved > perMonth + tolerance
          ? capText("This month's", perMonth, thisMonth + reserved, "perMonth")
          : undefined;
    if (refusal !== undefined) {
      throw new RemixFailure("budget", refusal, { retryable: false });
    }
  }

  async function writeCharges(): Promise<void> {
    for (const [key, entry] of unwritten) {
      await ledger.add(entry);
      unwritten.delete(key);
    }
  }

  return {
    submitting(submission) {
      const { perDay, perMonth } = caps();
      if (perDay === 0 && perMonth === 0) {
        return journal.submitting(submission);
      }
      // One after the other, so that the first ones get what is left of a cap.
      const submitted = turn.then(() => submitWithinCap(submission));
      turn = submitted.catch(() => undefined);
      return submitted;
    },

    accepted: (taskUUID) => journal.accepted(taskUUID),

    async received(taskUUID, result) {
      const entry = chargeOf(journal.openTask(taskUUID), result, now());
      if (entry !== undefined) {
        unwritten.set(entry.imageUUID, entry);
      }
      await journal.received(taskUUID, result);
      await writeCharges();
    },

    async settled(taskUUID, settlement) {
      // Without its charge in the ledger a task must not be forgotten.
      await writeCharges();
      await journal.settled(taskUUID, settlement);
    },
  };
}

/** The ledger's entry for a result; undefined for a task that is not in the journal. */
export function chargeOf(task: OpenTask | undefined, result: Received, now: Date): Charge | undefined {
  if (task?.plan === undefined || task.plan === null || task.submission === null) {
    return undefined;
  }
  const { recipe, preset, estimate, source } = task.plan;
  const { taskUUID } = task;
  const renderingSpeed = String(recipe["renderingSpeed"] ?? "");
  // A picture without an id of its own is told apart by its place among the results.
  const place = task.received.findIndex(({ imageUUID }) => imageUUID === result.imageUUID);
  const imageUUID = result.imageUUID || `${taskUUID}#${place < 0 ? task.received.length : place}`;
  const { model } = task.submission;
  const facts = { taskUUID, imageUUID, model, renderingSpeed, preset, source, cost: result.cost, estimate };
  return { version: 1, time: now.toISOString(), ...facts };
}

function capText(whose: string, cap: number, spent: number, name: keyof Caps): string {
  const sum = `spent, under way and this image come to $${spent.toFixed(2)}, the cap is $${cap.toFixed(2)}`;
  return `${whose} budget does not cover another image: ${sum}. Raise imageRemix.budget.${name}, then try again.`;
}
