import { X509Certificate } from "node:crypto";
import { request } from "node:https";
import { afterAll, expect, test } from "vitest";
import { startEmulator } from "../startEmulator.ts";
import { infer } from "../testing/client.ts";
import { selfSigned } from "./certificate.ts";

const emulator = await startEmulator({ tls: true });
afterAll(() => emulator.close());

test("nobody trusts the certificate", async () => {
  expect(emulator.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
  const cause = expect.objectContaining({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  await expect(infer(emulator)).rejects.toThrow(expect.objectContaining({ cause }));
  expect(emulator.ledger.requests()).toEqual([]);
});

test("whoever trusts it finds the API behind it", async () => {
  const status = await new Promise((resolve, reject) => {
    const ca = emulator.certificate;
    request(emulator.url, { method: "GET", ...(ca === undefined ? {} : { ca }) }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
  expect(status).toBe(405);
});

test("the certificate is for this machine", () => {
  const certificate = new X509Certificate(selfSigned().cert);
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(certificate.checkHost("localhost")).toBe("localhost");
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});
