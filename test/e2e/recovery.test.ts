import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { copySamples, temporaryFolder } from "../harness/paths.ts";
import { openSession } from "../harness/session.ts";

const folder = temporaryFolder("pictures");
const userDataDir = temporaryFolder("session");
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(userDataDir, { recursive: true, force: true });
});

it("clears away, at the next start, what a window left unfinished when it was killed", async () => {
  copySamples(folder);
  const first = await openSession({ folder, userDataDir });
  let storage = "";
  try {
    const started = await first.ext(async (vscode, root: string) => {
      const extension = vscode.extensions.getExtension("image-remix.image-remix");
      await extension?.activate();
      const uri = vscode.Uri.file(`${root}/tea-tin.png`);
      const options = { confirm: false, recipe: { numberResults: 20 } };
      void vscode.commands.executeCommand("imageRemix.remixImage", uri, [uri], options);
      return process.pid;
    }, folder);
    await expect
      .poll(() => readdirSync(folder).includes("tea-tin.remix-2.png"), { timeout: 30_000 })
      .toBe(true);
    process.kill(started, "SIGKILL");
    storage = path.join(userDataDir, "User", "globalStorage", "image-remix.image-remix", "pending");
    // The kill rarely hits the moment in which a file is half written: leave what it would leave.
    const temporary = path.join(folder, ".0b1c.image-remix.tmp");
    writeFileSync(temporary, "half a pict");
    mkdirSync(storage, { recursive: true });
    const record = {
      version: 1,
      kind: "temporary",
      file: temporary,
      host: hostname(),
      pid: started,
      started: null,
    };
    writeFileSync(path.join(storage, "0b1c.json"), JSON.stringify(record));
    // Files that are not ours are never removed, whatever a record says.
    const forged = { ...record, file: path.join(folder, "vesna.webp") };
    writeFileSync(path.join(storage, "forged.json"), JSON.stringify(forged));
  } finally {
    await first.close();
  }

  const second = await openSession({ folder, userDataDir });
  try {
    await expect
      .poll(() => readdirSync(folder).filter((name) => name.endsWith(".tmp")), { timeout: 30_000 })
      .toEqual([]);
    expect(existsSync(path.join(folder, "vesna.webp"))).toBe(true);
    await expect.poll(() => readdirSync(storage)).toEqual(["forged.json"]);
  } finally {
    await second.close();
  }
}, 120_000);
