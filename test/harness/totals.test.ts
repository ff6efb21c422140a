import { expect, it } from "vitest";
import { judge } from "./totals.ts";

it("takes a suite's own numbers", () => {
  expect(judge(0, true, { passed: 7, failed: 0 })).toEqual({ passed: 7, failed: 0 });
  expect(judge(1, true, { passed: 7, failed: 3 })).toEqual({ passed: 7, failed: 3 });
});

it("counts a step that ended badly as a failure, whatever it wrote down", () => {
  expect(judge(1, true, { passed: 7, failed: 0 })).toEqual({ passed: 7, failed: 1 });
  expect(judge(1, true, undefined)).toEqual({ passed: 0, failed: 1 });
  expect(judge(1, false, undefined)).toEqual({ passed: 0, failed: 1 });
});

it("counts a suite without results as a failure", () => {
  expect(judge(0, true, undefined)).toEqual({ passed: 0, failed: 1 });
  expect(judge(0, true, { passed: 0, failed: 0 })).toEqual({ passed: 0, failed: 1 });
});

it("counts nothing for a step that has no tests and ended well", () => {
  expect(judge(0, false, undefined)).toEqual({ passed: 0, failed: 0 });
});
