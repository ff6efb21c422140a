import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { RemixFailure } from "../../src/engine/failure.ts";
import type { OpenTask } from "../../src/engine/journal.ts";
import type { Provider } from "../../src/engine/ports.ts";
import { type Bench, endpoint, paid, result, submissionOf } from "./bench.ts";
import {
  closeBenches,
  codes,
  collecting,
  handedOn,
  recovered,
  refused,
  send,
  stage,
  unasked,
  unknown,
} from "./recovering.ts";

afterEach(closeBenches);

describe("a picture that was complete", () => {
  test("gets its name, without anybody being asked", async () => {
    const made = await handedOn(async (first) => {
      await send(first, "t");
      await stage(first, "t", "one");
      writeFileSync(path.join(first.pictures, "a.remix-1.png"), "mine");
    });
    const { saved, failed, unsent } = await recovered(made, unasked);
    expect([failed, unsent]).toEqual([[], []]);
    const output = path.join(made.pictures, "a.remix-2.png");
    expect(saved).toMatchObject([{ output, imageUUID: "one", seed: "7", cost: 0.06, taskUUID: "t" }]);
    expect(readFileSync(output, "utf8")).toBe("one");
    expect(made.saved()).toEqual(["a.remix-1.png", "a.remix-2.png"]);
    expect(await made.onDisk()).toEqual([]);
  });

  test("and had its name already is found, and not made twice", async () => {
    const made = await handedOn(async (first) => {
      await send(first, "t");
      const { temporary } = await stage(first, "t", "one");
      writeFileSync(path.join(first.pictures, "a.remix-1.png"), readFileSync(temporary));
    });
    const { saved } = await recovered(made, unasked);
    expect(saved.map(({ output }) => path.basename(output))).toEqual(["a.remix-1.png"]);
    expect(made.saved()).toEqual(["a.remix-1.png"]);
    expect(await made.onDisk()).toEqual([]);
  });

  test.each([
    { name: "has none yet", before: [] },
    { name: "has one already", before: ["a.remix-1.png", "a.remix-1.png.json"] },
  ])("and $name gets the file beside it that was to be written", async ({ before }) => {
    const made = await handedOn(async (first) => {
      await send(first, "t");
      await stage(first, "t", "one", "one", { sidecar: "{}" });
      for (const name of before) {
        writeFileSync(path.join(first.pictures, name), name.endsWith(".json") ? "{}" : "one");
      }
    });
    await recovered(made, unasked);
    expect(made.saved()).toEqual(["a.remix-1.png", "a.remix-1.png.json"]);
    expect(readFileSync(path.join(made.pictures, "a.remix-1.png.json"), "utf8")).toBe("{}");
  });

  test("and whose end only was not noted is neither told nor fetched again", async () => {
    const made = await handedOn(async (first) => {
      await send(first, "t");
      await first.journal.saved("t", "one", "/pictures/a.remix-1.png");
    });
    expect(await recovered(made, unasked)).toEqual({ saved: [], failed: [], unsent: [] });
    expect(await made.onDisk()).toEqual([]);
  });

  test.each([
    { name: "is gone", damage: (file: string) => rmSync(file) },
    { name: "is not what was written", damage: (file: string) => writeFileSync(file, "two") },
  ])("and $name is fetched again", async ({ damage }) => {
    const next = await handedOn(async (first) => {
      await send(first, "t");
      const { temporary } = await stage(first, "t", "one");
      damage(temporary);
    });
    const { saved, failed } = await recovered(
      next,
      collecting(() => next, "one"),
    );
    expect(failed).toEqual([]);
    expect(saved).toHaveLength(1);
    expect(await next.onDisk()).toEqual([]);
    // Heard of twice, charged once.
    expect(await next.ledger.charges()).toHaveLength(1);
  });

  test("a file that is not of our own naming is never renamed, whatever stands in a journal", async () => {
    const precious = "precious.png";
    const made = await handedOn(async (first) => {
      await send(first, "t");
      const elsewhere = path.join(first.root, "elsewhere");
      mkdirSync(elsewhere);
      const staged = await stage(first, "t", "one");
      const temporary = path.join(elsewhere, precious);
      writeFileSync(temporary, "one");
      writeFileSync(staged.temporary, "");
      await first.journal.staged("t", { ...staged, temporary });
    });
    await recovered(made, unknown);
    expect(existsSync(path.join(made.root, "elsewhere", precious))).toBe(true);
  });
});

