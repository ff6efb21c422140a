import { expect, test, vi } from "vitest";
import { failureFrom, openFailure } from "../../../src/providers/runware/failures.ts";
import { plainProblem } from "../../../src/providers/runware/problem.ts";

test.each([
  ["timeout", 0],
  ["rate", 0],
  ["validation", 0],
  ["tooLarge", 1],
] as const)("a failure of the kind %s asks for the request's length %i times", (kind, times) => {
  const requestBytes = vi.fn(() => 12_345_678);
  const subject = { name: "hero.png", taskUUID: "one", model: "ideogram:1@2", requestBytes };
  const { message } = failureFrom(plainProblem(kind, ""), subject);
  expect(requestBytes).toHaveBeenCalledTimes(times);
  expect(message.includes("12.3 MB")).toBe(times === 1);
  openFailure(plainProblem("timeout", ""), subject);
  expect(requestBytes).toHaveBeenCalledTimes(times);
});
