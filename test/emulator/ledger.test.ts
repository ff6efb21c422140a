import { createHash, randomUUID } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeEach, expect, test } from "vitest";
import { startEmulator } from "./startEmulator.ts";
import { codes, infer, inference, items, only, picture, poll, post, submit } from "./testing/client.ts";

const emulator = await startEmulator();
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const { ledger, faults } = emulator;

test("requests are kept without key and pictures", async () => {
  const bytes = await picture();
  const media = `data:image/png;base64,${bytes.toString("base64")}`;
  await post(emulator, [{ taskType: "mediaStorage", taskUUID: randomUUID(), operation: "upload", media }]);
  const entry = only(ledger.requests("mediaStorage"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const image = { form: "dataURI", sha256, bytes: bytes.length, characters: media.length };
  expect(entry).toMatchObject({
    number: 1,
    method: "POST",
    path: "/v1",
    authorization: "valid",
    status: 200,
  });
  expect(entry.tasks).toMatchObject([{ operation: "upload", media: image }]);
  const text = JSON.stringify(ledger.snapshot());
  expect(text).not.toContain(emulator.key);
  expect(text).not.toContain(media.slice(-40));
});

test("acceptances tell what the references hold", async () => {
  const reference = await sharp(await picture("jpeg"))
    .withExif({ IFD3: { GPSLatitudeRef: "N", GPSLatitude: "46/1 30/1 0/1" } })
    .jpeg()
    .toBuffer();
  await infer(emulator, { inputs: { referenceImages: [reference.toString("base64")] } });
  const { references } = only(ledger.accepted());
  const sha256 = createHash("sha256").update(reference).digest("hex");
  expect(references).toMatchObject([
    { form: "base64", sha256, format: "JPG", width: 96, metadata: ["exif"] },
  ]);
});

test("every result is charged once, and delivered when its picture has gone out", async () => {
  const taskUUID = await submit(emulator, { numberResults: 2 });
  const results = items(await poll(emulator, taskUUID));
  expect(ledger.charged()).toEqual(results.map(({ imageUUID }) => ({ taskUUID, imageUUID, amount: 0.06 })));
  expect(ledger.chargedTotal()).toBe(0.12);
  expect(ledger.deliveries().map(({ by, picture: whole }) => [by, whole])).toEqual([
    ["poll", false],
    ["poll", false],
  ]);
  const [first, second] = results;
  await (await fetch(String(first?.imageURL))).arrayBuffer();
  expect(ledger.deliveredImages()).toEqual([first?.imageUUID]);
  expect(ledger.undelivered().map(({ imageUUID }) => imageUUID)).toEqual([second?.imageUUID]);
});

test("Base64 in a reply is delivered with it", async () => {
  const { imageUUID } = only(items(await infer(emulator, { outputType: "base64Data" })));
  expect(ledger.deliveredImages()).toEqual([imageUUID]);
});

test("a reply that is lost delivers nothing and is charged", async () => {
  faults.inject({ name: "connectionLost", moment: "duringReply", after: 100 });
  await expect(infer(emulator, { outputType: "base64Data" })).rejects.toThrow();
  await emulator.settled();
  expect(ledger.deliveredImages()).toEqual([]);
  expect(ledger.undelivered()).toHaveLength(1);
});

test("a client that hangs up is charged all the same", async () => {
  const impatience = new AbortController();
  faults.inject({ name: "connectionLost", how: "stall" });
  const waiting = fetch(emulator.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${emulator.key}` },
    body: JSON.stringify([inference()]),
    signal: impatience.signal,
  });
  await expect.poll(() => ledger.charged().length).toBe(1);
  impatience.abort();
  await expect(waiting).rejects.toThrow();
  expect(ledger.undelivered()).toHaveLength(1);
});

test("the same work under another UUID is noticed", async () => {
  await infer(emulator);
  await infer(emulator, { positivePrompt: "something else" });
  expect(ledger.repeatedWork()).toEqual([]);
  const again = inference({ deliveryMethod: "async" });
  await post(emulator, [again]);
  expect(only(ledger.repeatedWork()).taskUUID).toBe(again.taskUUID);
});

test("a key for the image host, in an address, or sent along a redirect is a violation", async () => {
  const { imageURL } = only(items(await infer(emulator)));
  const headers = { authorization: `Bearer ${emulator.key}` };
  await fetch(imageURL, { headers });
  await fetch(imageURL.replace("127.0.0.1", "localhost"));
  await fetch(`${emulator.url}?key=${emulator.key}`, { method: "POST" });
  await fetch(`${emulator.origin}/elsewhere/v1`, { method: "POST", headers });
  expect(ledger.violations().map(({ kind }) => kind)).toEqual([
    "authorizationSentToImageHost",
    "fetchedFromForeignHost",
    "keyInAddress",
    "redirectFollowed",
  ]);
});

test("another process reads the ledger and steers the server", async () => {
  const control = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${emulator.origin}/__emulator/${path}`, init);
    return [response.status, await response.json()] as const;
  };
  const [, catalogue] = await control("GET", "catalogue");
  const parameters = ["retryAfter", "code", "body"];
  expect(catalogue).toContainEqual(expect.objectContaining({ name: "rateLimited", parameters }));
  const [status, injected] = await control("POST", "faults", { name: "rateLimited", retryAfter: "7" });
  expect([status, injected]).toEqual([200, { id: expect.any(Number) }]);
  expect((await infer(emulator)).headers.get("retry-after")).toBe("7");
  expect(await control("GET", "faults")).toEqual([
    200,
    [{ id: expect.any(Number), name: "rateLimited", played: 1 }],
  ]);
  await control("DELETE", "faults");
  await infer(emulator);
  const [, snapshot] = await control("GET", "settled");
  expect(snapshot).toMatchObject({
    chargedTotal: 0.06,
    requests: [{ faults: ["rateLimited"] }, { faults: [] }],
  });
  await control("POST", "account", { balance: 0, keys: ["anotherKey"] });
  expect(codes(await infer(emulator))).toEqual(["invalidApiKey"]);
  await control("POST", "clock", { seconds: 60 });
  await control("POST", "reset");
  expect((await control("GET", "ledger"))[1]).toMatchObject({ requests: [], charged: [] });
  expect((await control("POST", "faults", { name: "nonsense" }))[0]).toBe(400);
  expect((await control("POST", "faults", { name: "rateLimited", retries: 3 }))[0]).toBe(400);
  expect((await control("GET", "nonsense"))[0]).toBe(404);
});
