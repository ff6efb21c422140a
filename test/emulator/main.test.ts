import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect, test } from "vitest";

const main = path.join(import.meta.dirname, "main.ts");

test("started by hand it says how to use it, and stops when it is told to", async () => {
  const child = spawn(process.execPath, [main, "--seconds-per-image", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += String(chunk);
    if (text.includes("/__emulator/faults")) {
      break;
    }
  }
  const [, endpoint] = /"imageRemix\.runware\.endpoint": "(.*)"/.exec(text) ?? [];
  const [, key] = /^ +(\w{32})$/m.exec(text) ?? [];
  const response = await fetch(String(endpoint), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: '[{"taskType":"ping","ping":true}]',
  });
  expect(await response.json()).toEqual({ data: [{ taskType: "ping", pong: true }] });
  child.kill("SIGTERM");
  const [code, signal] = await exit;
  // Windows knows no SIGTERM: there the process is ended from outside.
  expect(process.platform === "win32" ? signal : code).toBe(process.platform === "win32" ? "SIGTERM" : 0);
});

test("a wrong argument is named", async () => {
  const child = spawn(process.execPath, [main, "--port", "many"], { stdio: ["ignore", "ignore", "pipe"] });
  const [text] = await once(child.stderr.setEncoding("utf8"), "data");
  expect(text).toContain('--port takes a number of 0 or more, not "many"');
});
