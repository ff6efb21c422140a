/** Behaviours 14 to 23: the connection. 13, 22 and 23 have tests of their own, too. */
import { expect } from "vitest";
import { FastClock, impatient } from "../world.ts";
import { polls, type Row, submissions } from "./row.ts";

const inference = { taskType: "imageInference" } as const;
const sync = { recipe: { deliveryMethod: "sync" } } as const;

export const transportRows: readonly Row[] = [
  ...([200, 502, 503, 504, 524] as const).flatMap((status): Row[] => [
    {
      number: 14,
      plays: `a web page with ${status}, nothing done`,
      faults: [{ name: "htmlPage", status, when: inference }],
      told: "all is there",
      also: (_, emulator) => expect(submissions(emulator)).toBe(2),
    },
    {
      number: 14,
      plays: `a web page with ${status}, all done`,
      faults: [{ name: "htmlPage", status, work: "done", when: inference }],
      told: "all is there",
      also: (_, emulator) => expect(submissions(emulator)).toBe(1),
    },
  ]),
  {
    number: 14,
    plays: "nothing but web pages",
    faults: [{ name: "htmlPage", status: 200, when: { times: 99 } }],
    told: {
      code: "network",
      says: /not known what became of hero\.png.*not Runware.*may still be charged/,
      isOpen: true,
    },
    also: (_, { ledger }) => expect(ledger.requests().length).toBeLessThan(36),
  },
  {
    number: 14,
    plays: "a page that is not there",
    faults: [{ name: "htmlPage", status: 404 }],
    told: { code: "network", says: /no API at this address \(404\).*imageRemix\.runware\.endpoint/ },
  },
  ...([504, 524] as const).flatMap((status) =>
    (["html", "task"] as const).map(
      (body): Row => ({
        number: 15,
        plays: `${status} with ${body} after the work`,
        faults: [{ name: "gatewayTimeout", status, body, when: inference }],
        told: "all is there",
        also: (_, emulator) => expect(submissions(emulator)).toBe(1),
      }),
    ),
  ),
  {
    number: 15,
    plays: "silence after the work",
    faults: [{ name: "connectionLost", moment: "afterWork", how: "stall", when: inference }],
    changes: { parts: impatient },
    told: "all is there",
  },
  ...(["async", "sync"] as const).flatMap((deliveryMethod) => [
    ...(["beforeWork", "afterWork", "duringReply"] as const).map(
      (moment): Row => ({
        number: 16,
        plays: `${deliveryMethod}: connection reset ${moment}`,
        faults: [{ name: "connectionLost", moment, when: inference }],
        changes: { recipe: { deliveryMethod, numberResults: 2 } },
        told: "all is there",
        also: (_, emulator) => expect(submissions(emulator)).toBe(moment === "beforeWork" ? 2 : 1),
      }),
    ),
    {
      number: 16,
      plays: `${deliveryMethod}: JSON that ends in the middle`,
      faults: [{ name: "truncatedJson", when: inference }],
      changes: { recipe: { deliveryMethod } },
      told: "all is there",
    } as const,
    {
      number: 16,
      plays: `${deliveryMethod}: no body`,
      faults: [{ name: "emptyBody", when: inference }],
      changes: { recipe: { deliveryMethod } },
      told: "all is there",
    } as const,
  ]),
  {
    number: 16,
    plays: "connection reset whatever is sent",
    faults: [{ name: "connectionLost", moment: "beforeWork", when: { times: 999 } }],
    told: { code: "network", says: /not known what became of hero\.png.*may still be charged/, isOpen: true },
    also: (_, { ledger }) => expect(ledger.requests().length).toBeLessThan(36),
  },
  {
    number: 16,
    plays: "polls that break off, are cut and are silent",
    faults: [
      { name: "connectionLost", when: { taskType: "getResponse" } },
      { name: "truncatedJson", when: { taskType: "getResponse", nth: 2 } },
      { name: "connectionLost", how: "stall", when: { taskType: "getResponse", nth: 3 } },
    ],
    changes: { parts: impatient },
    told: "all is there",
  },
  ...(
    [
      [{ name: "rateLimited", when: { ...inference, nth: 2, times: 99 } }, "rate", /too many requests/],
      [{ name: "refusedKey", when: { ...inference, nth: 2, times: 99 } }, "authentication", /API key/],
      [{ name: "bodyTooLarge", limit: 1000, when: { nth: 2, times: 99 } }, "tooLarge", /more than Runware/],
    ] as const
  ).map(
    ([fault, code, says]): Row => ({
      number: 16,
      plays: `a reply that is lost, silence about it, and a replay refused by ${fault.name}`,
      faults: [
        { name: "connectionLost", when: inference },
        { name: "emptyPolls", when: { taskType: "getResponse", times: 99 } },
        { name: "detailsShape", when: { taskType: "getTaskDetails", times: 99 } },
        fault,
      ],
      told: { code, says, isOpen: true },
      also: ({ failure }, { ledger }) => {
        expect(failure?.message).toMatch(/not known what became of hero\.png.*may still be charged/);
        expect(ledger.charged()).toHaveLength(1);
      },
    }),
  ),
  {
    number: 17,
    plays: "413",
    faults: [{ name: "bodyTooLarge", limit: 1000 }],
    told: { code: "tooLarge", says: /hero\.png.*0\.0 MB is more than Runware accepts.*Shrink/ },
  },
  {
    number: 17,
    plays: "reset while the body is sent",
    faults: [{ name: "lostDuringUpload", after: 5000 }],
    told: "all is there",
    also: (_, { ledger }) => expect(ledger.accepted()).toHaveLength(1),
  },
  {
    number: 17,
    plays: "a thin line",
    faults: [{ name: "slowUpload", bytesPerSecond: 100_000 }],
    changes: { parts: impatient },
    told: "all is there",
  },
  ...[undefined, "2", "0", "-5", "1e9", "99999", "soon", "Sun, 01 Nov 2026 00:00:07 GMT"].map(
    (retryAfter): Row => ({
      number: 18,
      plays: `429 with Retry-After ${retryAfter}`,
      faults: [{ name: "rateLimited", when: inference, ...(retryAfter === undefined ? {} : { retryAfter }) }],
      told: "all is there",
      also: ({ clock }, emulator) => {
        const [waited = 0] = clock.slept;
        const least =
          { "2": 2000, "99999": 60_000, "Sun, 01 Nov 2026 00:00:07 GMT": 7000 }[retryAfter ?? ""] ?? 0;
        expect(waited).toBeGreaterThanOrEqual(least);
        expect(waited).toBeLessThanOrEqual(60_000);
        expect(submissions(emulator)).toBe(2);
      },
    }),
  ),
  ...(["html", "empty"] as const).map(
    (body): Row => ({
      number: 18,
      plays: `429 with ${body}`,
      faults: [{ name: "rateLimited", body, when: inference }],
      told: "all is there",
    }),
  ),
  {
    number: 18,
    plays: "429 for ever",
    faults: [{ name: "rateLimited", when: { times: 999 } }],
    told: { code: "rate", says: /hero\.png was not remixed.*too many requests.*few minutes/ },
    also: ({ failure }, { ledger }) => {
      expect(failure?.retryable).toBe(true);
      expect(ledger.requests().length).toBeLessThanOrEqual(11);
    },
  },
  {
    number: 19,
    plays: "a proxy that cuts idle requests",
    isAvoided: true,
    faults: [{ name: "idleCut" }],
    told: "all is there",
  },
  {
    number: 19,
    plays: "a proxy that cuts a synchronous request",
    faults: [{ name: "idleCut" }],
    changes: sync,
    told: "all is there",
    also: (_, emulator) => expect(submissions(emulator)).toBe(1),
  },
  {
    number: 20,
    plays: "a certificate that nobody trusts",
    server: { tls: true },
    told: { code: "network", says: /hero\.png.*cannot be trusted.*certificate/i },
    also: ({ failure, clock }, { ledger }) => {
      expect(failure?.retryable).toBe(false);
      expect(clock.slept).toEqual([]);
      expect(ledger.requests()).toEqual([]);
    },
  },
  {
    number: 20,
    plays: "a proxy that wants a password",
    faults: [{ name: "proxyAuthentication" }],
    told: { code: "network", says: /hero\.png.*lost.*proxy wants a password \(407\)/, isOpen: true },
    also: (_, { ledger }) => expect(ledger.requests().length).toBeLessThan(20),
  },
  {
    number: 20,
    plays: "something that does not speak HTTP",
    faults: [{ name: "notHttp" }],
    told: "all is there",
  },
  ...([301, 302, 303, 307, 308] as const).map(
    (status): Row => ({
      number: 21,
      plays: `the API redirects with ${status}`,
      faults: [{ name: "redirect", status }],
      told: { code: "network", says: new RegExp(`points elsewhere \\(${status}\\).*endpoint`) },
      also: (_, { ledger }) => expect(ledger.requests()).toHaveLength(1),
    }),
  ),
  {
    number: 22,
    plays: "a laptop that sleeps until the time is long up",
    server: { progressSteps: 2 },
    changes: () => ({ parts: { clock: new Sleeper() } }),
    told: "all is there",
    also: (_, emulator) => expect(polls(emulator)).toBe(3),
  },
];

/** A clock that jumps by eight hours during the second wait: the deadline passes while nothing runs. */
class Sleeper extends FastClock {
  override async sleep(milliseconds: number): Promise<void> {
    this.advance(this.slept.length === 1 ? 8 * 3_600_000 : 0);
    await super.sleep(milliseconds);
  }
}
