import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";
import { afterEach, describe, expect, test } from "vitest";
import type { EmulatorOptions } from "./options.ts";
import { type Emulator, startEmulator } from "./startEmulator.ts";
import { codes, infer, inference, items, only, picture, poll, post, submit } from "./testing/client.ts";

let emulator: Emulator;
afterEach(() => emulator.close());

async function start(options: EmulatorOptions = {}): Promise<void> {
  emulator = await startEmulator(options);
}

async function download(address: string): Promise<Buffer> {
  const response = await fetch(address);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("results", () => {
  test("each have their own UUID, seed, cost and picture", async () => {
    await start();
    const results = items(await infer(emulator, { numberResults: 3 }));
    expect(results).toHaveLength(3);
    expect(new Set(results.map(({ imageUUID }) => imageUUID)).size).toBe(3);
    expect(new Set(results.map(({ seed }) => seed)).size).toBe(3);
    expect(results.map(({ cost }) => cost)).toEqual([0.06, 0.06, 0.06]);
    const pictures = await Promise.all(results.map(({ imageURL }) => download(imageURL)));
    expect(new Set(pictures.map(hash)).size).toBe(3);
  });

  test.each([
    ["JPG", "jpeg", "image/jpeg"],
    ["PNG", "png", "image/png"],
    ["WEBP", "webp", "image/webp"],
  ])("come as %s", async (outputFormat, format, mime) => {
    await start();
    const { imageURL } = only(items(await infer(emulator, { outputFormat })));
    expect(imageURL).toMatch(new RegExp(`\\.${outputFormat.toLowerCase()}$`));
    const response = await fetch(imageURL);
    expect(response.headers.get("content-type")).toBe(mime);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({ format, width: 1536, height: 512 });
  });

  test("come as Base64 and as data URI", async () => {
    await start();
    const base64 = only(items(await infer(emulator, { outputType: "base64Data" }))).imageBase64Data;
    expect((await sharp(Buffer.from(base64, "base64")).metadata()).width).toBe(1536);
    const uri = only(
      items(await infer(emulator, { outputType: "dataURI", outputFormat: "PNG" })),
    ).imageDataURI;
    expect(uri).toMatch(/^data:image\/png;base64,iVBOR/);
  });

  test("follow from reference, prompt and strength", async () => {
    await start();
    const drawn = async (remixStrength: number, positivePrompt: string) => {
      const providerSettings = { ideogram: { remixStrength } };
      const changes = { providerSettings, positivePrompt, outputFormat: "PNG" };
      const { imageURL } = only(items(await infer(emulator, changes)));
      return await sharp(await download(imageURL))
        .resize(2, 1, { fit: "fill", kernel: "nearest" })
        .raw()
        .toBuffer();
    };
    // The reference is orange on the left and blue on the right.
    const [near, far, other] = [await drawn(1, "tea"), await drawn(100, "tea"), await drawn(100, "coffee")];
    expect([...near.subarray(0, 3)].map((value) => Math.round(value / 32))).toEqual([7, 4, 1]);
    expect(distance(near, far)).toBeGreaterThan(distance(near, near));
    expect(distance(far, other)).toBeGreaterThan(0);
  });

  test("are not sold below price, nor on credit", async () => {
    await start({ balance: 0.13 });
    expect(codes(await infer(emulator, { numberResults: 3 }))).toEqual(["insufficientCredits"]);
    expect(items(await infer(emulator, { numberResults: 2 }))).toHaveLength(2);
    expect(emulator.account.balance).toBeCloseTo(0.01);
  });

  test("in the making count against the balance", async () => {
    await start({ balance: 0.1, secondsPerImage: 3600 });
    await submit(emulator);
    expect(codes(await infer(emulator))).toEqual(["insufficientCredits"]);
  });

  test("have the price of their speed", async () => {
    await start({ price: { TURBO: 0.02, DEFAULT: 0.06, QUALITY: 0.09 } });
    const providerSettings = { ideogram: { renderingSpeed: "TURBO" } };
    expect(only(items(await infer(emulator, { providerSettings }))).cost).toBe(0.02);
  });

  test("carry no cost unless it is asked for, and a flag only where content is checked", async () => {
    await start();
    const plain = only(items(await infer(emulator, { includeCost: undefined })));
    expect(plain).not.toHaveProperty("cost");
    expect(plain).not.toHaveProperty("NSFWContent");
    expect(only(items(await infer(emulator, { safety: { mode: "fast" } }))).NSFWContent).toBe(false);
  });

  test("are gone once their time is up", async () => {
    await start();
    const { imageURL } = only(items(await infer(emulator, { ttl: 60 })));
    await download(imageURL);
    emulator.clock.advance(61);
    expect((await fetch(imageURL)).status).toBe(404);
  });

  test("of a dry run are a price", async () => {
    await start();
    const headers = { authorization: `Bearer ${emulator.key}`, "x-runware-dry-run": "1" };
    const task = inference({ numberResults: 2 });
    const { taskType, taskUUID } = task;
    expect(items(await post(emulator, [task], headers))).toEqual([{ taskType, taskUUID, cost: 0.12 }]);
    expect(emulator.ledger.accepted()).toEqual([]);
    expect(items(await post(emulator, [task]))).toHaveLength(2);
  });
});

describe("polls", () => {
  test("bring one result after the other, with progress", async () => {
    await start({ progressSteps: 2 });
    const taskUUID = await submit(emulator, { numberResults: 2 });
    const seen: string[] = [];
    for (let count = 0; count < 5; count++) {
      seen.push(
        items(await poll(emulator, taskUUID))
          .map(({ status }) => status)
          .join(" "),
      );
    }
    expect(seen).toEqual([
      "processing processing",
      "processing processing",
      "success processing",
      "success processing",
      "success success",
    ]);
  });

  test("show progress that grows", async () => {
    await start({ progressSteps: 3 });
    const taskUUID = await submit(emulator);
    const progress: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      progress.push(only(items(await poll(emulator, taskUUID))).progress);
    }
    expect(progress).toEqual([25, 50, 75]);
  });

  test("wait for no one where results take time", async () => {
    await start({ secondsPerImage: 3600 });
    const taskUUID = await submit(emulator);
    expect(only(items(await poll(emulator, taskUUID))).status).toBe("processing");
    expect(emulator.ledger.charged()).toEqual([]);
  });

  test("bring the results of a synchronous task too", async () => {
    await start();
    const { taskUUID, imageUUID } = only(items(await infer(emulator)));
    expect(only(items(await poll(emulator, taskUUID)))).toMatchObject({ status: "success", imageUUID });
  });

  test("of a task that nobody knows are empty", async () => {
    await start();
    const answer = await poll(emulator, randomUUID());
    expect([answer.status, answer.text]).toEqual([200, '{"data":[]}']);
  });

  test("are preceded by an acknowledgement without a status", async () => {
    await start();
    const task = inference({ deliveryMethod: "async", numberResults: 4 });
    const { taskType, taskUUID } = task;
    expect(items(await post(emulator, [task]))).toEqual([{ taskType, taskUUID }]);
  });
});

