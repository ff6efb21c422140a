import { expect, test } from "vitest";
import { Pace, type Place } from "../../src/engine/pace.ts";

const never = new AbortController().signal;

/** Asks for `count` places; those that are given, as they come. */
function ask(pace: Pace, count: number): Place[] {
  const places: Place[] = [];
  for (let index = 0; index < count; index++) {
    void pace.take(never).then((place) => places.push(place));
  }
  return places;
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("as many go as the user allows, and the others in the order in which they asked", async () => {
  const pace = new Pace(() => 2);
  const order: number[] = [];
  const places = await Promise.all([pace.take(never), pace.take(never)]);
  for (const number of [1, 2, 3]) {
    void pace.take(never).then(() => order.push(number));
  }
  await settled();
  expect(order).toEqual([]);
  places[0]?.leave();
  places[0]?.leave();
  await settled();
  expect(order).toEqual([1]);
  places[1]?.leave();
  await settled();
  expect(order).toEqual([1, 2]);
});

/** A round in which the service takes `places` on and ends them. */
function end(places: readonly Place[]): void {
  for (const place of places) {
    place.accepted();
    place.leave();
  }
}

test("there is one place more after each round, and fewer after a refusal", async () => {
  const pace = new Pace(() => 100, 4);
  const places = ask(pace, 200);
  await settled();
  expect(places).toHaveLength(4);
  end(places.slice(0, 4));
  await settled();
  end(places.slice(4, 5));
  await settled();
  expect([pace.limit, places.length]).toEqual([5, 10]);
  places[5]?.refused();
  await settled();
  // Four are still at work, one more than the service seems to take.
  expect([pace.limit, places.length]).toEqual([3, 10]);
  end(places.slice(6, 10));
  expect(pace.limit).toBe(4);
});

test("a place that brought nothing changes no pace", async () => {
  const pace = new Pace(() => 100, 4);
  (await pace.take(never)).leave();
  expect(pace.limit).toBe(4);
});

test("tasks that went together and are refused together slow the pace once", async () => {
  const pace = new Pace(() => 16, 16);
  const places = ask(pace, 16);
  await settled();
  for (const place of places.slice(0, 8)) {
    place.refused();
  }
  expect(pace.limit).toBe(11);
  const later = ask(pace, 3);
  await settled();
  expect(later).toHaveLength(3);
  later[0]?.refused();
  expect(pace.limit).toBe(7);
});

test("one is always let through, whatever was refused", async () => {
  const pace = new Pace(() => 3);
  for (let round = 0; round < 20; round++) {
    (await pace.take(never)).refused();
  }
  expect(pace.limit).toBe(1);
});

test("who does not want to wait any more leaves the row, and takes no place", async () => {
  const pace = new Pace(() => 1);
  const place = await pace.take(never);
  const stop = new AbortController();
  const waiting = pace.take(stop.signal);
  const behind = ask(pace, 1);
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(pace.take(stop.signal)).rejects.toThrow("enough");
  place.leave();
  await settled();
  expect(behind).toHaveLength(1);
});

test("a limit that the user changes holds for the next", async () => {
  let allowed = 1;
  const pace = new Pace(() => allowed);
  const [first] = await Promise.all([pace.take(never)]);
  allowed = 3;
  const more = ask(pace, 3);
  await settled();
  first?.leave();
  await settled();
  expect(more).toHaveLength(3);
});
