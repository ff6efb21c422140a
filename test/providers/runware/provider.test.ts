/** What the provider does where nothing goes wrong, and what goes wrong on this side. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { RemixFailure } from "../../../src/engine/failure.ts";
import type { HttpLimits, HttpPort } from "../../../src/engine/http.ts";
import { fetchHttp } from "../../../src/platform/http.ts";
import { newUploadPlaces } from "../../../src/providers/runware/references.ts";
import { sha256Hex } from "../../../src/recipe/hash.ts";
import { startEmulator } from "../../emulator/startEmulator.ts";
import { expectPromisesKept, FastClock, journalIn, play } from "./world.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());
const { ledger, faults } = emulator;
vi.setConfig({ testTimeout: 30_000 });

describe.each(["async", "sync"] as const)("%s", (deliveryMethod) => {
  test.each(["URL", "base64Data", "dataURI"] as const)("brings twenty results by %s", async (outputType) => {
    const played = await play(emulator, { recipe: { deliveryMethod, outputType, numberResults: 20 } });
    expect(played.failure).toBeUndefined();
    expect(new Set(played.results.map(({ imageUUID }) => imageUUID)).size).toBe(20);
    expect(played.results.reduce((sum, { cost }) => sum + (cost ?? 0), 0)).toBeCloseTo(1.2);
    expect(ledger.undelivered()).toEqual([]);
    expect(played.unsettled).toEqual([]);
    await expectPromisesKept(emulator, played);
  });
});

test("tells results apart that come without ids: each is charged, written down and handed over once", async () => {
  faults.inject({ name: "namelessResults", when: { times: 99 } });
  const { results, failure, journal, unsettled } = await play(emulator, { recipe: { numberResults: 4 } });
  expect([failure, unsettled]).toEqual([undefined, []]);
  expect(ledger.undelivered()).toEqual([]);
  const names = new Set(results.map(({ imageUUID }) => imageUUID));
  expect(names.size).toBe(4);
  expect([...names].filter((name) => journal.includes(`"imageUUID":"${name}"`))).toHaveLength(4);
});

test.each(["async", "lost"])(
  "a key that goes while a task is out (%s) leaves it open, and nothing is sent again",
  async (how) => {
    if (how === "lost") {
      faults.inject({ name: "connectionLost", moment: "afterWork", when: { taskType: "imageInference" } });
    }
    let isThere = true;
    const post: HttpPort["post"] = async (...given) => {
      const outcome = await fetchHttp.post(...given);
      isThere &&= !given[2].includes('"imageInference"');
      return outcome;
    };
    const key = async () => (isThere ? emulator.key : undefined);
    const played = await play(emulator, { parts: { key, http: { ...fetchHttp, post } } });
    expect(played.failure).toMatchObject({ code: "authentication", isOpen: true });
    expect(played.failure?.message).toMatch(/may still be charged.*Task .* is kept/);
    expect(played.unsettled).toHaveLength(1);
    expect(ledger.requests("imageInference")).toHaveLength(1);
    await expectPromisesKept(emulator, played);
  },
);

test("passes everything on that concerns delivery, and writes down none of its secrets", async () => {
  const webhookURL = "https://example.com/hook?token=canaryToken";
  const uploadEndpoint = "https://bucket.example.com/put?X-Signature=canaryToken";
  const recipe = { webhookURL, uploadEndpoint, ttl: 60, includeCost: false, "safety.mode": "fast" } as const;
  const played = await play(emulator, { recipe });
  expect(played.failure).toBeUndefined();
  expect(played.results).toMatchObject([{ cost: null, flagged: false }]);
  expect(ledger.requests("imageInference")[0]?.tasks).toMatchObject([
    { webhookURL, uploadEndpoint, ttl: 60, includeCost: false, safety: { mode: "fast" } },
  ]);
  expect(played.journal + played.log).not.toContain("canaryToken");
  expect(played.journal).toContain('"webhookURL":"https://example.com"');
});

test("polls at a second, then less and less often, at most every ten seconds", async () => {
  const slow = await startEmulator({ progressSteps: 9 });
  try {
    const { clock } = await play(slow);
    expect(clock.slept).toEqual([1000, 1500, 2250, 3375, 5063, 7594, 10_000, 10_000, 10_000, 10_000]);
  } finally {
    await slow.close();
  }
});

test("uploads a picture once, for all tasks and sessions, and again when the service has forgotten it", async () => {
  const uploads = new Map<string, string>();
  const cache = {
    get: (hash: string) => uploads.get(hash),
    set: (hash: string, uuid: string) => void uploads.set(hash, uuid),
    delete: (hash: string) => void uploads.delete(hash),
  };
  const parts = { uploads: cache };
  for (const positivePrompt of ["one", "two"]) {
    expect((await play(emulator, { parts, recipe: { positivePrompt } })).failure).toBeUndefined();
  }
  expect(ledger.uploads()).toHaveLength(1);
  emulator.clock.advance(40 * 24 * 3600);
  expect((await play(emulator, { parts, recipe: { positivePrompt: "three" } })).failure).toBeUndefined();
  expect((await play(emulator, { parts, recipe: { positivePrompt: "four" } })).failure).toBeUndefined();
  expect(ledger.uploads()).toHaveLength(2);
  const forms = ledger.accepted().map(({ references }) => references[0]?.form);
  expect(forms).toEqual(["UUID", "UUID", "dataURI", "UUID"]);
});

test("N8: uploads few pictures at a time, however many tasks there are", async () => {
  let uploading = 0;
  let most = 0;
  const http: HttpPort = {
    ...fetchHttp,
    async post(url, headers, body, limits) {
      const isUpload = body.includes('"mediaStorage"');
      uploading += isUpload ? 1 : 0;
      most = Math.max(most, uploading);
      const outcome = await fetchHttp.post(url, headers, body, limits);
      uploading -= isUpload ? 1 : 0;
      return outcome;
    },
  };
  const uploads = { get: () => undefined, set: () => undefined, delete: () => undefined };
  const uploadPlaces = newUploadPlaces();
  const all = Array.from({ length: 12 }, (_, index) =>
    play(emulator, {
      parts: { uploads, uploadPlaces, http },
      recipe: { positivePrompt: `picture ${index}` },
    }),
  );
  expect((await Promise.all(all)).map(({ failure }) => failure)).toEqual(Array(12).fill(undefined));
  expect(ledger.uploads()).toHaveLength(12);
  expect(most).toBe(3);
});

test.each([
  { name: "serverError", when: { taskType: "mediaStorage" } },
  { name: "connectionLost", when: { taskType: "mediaStorage" } },
  { name: "htmlPage", when: { taskType: "mediaStorage" } },
] as const)("sends the picture with the request when it cannot be uploaded: $name", async (fault) => {
  faults.inject(fault);
  const uploads = { get: () => undefined, set: () => undefined, delete: () => undefined };
  const played = await play(emulator, { parts: { uploads } });
  expect(played.failure).toBeUndefined();
  expect(ledger.accepted()[0]?.references[0]?.form).toBe("dataURI");
});

test("sends style references as they are prepared", async () => {
  const read: string[] = [];
  const played = await play(emulator, {
    recipe: { styleReferenceImages: ["style/one.png"] },
    parts: {
      prepareStyle: async (reference, task) => {
        read.push(`${task.source.name}: ${reference}`);
        const { picture } = await import("../../emulator/testing/client.ts");
        return { bytes: new Uint8Array(await picture("webp")), mime: "image/webp" };
      },
    },
  });
  expect(played.failure).toBeUndefined();
  expect(read).toEqual(["hero.png: style/one.png"]);
  expect(ledger.accepted()[0]?.references).toHaveLength(2);
});

test("F2: sends nothing that cannot be written down first", async () => {
  const file = path.join(import.meta.dirname, "provider.test.ts");
  const played = await play(emulator, { parts: { journal: journalIn(file) } });
  expect(played.failure?.code).toMatch(/readOnly|unknown/);
  expect(ledger.requests()).toEqual([]);
});

test("loses no picture when the journal breaks after the submission", async () => {
  const storage = await mkdtemp(path.join(os.tmpdir(), "image-remix-journal-"));
  const journal = journalIn(storage);
  const fail = () => Promise.reject(new RemixFailure("diskFull", "The disk is full."));
  const played = await play(emulator, {
    parts: {
      journal: {
        submitting: (note) => journal.submitting(note),
        accepted: fail,
        received: fail,
        settled: fail,
      },
    },
  });
  expect(played.results).toHaveLength(1);
  expect(played.log).toContain("The disk is full");
  expect(await journalIn(storage).allOpenTasks()).toHaveLength(1);
  await rm(storage, { recursive: true });
});

test("what was prepared in vain costs nothing", async () => {
  const reason = new RemixFailure("tooLarge", "hero.png is too large.");
  const played = await play(emulator, { parts: { prepare: () => Promise.reject(reason) } });
  expect(played.failure).toBe(reason);
  expect(ledger.requests()).toEqual([]);
  expect(played.journal).toBe("");
});

test("a task stays in the journal when its results cannot be saved", async () => {
  const played = await play(emulator, {
    recipe: { numberResults: 2 },
    onResult: () => {
      throw new RemixFailure("diskFull", "The disk is full.");
    },
  });
  expect(played.failure?.code).toBe("diskFull");
  expect(played.unsettled).toMatchObject([{ isAccepted: true, received: [{ cost: 0.06 }] }]);
  await expectPromisesKept(emulator, played);
});

test("S16: a service that repeats the key does not bring it into a message", async () => {
  const message = `The key ${emulator.key} is unwell: https://example.com/?token=canaryToken`;
  faults.inject({ name: "taskRefused", code: `odd${emulator.key}`, message, status: 400 });
  const played = await play(emulator);
  expect(played.failure?.message).toMatch(/The key … is unwell/);
  expect(played.failure?.message).not.toContain("canaryToken");
  await expectPromisesKept(emulator, played);
});

test("H8: stopped while a picture is downloaded, it stays in the journal as paid", async () => {
  const stop = new AbortController();
  faults.inject({ name: "imageSlow", bytesPerSecond: 1000 });
  const http = {
    ...fetchHttp,
    get: (url: string, limits: HttpLimits) => {
      setImmediate(() => stop.abort());
      return fetchHttp.get(url, limits);
    },
  };
  const played = await play(emulator, { signal: stop.signal, parts: { http } });
  expect(played.failure).toMatchObject({ code: "abandoned" });
  expect(played.unsettled).toMatchObject([{ isAccepted: true, received: [{ cost: 0.06 }] }]);
  await expectPromisesKept(emulator, played);
});

test("H8: stopped while the request is under way, it may be charged, and says so", async () => {
  const stop = new AbortController();
  const http = {
    ...fetchHttp,
    post: async (...given: Parameters<typeof fetchHttp.post>) => {
      const outcome = await fetchHttp.post(...given);
      stop.abort();
      return outcome.kind === "reply"
        ? ({ kind: "failed", failure: "aborted", detail: "" } as const)
        : outcome;
    },
  };
  const played = await play(emulator, { signal: stop.signal, parts: { http } });
  expect(played.failure).toMatchObject({
    code: "abandoned",
    message: expect.stringMatching(/may still be charged/),
  });
  expect(played.unsettled).toHaveLength(1);
  await expectPromisesKept(emulator, played);
});

test("a key that is changed while it is not known what became of a task is not charged for it as well", async () => {
  const other = "anotherKey0123456789abcdefghijkl";
  emulator.account.setKeys([emulator.key, other]);
  let { key } = emulator;
  const http: HttpPort = {
    ...fetchHttp,
    post: async (url, headers, body, limits) => {
      if (key === other) {
        return fetchHttp.post(url, headers, body, limits);
      }
      // The first account may have got it; the second does not know it.
      key = other;
      return { kind: "failed", failure: "unknown", detail: "" };
    },
  };
  const played = await play(emulator, { parts: { http, key: async () => key } });
  expect(played.failure).toMatchObject({
    code: "authentication",
    isOpen: true,
    message: expect.stringMatching(/the API key was changed.*may still be charged/),
  });
  expect(played.unsettled).toMatchObject([
    { submission: { keyMark: expect.stringMatching(/^[0-9a-f]{32}$/) } },
  ]);
  expect(played.journal).not.toContain(emulator.key);
  expect(ledger.requests("imageInference")).toEqual([]);
  expect(ledger.requests("getResponse").length).toBeGreaterThan(0);
});

test("a key that is changed before a task is sent again is the one that is written down", async () => {
  const other = "anotherKey0123456789abcdefghijkl";
  emulator.account.setKeys([emulator.key, other]);
  faults.inject({ name: "rateLimited", when: { times: 1 } });
  let { key } = emulator;
  const clock = new FastClock();
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (milliseconds) => {
    key = other;
    await sleep(milliseconds);
  };
  const sent: (string | undefined)[] = [];
  const http: HttpPort = {
    ...fetchHttp,
    post: async (url, headers, body, limits) => {
      sent.push(headers["authorization"]);
      const reply = await fetchHttp.post(url, headers, body, limits);
      // The second one arrives, and nothing is ever heard of it again.
      return key === other ? { kind: "failed", failure: "unknown", detail: "" } : reply;
    },
  };
  const played = await play(emulator, { parts: { http, clock, key: async () => key } });
  expect(sent.slice(0, 2)).toEqual([`Bearer ${emulator.key}`, `Bearer ${other}`]);
  const hash = await sha256Hex(new TextEncoder().encode(`${played.taskUUID} ${other}`));
  expect(played.unsettled[0]?.submission?.keyMark).toBe(hash.slice(0, 32));
});

test("H8: stopped while it waits to be sent again, nothing was charged", async () => {
  const stop = new AbortController();
  faults.inject({ name: "rateLimited", when: { times: 9 } });
  const clock = new FastClock();
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (milliseconds) => {
    stop.abort();
    await sleep(milliseconds);
  };
  const played = await play(emulator, { signal: stop.signal, parts: { clock } });
  expect(played.failure).toMatchObject({
    code: "cancelled",
    message: expect.stringMatching(/Nothing was charged/),
  });
  expect(played.unsettled).toEqual([]);
  expect(ledger.charged()).toEqual([]);
});

test("S10, S11: no stranger receives anything, wherever replies and redirects point", async () => {
  const seen: string[] = [];
  const attacker = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => attacker.listen(0, "127.0.0.1", resolve));
  const to = `http://localhost:${(attacker.address() as AddressInfo).port}/stolen`;
  faults.inject({ name: "redirect", to });
  expect((await play(emulator)).failure?.code).toBe("network");
  faults.inject({ name: "imageAddress", url: to });
  const first = await play(emulator);
  faults.inject({ name: "imageRedirect", to, when: { times: 99 } });
  const second = await play(emulator, { recipe: { positivePrompt: "another" } });
  expect([first, second].map(({ unsettled }) => unsettled.length)).toEqual([1, 1]);
  expect(seen).toEqual([]);
  attacker.close();
});
