import { z } from "zod";
import { textField } from "../json.ts";
import type { RequestEntry } from "../ledger.ts";
import { repeatableNumbers } from "../random.ts";
import { catalogue, type FaultName, type FaultParameters } from "./catalogue.ts";
import type { Effect, Moment, Moments, Subject } from "./effect.ts";

const when = z.strictObject({
  /** Only for tasks of this type. */
  taskType: z.string().optional(),
  /** Only for this task. */
  taskUUID: z.string().optional(),
  /** From the nth time on that it could be played, counted from 1 and from the injection. */
  nth: z.int().min(1).optional(),
  /** So often, then no more; once by default, or for ever for faults that last or have a probability. */
  times: z.int().min(1).optional(),
  /** 0 to 1: by chance. */
  probability: z.number().min(0).max(1).optional(),
  /** For the same chances again; 1 by default. */
  seed: z.int().optional(),
});

/** When a fault is played. */
export type When = z.infer<typeof when>;

/** A fault to be played: its name, when, and its own parameters. */
export type Injection = {
  [Name in FaultName]: { readonly name: Name; readonly when?: When } & FaultParameters<Name>;
}[FaultName];

/** A fault that has been injected. */
export interface InjectedFault {
  readonly id: number;
  readonly name: FaultName;
  /** How often it has been played. */
  readonly played: number;
  /** Takes it away. */
  remove(): void;
}

interface ActiveFault {
  readonly id: number;
  readonly name: FaultName;
  readonly effect: Effect;
  readonly when: When;
  readonly times: number;
  readonly chance: () => number;
  seen: number;
  played: number;
}

/** The faults that are waiting to be played. */
export class FaultBox {
  readonly #active = new Map<number, ActiveFault>();
  #lastId = 0;

  /**
   * Has a fault played. Several can wait at the same time; those that are due together are played one upon the
   * other, in the order of injection.
   *
   * @throws Error (of zod, where it is about a value) if there is no such fault or a parameter does not fit
   */
  inject(injection: Injection): InjectedFault {
    const { name, when: given, ...parameters } = injection;
    const definition = catalogue[name];
    if (definition === undefined) {
      throw new Error(
        `There is no fault "${String(name)}". There are: ${Object.keys(catalogue).join(", ")}.`,
      );
    }
    const parsed = when.parse(given ?? {});
    const isLasting = definition.lasting || parsed.probability !== undefined;
    const fault: ActiveFault = {
      id: ++this.#lastId,
      name,
      effect: definition.prepare(parameters),
      when: { taskType: definition.taskType, ...parsed },
      times: parsed.times ?? (isLasting ? Number.POSITIVE_INFINITY : 1),
      chance: repeatableNumbers(parsed.seed ?? 1),
      seen: 0,
      played: 0,
    };
    this.#active.set(fault.id, fault);
    return {
      id: fault.id,
      name,
      get played() {
        return fault.played;
      },
      remove: () => {
        this.#active.delete(fault.id);
      },
    };
  }

  /** The faults that are injected, and how often each has been played. */
  list(): readonly { readonly id: number; readonly name: FaultName; readonly played: number }[] {
    return [...this.#active.values()].map(({ id, name, played }) => ({ id, name, played }));
  }

  clear(): void {
    this.#active.clear();
  }

  /** What is to be played now; counts as played and is noted in the request's entry. */
  due<At extends Moment>(moment: At, entry: RequestEntry, subject: Subject): Moments[At][] {
    return [...this.#active.values()].flatMap((fault) => {
      const effect: Partial<Moments> = fault.effect;
      const play = effect[moment];
      if (play === undefined || !isAbout(fault, subject) || !isDue(fault)) {
        return [];
      }
      fault.played++;
      entry.faults.push(fault.name);
      return [play];
    });
  }
}

function isAbout({ when: { taskType, taskUUID }, effect }: ActiveFault, subject: Subject): boolean {
  const isTask = subject.tasks.some(
    (task) =>
      (taskType === undefined || textField(task, "taskType") === taskType) &&
      (taskUUID === undefined || textField(task, "taskUUID") === taskUUID),
  );
  const isAny = taskType === undefined && taskUUID === undefined;
  return (isAny || isTask) && (effect.applies === undefined || effect.applies(subject));
}

function isDue(fault: ActiveFault): boolean {
  const { nth, probability } = fault.when;
  if (fault.played >= fault.times) {
    return false;
  }
  fault.seen++;
  return fault.seen >= (nth ?? 1) && (probability === undefined || fault.chance() < probability);
}
