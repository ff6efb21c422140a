import { expect, test } from "vitest";
import { once } from "../src/once.ts";

test("makes one thing, also for those who ask while it is being made", async () => {
  let made = 0;
  const get = once(async () => ++made);
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
});

test("tries again after a failure, which all hear of who waited", async () => {
  let asked = 0;
  const get = once(async () => {
    if (++asked === 1) throw new Error("not there");
    return asked;
  });
  const both = await Promise.allSettled([get(), get()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await get()).toBe(2);
});