describe("a task that was sent", () => {
  test("has the rest of its results fetched, each once", async () => {
    const next = await handedOn(async (first) => {
      await send(first, "t", 3);
      await stage(first, "t", "one");
    });
    const { saved } = await recovered(
      next,
      collecting(() => next, "one", "two", "three"),
    );
    expect(saved.map(({ imageUUID }) => imageUUID)).toEqual(["one", "two", "three"]);
    expect(next.saved()).toHaveLength(3);
    expect(await next.ledger.charges()).toHaveLength(3);
    expect(await next.onDisk()).toEqual([]);
  });

  test("has the charges noted that its window did not come to", async () => {
    const next = await handedOn(async (first) => {
      await send(first, "t", 2);
      await first.journal.received("t", { imageUUID: "one", imageURL: null, cost: 0.06, seed: null });
      expect(await first.ledger.charges()).toEqual([]);
    });
    await recovered(
      next,
      collecting(() => next, "one", "two"),
    );
    expect((await next.ledger.charges()).map(({ imageUUID }) => imageUUID)).toEqual(["one", "two"]);
  });

  test("and that the service never received was not charged, and can be sent anew", async () => {
    const next = await handedOn((first) => send(first, "t"));
    const { saved, failed, unsent } = await recovered(next, unknown);
    expect([saved, failed]).toEqual([[], []]);
    expect(unsent).toMatchObject([{ taskUUID: "t", estimate: 0.06, request: { source: { stem: "a" } } }]);
  });

  test("and was sent with another key is not offered anew: that account may have charged it", async () => {
    const sent = async (first: Bench) => {
      await first.journal.planned([first.plan("t-number")]);
      const submission = submissionOf({ taskUUID: "t-number", source: first.source("a") });
      await first.books.submitting({ ...submission, keyMark: "earlier" });
    };
    const marked = (made: Bench, mark: string) => ({
      provider: async () => ({ ...paid(made.books, refused), collect: unknown, keyMark: async () => mark }),
    });
    const next = await handedOn(sent);
    const outcome = await recovered(next, unknown, marked(next, "today's"));
    expect(outcome.failed).toMatchObject([
      {
        failure: {
          code: "authentication",
          isOpen: true,
          message: expect.stringMatching(/t-number.*another API key/),
        },
      },
    ]);
    expect(outcome.unsent).toEqual([]);
    expect(await next.onDisk()).toHaveLength(1);
    // With its own key it is known that it never arrived.
    const { unsent } = await recovered(next, unknown, marked(next, "earlier"), await next.onDisk());
    expect(unsent).toMatchObject([{ taskUUID: "t-number" }]);
  });

  test.each(["accepted", "received"] as const)(
    "and was %s, and is no longer known, is told with its number",
    async (how) => {
      const next = await handedOn(async (first) => {
        await send(first, "t-number");
        await (how === "accepted"
          ? first.journal.accepted("t-number")
          : first.journal.received("t-number", { imageUUID: "one", imageURL: null, cost: 0.06, seed: null }));
      });
      const outcome = await recovered(next, unknown);
      expect(codes(outcome)).toEqual(["abandoned"]);
      expect(outcome.failed[0]?.failure.message).toMatch(/a\.png \(task t-number\).*may have been charged/);
      expect(outcome.unsent).toEqual([]);
      // The key may be another one: only the user can give it up.
      expect(outcome.failed[0]).toMatchObject({ failure: { isOpen: true }, taskUUID: "t-number" });
      expect(await next.onDisk()).toHaveLength(1);
    },
  );

  test("stays open when it cannot be asked after", async () => {
    const next = await handedOn((first) => send(first, "t"));
    const offline: NonNullable<Provider["collect"]> = async function* () {
      yield* [];
      throw new RemixFailure("network", "Offline.", { isOpen: true });
    };
    expect(codes(await recovered(next, offline))).toEqual(["network"]);
    expect(await next.onDisk()).toHaveLength(1);
  });

  test("stays open when the user stops waiting for it, and nobody is asked", async () => {
    const next = await handedOn((first) => send(first, "t"));
    const stop = new AbortController();
    stop.abort();
    const outcome = await recovered(next, unasked, {}, undefined, undefined, stop.signal);
    expect(outcome.failed).toMatchObject([
      { failure: { code: "abandoned", isOpen: true, message: expect.stringMatching(/Resume Pending/) } },
    ]);
    expect(await next.onDisk()).toHaveLength(1);
  });

  test("stays open without a key, and says what to do", async () => {
    const next = await handedOn((first) => send(first, "t"));
    const { failed, unsent } = await recovered(next, undefined);
    expect(failed).toMatchObject([{ failure: { code: "authentication", isOpen: true } }]);
    expect(failed[0]?.failure.message).toMatch(/task t\).*Set an API key, then run Resume Pending/);
    expect(unsent).toEqual([]);
    expect(await next.onDisk()).toHaveLength(1);
  });

  test("elsewhere is asked after nowhere else", async () => {
    const next = await handedOn(async (first) => {
      await first.journal.planned([first.plan("t")]);
      const submission = submissionOf({ taskUUID: "t", source: first.source("a") });
      await first.books.submitting({ ...submission, endpoint: "https://other.example/v1" });
    });
    const { failed } = await recovered(next, unasked);
    expect(endpoint).not.toContain("other.example");
    expect(failed[0]?.failure.message).toContain("set imageRemix.runware.endpoint to that");
    expect(failed[0]?.failure.message).toContain("https://other.example/v1");
    expect(await next.onDisk()).toHaveLength(1);
  });

  test("stays open when its picture can be saved nowhere", async () => {
    const next = await handedOn((first) => send(first, "t"));
    const full = () => Promise.reject(new RemixFailure("diskFull", "The disk is full."));
    const results = { ...next.parts.results, stage: full, keep: full };
    expect(
      codes(
        await recovered(
          next,
          collecting(() => next, "one"),
          { results },
        ),
      ),
    ).toEqual(["diskFull"]);
    expect(await next.onDisk()).toMatchObject([{ received: [{ imageUUID: "one" }], saved: [] }]);
  });

  test("does not keep others from being brought to their end", async () => {
    const next = await handedOn(async (first) => {
      for (const id of ["a", "b", "c", "d", "e", "f"]) {
        await send(first, id);
      }
    });
    const fetched = collecting(() => next, "x");
    const { saved, failed } = await recovered(next, (task, known, signal) =>
      task.taskUUID === "b" ? refused() : fetched(task, known, signal),
    );
    expect([saved.length, failed.length]).toEqual([5, 1]);
    expect((await next.onDisk()).map(({ taskUUID }) => taskUUID)).toEqual(["b"]);
  });
});