test("details are those of the last answer", async () => {
  await start();
  const task = inference();
  await post(emulator, [task]);
  await emulator.settled();
  const ask = [{ taskType: "getTaskDetails", taskUUID: task.taskUUID }];
  expect(only(items(await post(emulator, ask)))).toMatchObject({
    request: { positivePrompt: "a tin of tea" },
    response: { data: [{ taskUUID: task.taskUUID }] },
  });
  await post(emulator, [task]);
  expect(only(items(await post(emulator, ask)))).toMatchObject({
    response: { errors: [{ code: "conflictTaskUUID" }] },
  });
  expect(codes(await post(emulator, [{ ...ask[0], taskUUID: randomUUID() }]))).toEqual(["taskNotFound"]);
});

test("uploads can be referred to until they are deleted, and are scaled down", async () => {
  await start();
  const large = await sharp(await picture())
    .resize(3000, 1500, { fit: "fill" })
    .png()
    .toBuffer();
  const upload = (operation: string, media: string) =>
    post(emulator, [{ taskType: "mediaStorage", taskUUID: randomUUID(), operation, media }]);
  const { mediaUUID, mediaURL } = only(items(await upload("upload", large.toString("base64"))));
  expect(await sharp(await download(mediaURL)).metadata()).toMatchObject({
    width: 2048,
    height: 1024,
  });
  const inputs = { referenceImages: [mediaUUID] };
  expect(items(await infer(emulator, { inputs }))).toHaveLength(1);
  expect(only(items(await upload("delete", mediaUUID)))).toMatchObject({ operation: "delete", mediaUUID });
  expect(codes(await infer(emulator, { inputs }))).toEqual(["failedToTransferImage"]);
  expect(codes(await upload("delete", mediaUUID))).toEqual(["mediaNotFound"]);
});

test("the older upload works, and expires after thirty days", async () => {
  await start();
  const image = `data:image/png;base64,${(await picture()).toString("base64")}`;
  const answer = await post(emulator, [{ taskType: "imageUpload", taskUUID: randomUUID(), image }]);
  const inputs = { referenceImages: [only(items(answer)).imageUUID] };
  expect(items(await infer(emulator, { inputs }))).toHaveLength(1);
  emulator.clock.advance(31 * 24 * 3600);
  expect(codes(await infer(emulator, { inputs }))).toEqual(["failedToTransferImage"]);
});

test("account details tell balance and what was spent", async () => {
  await start({ balance: 1 });
  await infer(emulator);
  const taskUUID = randomUUID();
  const answer = await post(emulator, [{ taskType: "accountManagement", taskUUID, operation: "getDetails" }]);
  expect(only(items(answer))).toMatchObject({ taskUUID, balance: 0.94, usage: { total: { credits: 0.06 } } });
  expect(answer.text).not.toContain(emulator.key);
});

test("webhook and upload endpoint are called on this machine, and nowhere else", async () => {
  await start();
  const calls: [string, string, Buffer][] = [];
  const listener = createServer(async (request, response) => {
    const chunks: Buffer[] = await request.toArray();
    calls.push([String(request.method), String(request.url), Buffer.concat(chunks)]);
    response.end();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", () => resolve()));
  const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const answer = await infer(emulator, { webhookURL: `${origin}/hook`, uploadEndpoint: `${origin}/bucket` });
  await infer(emulator, { webhookURL: "https://example.com/hook" });
  await emulator.settled();
  listener.close();
  const { imageURL, imageUUID } = only(items(answer));
  const hook = calls.find(([, path]) => path === "/hook");
  expect([hook?.[0], JSON.parse(String(hook?.[2]))]).toMatchObject(["POST", { imageUUID, imageURL }]);
  const bucket = calls.find(([, path]) => path === "/bucket");
  expect([bucket?.[0], hash(bucket?.[2] ?? Buffer.alloc(0))]).toEqual([
    "PUT",
    hash(await download(imageURL)),
  ]);
  expect(calls).toHaveLength(2);
  expect(emulator.ledger.outbound().map(({ outcome }) => outcome)).toContain(
    "not called, since it is not on this machine",
  );
});

function distance(one: Buffer, other: Buffer): number {
  return one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0);
}
