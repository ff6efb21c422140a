import type { RetryAllowance } from "./ports.ts";

/** Retries that may be under way at the same time before anything succeeds again. */
const allowance = 30;

/**
 * A budget of retries shared by all tasks: every retry costs one, every success gives one back. While everything
 * fails, no more than `size` requests are repeated, however many tasks are waiting.
 */
export function retryBudget(size = allowance): RetryAllowance {
  let left = size;
  let successes = 0;
  return {
    get successes() {
      return successes;
    },
    take() {
      if (left === 0) {
        return false;
      }
      left--;
      return true;
    },
    refund() {
      successes++;
      left = Math.min(size, left + 1);
    },
  };
}

const firstWait = 1000;
const longestWait = 20_000;
/** A server that asks for more is asked again earlier than it wants. */
const longestAsked = 60_000;

/**
 * Milliseconds to wait before retry number `retry` (from 0): a random share of a span that doubles, which spreads
 * clients out best (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, "full jitter"), but
 * never less than what the server asked for.
 */
export function waitBefore(retry: number, askedMs: number | null, random: () => number): number {
  const span = Math.min(longestWait, firstWait * 2 ** retry);
  return Math.round(Math.max(askedMs ?? 0, random() * span));
}

/**
 * What a `Retry-After` header asks for in milliseconds, 0 to 60,000: seconds, or a date (RFC 9110, 10.2.3). Null for
 * one that makes no sense; none is documented for Runware.
 */
export function retryAfter(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) {
    return clamp(Number(text) * 1000);
  }
  // Dates have a letter; without one, `Date.parse` makes a date of almost any number, negative ones too.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : clamp(date - now.getTime());
}

function clamp(milliseconds: number): number {
  return Math.min(longestAsked, Math.max(0, milliseconds));
}

const firstPoll = 1000;
const longestPoll = 10_000;

/** Milliseconds before poll number `poll` (from 0): 1 s, then half as much again each time up to 10 s, give or take a fifth. */
export function pollWait(poll: number, random: () => number): number {
  const wait = Math.min(longestPoll, firstPoll * 1.5 ** poll);
  return Math.round(wait * (0.8 + 0.4 * random()));
}
