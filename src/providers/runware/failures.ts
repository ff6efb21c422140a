import { type FailureOptions, RemixFailure } from "../../engine/failure.ts";
import { parameterAt } from "../../recipe/wire.ts";
import type { Problem } from "./problem.ts";
import { type Subject, wordings } from "./wordings.ts";

/** A problem by which nothing was charged. */
export function failureFrom(problem: Problem, subject: Subject): RemixFailure {
  const { code, retryable, what, next, concernsAll } = wordings[problem.kind];
  const message = `${subject.name} was not remixed: ${what(problem, subject)}. ${next(problem, subject)}`;
  const options = { ...optionsFor(problem, retryable), concernsAll: concernsAll ?? false };
  return new RemixFailure(code, message, options);
}

/** `failure` where nothing gets through at the moment: no retries are left, or none that were made helped anybody. */
export function stormFailure({ code, message, details }: RemixFailure): RemixFailure {
  const options = { retryable: true, concernsAll: true, ...(details === undefined ? {} : { details }) };
  return new RemixFailure(code, message, options);
}

/** A problem after which it is not known whether the task is charged. It must not be sent again under another UUID. */
export function openFailure(problem: Problem, subject: Subject): RemixFailure {
  const { code, what } = wordings[problem.kind];
  const message = `It is not known what became of ${subject.name}: ${what(problem, subject)}. It may still be charged. Task ${subject.taskUUID} is kept, so that its result can be fetched.`;
  const options = { ...optionsFor(problem, false), isOpen: true };
  return new RemixFailure(code === "unknown" ? "provider" : code, message, options);
}

/** The key could not be tested. */
export function testFailure(problem: Problem): RemixFailure {
  const { code, retryable, what, next } = wordings[problem.kind];
  const subject = { name: "", taskUUID: "", model: "", requestBytes: () => 0 };
  const message = `The API key could not be tested: ${what(problem, subject)}. ${next(problem, subject)}`;
  return new RemixFailure(code, message, optionsFor(problem, retryable));
}

/** The user stopped waiting for what has been sent. */
export function abandonedFailure({ name, taskUUID }: Subject): RemixFailure {
  return new RemixFailure(
    "abandoned",
    `Stopped waiting for ${name}. It may still be charged: Runware cannot be told to stop. Task ${taskUUID} is kept, so that its result can be fetched.`,
    { retryable: false, isOpen: true },
  );
}

/** The user stopped before anything was sent. */
export function cancelledFailure({ name }: Pick<Subject, "name">): RemixFailure {
  return new RemixFailure("cancelled", `${name} was not sent: cancelled. Nothing was charged.`);
}

/** The service knows nothing of a task that may have been sent. */
export function unknownTaskFailure({ name, taskUUID }: Subject): RemixFailure {
  return new RemixFailure(
    "network",
    `${name} was not remixed: its request never reached Runware, which does not know task ${taskUUID}. Nothing was charged.`,
    { retryable: true },
  );
}

/** How a task ended of which some results are missing. */
export interface Shortfall {
  readonly delivered: number;
  readonly asked: number;
  /** Results that were charged but could not be had. */
  readonly lost: number;
  /** Why the rest did not come; the first is told. */
  readonly problem: Problem | undefined;
  /** Whether anything may still come, or was charged without being handed over. */
  readonly isOpen: boolean;
}

/** The failure that stands for the results that are missing. */
export function shortfallFailure(
  { delivered, asked, lost, problem, isOpen }: Shortfall,
  subject: Subject,
): RemixFailure {
  const { name, taskUUID } = subject;
  if (delivered === 0 && !isOpen && problem !== undefined) {
    return failureFrom(problem, subject);
  }
  const wording = wordings[problem?.kind ?? "timeout"];
  const cause = problem === undefined ? "Runware did not finish in time" : wording.what(problem, subject);
  const head =
    delivered === 0 ? `${name} was not remixed` : `${delivered} of ${asked} results of ${name} were saved`;
  const paid = lost === 1 ? " One result was charged." : lost > 1 ? ` ${lost} results were charged.` : "";
  const kept = isOpen
    ? `${lost === 0 ? " What is missing may still be charged." : paid} Task ${taskUUID} is kept, so that its result can be fetched.`
    : ` ${problem === undefined ? "" : wording.next(problem, subject)}`;
  const message = `${head}: ${cause}.${kept}`.trimEnd();
  const code = problem === undefined ? "timeout" : wording.code;
  const options = { ...optionsFor(problem, !isOpen && wording.retryable), isOpen };
  return new RemixFailure(code, message, options);
}

function optionsFor(problem: Problem | undefined, retryable: boolean): FailureOptions {
  const [parameter] = (problem?.parameters ?? []).flatMap((path) => parameterAt(path) ?? []);
  return {
    retryable,
    ...(parameter === undefined ? {} : { parameter }),
    ...(problem === undefined || problem.details === "" ? {} : { details: problem.details }),
  };
}