describe("a task that was not sent", () => {
  test("is offered as it was planned", async () => {
    const next = await handedOn(async (first) => {
      await first.journal.planned([first.plan("t")]);
    });
    const { unsent } = await recovered(next, unasked);
    expect(unsent).toMatchObject([
      { taskUUID: "t", request: { recipe: { values: { positivePrompt: "teal" } } } },
    ]);
    const [request] = next.requests("a");
    expect(unsent[0]?.request.recipe.values).toEqual(request?.recipe.values);
    expect(await next.onDisk()).toHaveLength(1);
  });

  test("and is sent then leaves nothing behind", async () => {
    const next = await handedOn(async (first) => {
      await first.journal.planned([first.plan("t")]);
    });
    const { unsent } = await recovered(next, unasked);
    const options = next.options(
      async function* () {
        yield result();
      },
      { taskUUIDs: unsent.map(({ taskUUID }) => taskUUID) },
    );
    const { saved } = await next.jobs.start(
      unsent.map(({ request }) => request),
      options,
    ).outcome;
    expect(saved).toMatchObject([{ taskUUID: "t" }]);
    expect(await next.onDisk()).toEqual([]);
  });

  test("and whose record was tampered with is told", async () => {
    const next = await handedOn(async (first) => {
      await first.journal.planned([{ ...first.plan("t"), recipe: { positivePrompt: 5 } }]);
    });
    const { failed } = await recovered(next, unasked);
    expect(failed).toMatchObject([{ failure: { code: "invalidRecipe" } }]);
  });
});

test("a task without its plan is told with its number, and stays", async () => {
  const next = await handedOn(async (first) => {
    await first.journal.submitting(submissionOf({ taskUUID: "t-number", source: first.source("a") }));
  });
  const { failed } = await recovered(next, unasked);
  expect(failed[0]?.failure.message).toMatch(/a\.png \(task t-number\).*Its record is damaged/);
  const left: readonly OpenTask[] = await next.onDisk();
  expect(left).toHaveLength(1);
});
