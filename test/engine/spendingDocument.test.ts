import { expect, it } from "vitest";
import type { Charge } from "../../src/engine/ledger.ts";
import { spendingDocument } from "../../src/engine/spendingDocument.ts";

const now = new Date(2026, 10, 22, 12);
let count = 0;

function charge(more: Partial<Charge>): Charge {
  count += 1;
  return {
    version: 1,
    time: now.toISOString(),
    taskUUID: "t",
    imageUUID: `i${count}`,
    model: "ideogram:1@2",
    renderingSpeed: "DEFAULT",
    preset: null,
    source: "/hero.png",
    cost: 0.06,
    estimate: 0.06,
    ...more,
  };
}

const rowsOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join(" "),
    );

it("sums by day, month, preset and model, as estimated and as charged", () => {
  const yesterday = new Date(2026, 10, 21, 12).toISOString();
  const earlier = new Date(2026, 9, 30, 12).toISOString();
  const text = spendingDocument(
    [
      charge({ cost: 0.08 }),
      charge({ cost: null }),
      charge({ time: yesterday, preset: "a | b`", cost: 0.04 }),
      charge({ time: earlier, renderingSpeed: "TURBO", cost: 0.03, estimate: 0.03 }),
    ],
    now,
  );
  expect(text).toContain("**$0.14 today · $0.18 this month** (2026-11)");
  const rows = rowsOf(text);
  expect(rows).toContain("Today 2 0.06 0.08 +0.02 1");
  expect(rows).toContain("This month 3 0.12 0.12 0.00 1");
  expect(rows).toContain("Ever 4 0.15 0.15 0.00 1");
  expect(rows).toContain("(settings) 2 0.06 0.08 +0.02 1");
  expect(rows).toContain("`ideogram:1@2` DEFAULT 3 0.12 0.12 0.00 1");
  expect(rows).toContain("2026-10 1 0.03 0.03 0.00 0");
  expect(text).toContain("| `` a \\| b` ``");
});

it("says so when there is nothing yet", () => {
  expect(spendingDocument([], now)).toContain("## This month by preset\n\nNothing yet.");
});
