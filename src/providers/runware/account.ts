import * as z from "zod/mini";
import { Connection } from "./connection.ts";
import { testFailure } from "./failures.ts";
import type { ConnectionParts } from "./ports.ts";
import { plainProblem } from "./problem.ts";
import { judge } from "./verdict.ts";

/** What is left on the account. */
export interface Balance {
  /** USD unless `currency` says otherwise; null where the service does not say. */
  readonly amount: number | null;
  readonly currency: string;
}

const numeric = z.union([z.number(), z.string().check(z.regex(/^-?\d+(\.\d+)?$/))]);
/** Seen as a number in Runware's CLI and as an object in the field. */
const balance = z.union([
  numeric,
  z.object({ amount: numeric, currency: z.catch(z.optional(z.string()), undefined) }),
]);

/**
 * Asks what is left on the account, which costs nothing: whether key and connection are good.
 *
 * @param signal ends the waiting; that counts as no answer in time
 * @throws RemixFailure `authentication`, `network`, `rate`, `timeout` or `provider`
 */
export async function accountBalance(parts: ConnectionParts, signal: AbortSignal): Promise<Balance> {
  const connection = new Connection(parts);
  const taskUUID = parts.newUUID();
  const answer = await connection.send(
    { taskType: "accountManagement", taskUUID, operation: "getDetails" },
    { signal },
  );
  if (signal.aborted) {
    throw testFailure(plainProblem("timeout", ""));
  }
  const [item] = answer.kind === "answered" ? answer.items : [];
  if (item === undefined) {
    const verdict = judge(answer, taskUUID);
    throw testFailure("problem" in verdict ? verdict.problem : plainProblem("unreadable", ""));
  }
  const read = balance.safeParse(item.balance);
  if (!read.success) {
    return { amount: null, currency: "USD" };
  }
  return typeof read.data === "object"
    ? { amount: Number(read.data.amount), currency: read.data.currency ?? "USD" }
    : { amount: Number(read.data), currency: "USD" };
}
