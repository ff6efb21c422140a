/**
 * A folder of twelve-megapixel photographs through the whole engine, beside the same job written with the official SDK
 * and with `fetch` and `p-limit`: against an emulated service, each in processes of its own.
 *
 *   node test/bench/folder.ts [--n 50,200] [--c 1,4,8,16] [--service 300,3000] [--line 20] [--ways engine,sdk,fetch]
 *                             [--full] [--json FILE]
 *
 * `--line` is the speed in Mbit/s of the line to the service. Without options: 50 pictures, 8 at a time, at 300 ms and
 * at 3 s, and at 300 ms through 20 Mbit/s. With `--full`: all of it, about an hour, and 1000 pictures for the memory.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Case, type Figures, run, type Way, ways } from "./folder/run.ts";
import { heading, row } from "./folder/table.ts";

const { values } = parseArgs({
  options: {
    n: { type: "string" },
    c: { type: "string" },
    service: { type: "string" },
    line: { type: "string" },
    ways: { type: "string" },
    full: { type: "boolean", default: false },
    json: { type: "string" },
  },
});

const rivals: readonly Way[] = ["engine", "sdk", "fetch"];

function numbers(text: string): readonly number[] {
  return text.split(",").map((part) => {
    const number = Number(part);
    if (!Number.isFinite(number) || number <= 0) {
      throw new RangeError(`${part} is not a number above 0.`);
    }
    return number;
  });
}

function isWay(name: string): name is Way {
  return Object.hasOwn(ways, name);
}

function chosenWays(): readonly Way[] {
  const names = values.ways?.split(",") ?? rivals;
  return names.map((name) => {
    if (!isWay(name)) {
      throw new RangeError(`${name} is none of ${Object.keys(ways).join(", ")}.`);
    }
    return name;
  });
}

/** Every combination. The ways come by turns, so that a busy machine is so for all. */
function grid(
  counts: readonly number[],
  services: readonly number[],
  concurrencies: readonly number[],
  line: number | null,
): readonly Case[] {
  const chosen = chosenWays();
  return counts.flatMap((count) =>
    services.flatMap((service) =>
      concurrencies.flatMap((concurrency) =>
        chosen.map((way) => ({ way, count, concurrency, service, line })),
      ),
    ),
  );
}

function cases(): readonly Case[] {
  const { n, c, service, line, full } = values;
  if (full) {
    const engineAlone = { way: "engine", concurrency: 16, service: 300, line: null } as const;
    return [
      ...grid([50, 200], [300, 3000], [1, 4, 8, 16], null),
      ...grid([50], [300, 3000], [8], 20),
      { ...engineAlone, way: "sdk, all at once", count: 200 },
      { ...engineAlone, count: 1000 },
    ];
  }
  if ([n, c, service, line].every((option) => option === undefined)) {
    return [...grid([50], [300, 3000], [8], null), ...grid([50], [300], [8], 20)];
  }
  const speed = line === undefined ? null : (numbers(line)[0] ?? null);
  return grid(numbers(n ?? "50"), numbers(service ?? "300"), numbers(c ?? "8"), speed);
}

const figures: Figures[] = [];
console.log(heading);
for (const one of cases()) {
  const found = await run(one);
  figures.push(found);
  console.log(row(found));
  if (values.json !== undefined) {
    // After each, so that a run that is ended early has something to show.
    writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
}
