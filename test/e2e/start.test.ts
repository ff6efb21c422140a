import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { cacheFolder, projectRoot, samplePictures } from "../harness/paths.ts";

const demoFolder = path.join(cacheFolder, "demo");

function start(option: string): ChildProcess {
  const program = path.join(projectRoot, "test", "start.ts");
  return spawn(process.execPath, [program, option], { stdio: ["ignore", "pipe", "inherit"] });
}

async function runDemo(): Promise<string> {
  const child = start("--demo");
  const output = child.stdout === null ? "" : await text(child.stdout);
  if (child.exitCode === null) {
    await new Promise((resolve) => child.once("exit", resolve));
  }
  expect(child.exitCode).toBe(0);
  return output;
}

function fingerprints(): Map<string, string> {
  const pictures = readdirSync(demoFolder).filter((name) => name !== ".vscode");
  return new Map(
    pictures.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(path.join(demoFolder, name)))
        .digest("hex"),
    ]),
  );
}

it("runs the demo twice without overwriting anything", async () => {
  const first = await runDemo();
  const before = fingerprints();
  const second = await runDemo();
  const after = fingerprints();
  for (const name of samplePictures()) {
    expect(first).toContain(`${name} → `);
    expect(second).toContain(`${name} → `);
  }
  for (const [name, fingerprint] of before) {
    expect([name, after.get(name)]).toEqual([name, fingerprint]);
  }
  expect(after.size).toBe(before.size + samplePictures().length);
});

it("prints an address that opens only with its token, and ends with Ctrl+C", async () => {
  const child = start("--server");
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const address = await new Promise<string>((resolve) => {
      child.stdout?.on("data", (chunk) => {
        const found = /http:\/\/\S+/.exec(String(chunk))?.[0];
        if (found !== undefined) {
          resolve(found);
        }
      });
    });
    expect((await fetch(new URL("/", address))).status).toBe(403);
    expect((await fetch(address, { redirect: "manual" })).status).toBe(302);
  } finally {
    child.kill("SIGINT");
  }
  expect(await ended).toBe(0);
});
