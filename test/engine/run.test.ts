import { expect, test } from "vitest";
import { RemixFailure } from "../../src/engine/failure.ts";
import type { Provider, RemixResult, SourceFile } from "../../src/engine/ports.ts";
import { resolveRecipe } from "../../src/engine/resolve.ts";
import { type Machine, run } from "../../src/engine/run.ts";

const source = (name: string): SourceFile => ({
  path: `/pictures/${name}.png`,
  folder: "/pictures",
  stem: name,
  extension: ".png",
  name: `${name}.png`,
});
const recipe = resolveRecipe([], { recipe: { positivePrompt: "teal" } });
const requests = ["a", "b", "c"].map((name) => ({ source: source(name), recipe }));
const result: RemixResult = { bytes: new Uint8Array([1]), imageUUID: "i", seed: "1", cost: 0.06 };

/** A machine whose disk takes what `accepts` says, by file name. */
function machine(accepts: (name: string) => boolean): Machine {
  const save = async (folder: string, name: string) => {
    if (!accepts(name)) {
      throw new RemixFailure("diskFull", "The disk is full.");
    }
    return `${folder}/${name}`;
  };
  return {
    sources: { read: async () => new Uint8Array([1, 2, 3]) },
    images: { inspect: async () => ({ width: 100, height: 100, format: "png", hasAlpha: false }) },
    results: {
      probe: async () => undefined,
      save: (_bytes, { folder, nameFor }) => save(folder, nameFor(1)),
      keep: (_bytes, nameFor) => save("/kept", `kept ${nameFor(1)}`),
    },
    newUUID: () => "u",
  };
}

function provider(id: "runware" | "local", draw: Provider["remix"]): Provider {
  return { id, remix: draw };
}

async function* four(): AsyncGenerator<RemixResult> {
  yield* [result, result, result, result];
}
const never = new AbortController().signal;

test("a paid picture that its folder will not take is kept, and those after it still come", async () => {
  let saves = 0;
  const disk = machine((name) => name.startsWith("kept") || ++saves !== 2);
  const { saved, failed } = await run(disk, provider("runware", four), requests.slice(0, 1), never);
  expect(saved).toHaveLength(3);
  expect(failed.map(({ failure }) => failure.message)).toEqual([
    "The disk is full. The finished picture is kept as /kept/kept a.remix-1.png.",
  ]);
});

test("when it cannot be kept either, both failures are told", async () => {
  const { failed } = await run(
    machine(() => false),
    provider("runware", four),
    requests.slice(0, 1),
    never,
  );
  expect(failed).toHaveLength(4);
  expect(failed[0]?.failure.message).toBe(
    "The disk is full. It could not be kept in storage either: The disk is full.",
  );
});

test("a result takes the extension of the bytes that came", async () => {
  const draw: Provider["remix"] = async function* () {
    yield { ...result, format: "JPG" };
  };
  const { saved } = await run(
    machine(() => true),
    provider("runware", draw),
    requests.slice(0, 1),
    never,
  );
  expect(saved[0]?.output).toBe("/pictures/a.remix-1.jpg");
});

test("after a cancel, what the provider says of money is told, and the rest is cancelled", async () => {
  const stop = new AbortController();
  const draw: Provider["remix"] = async function* () {
    yield result;
    stop.abort();
    throw new RemixFailure("abandoned", "It may still be charged.");
  };
  const { saved, failed } = await run(
    machine(() => true),
    provider("runware", draw),
    requests,
    stop.signal,
  );
  expect(saved).toHaveLength(1);
  expect(failed.map(({ failure }) => failure.code)).toEqual(["abandoned", "cancelled", "cancelled"]);
});

test.each(["authentication", "credit"] as const)(
  "after a failure of the account (%s) nothing more is sent",
  async (code) => {
    let sent = 0;
    const draw: Provider["remix"] = async function* () {
      sent++;
      if (sent > 0) {
        throw new RemixFailure(code, "No.");
      }
      yield result;
    };
    const { failed } = await run(
      machine(() => true),
      provider("runware", draw),
      requests,
      never,
    );
    expect(sent).toBe(1);
    expect(failed.map(({ failure }) => failure.code)).toEqual([code, code, code]);
  },
);

test("another failure does not stop the others", async () => {
  let sent = 0;
  const draw: Provider["remix"] = async function* () {
    if (++sent === 1) {
      throw new RemixFailure("safety", "No.");
    }
    yield result;
  };
  const { saved, failed } = await run(
    machine(() => true),
    provider("runware", draw),
    requests,
    never,
  );
  expect([saved.length, failed.length]).toEqual([2, 1]);
});
