import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyOf } from "../../../src/providers/runware/body.ts";

const picture = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((bytes) => `data:image/png;base64,${Buffer.from(bytes).toString("base64").repeat(8000)}`);
/** As long as a picture, and nothing of the kind. */
const notOne = fc.constantFrom(`"${"\\".repeat(20_000)}`, `data:text/html,${'"'.repeat(20_000)}`);

test("a request reads the same whether pictures are in it or not", () => {
  const text = fc.oneof({ weight: 4, arbitrary: fc.string({ unit: "binary" }) }, picture, notOne);
  const task = fc.record({
    positivePrompt: text,
    seed: fc.integer(),
    inputs: fc.record({ referenceImages: fc.array(text, { maxLength: 3 }) }),
    style: fc.array(picture, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(task, (one) => {
      expect(bodyOf(one, randomUUID())).toBe(JSON.stringify([one]));
    }),
  );
});
