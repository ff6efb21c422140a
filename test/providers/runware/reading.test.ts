/** How replies, errors and pictures are read, one by one. */
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { refuseAddress } from "../../../src/providers/runware/download.ts";
import { parseReply } from "../../../src/providers/runware/envelope.ts";
import { completeFormat } from "../../../src/providers/runware/pictureBytes.ts";
import { kindOf } from "../../../src/providers/runware/problem.ts";
import { oneLine, redacted, withoutSecrets } from "../../../src/providers/runware/redact.ts";

describe("pictures", () => {
  const plain = sharp({ create: { width: 40, height: 30, channels: 3, background: "#446688" } });

  test.each([
    ["jpeg", "JPG"],
    ["png", "PNG"],
    ["webp", "WEBP"],
  ] as const)("%s is recognised when it is complete, and at no length before that", async (format, name) => {
    const bytes = new Uint8Array(await plain.clone().toFormat(format).toBuffer());
    expect(completeFormat(bytes)).toBe(name);
    const offset = new Uint8Array(bytes.length + 3);
    offset.set(bytes, 3);
    expect(completeFormat(offset.subarray(3))).toBe(name);
    for (let length = 0; length < bytes.length - 4; length++) {
      expect(completeFormat(bytes.subarray(0, length)), String(length)).toBeUndefined();
    }
  });

  test("nothing makes the reader throw", () => {
    const starts = [
      [],
      [0xff, 0xd8, 0xff],
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [0x52, 0x49, 0x46, 0x46],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 60 }), (start, rest) => {
        completeFormat(Uint8Array.from([...start, ...rest]));
      }),
    );
  });

  const api = "https://api.runware.ai/v1";
  test.each([
    ["https://im.runware.ai/image/x.jpg", api, true],
    ["https://vm.eu.runware.ai/x.jpg", api, true],
    ["https://api.runware.ai/x.jpg", api, true],
    ["https://runware.ai.attacker.example/x.jpg", api, false],
    ["https://attackerrunware.ai/x.jpg", api, false],
    ["https://im.runware.ai:8443/x.jpg", api, false],
    ["https://im.runware.ai@attacker.example/x.jpg", api, false],
    ["http://im.runware.ai/x.jpg", api, false],
    ["https://127.0.0.1/x.jpg", api, false],
    ["https://[::1]/x.jpg", api, false],
    ["data:image/png;base64,AAAA", api, false],
    ["http://127.0.0.1:99/x.jpg", "http://127.0.0.1:99/v1", true],
    ["http://127.0.0.1:98/x.jpg", "http://127.0.0.1:99/v1", false],
    ["https://proxy.example/x.jpg", "https://proxy.example/v1", true],
    ["http://proxy.example/x.jpg", "https://proxy.example/v1", false],
  ])("%s from %s may be fetched: %s", (address, endpoint, isAllowed) => {
    expect(refuseAddress(address, endpoint) === undefined).toBe(isAllowed);
  });
});

describe("replies", () => {
  test.each(["", "null", "3", '"text"', "[]", "<html>", '{"data":['])("%s is none", (text) => {
    expect(parseReply(text)).toBeUndefined();
  });

  test("nothing makes the reader throw", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (data, errors, error) => {
        parseReply(JSON.stringify({ data, errors, error }));
      }),
    );
  });

  test("texts that look like seeds stay as they are", () => {
    const message = 'the "seed": 5120148993590679312, was odd';
    expect(parseReply(JSON.stringify({ errors: [{ message }] }))?.errors[0]?.message).toBe(message);
    expect(parseReply('{"data":{"seed" : 5120148993590679312}}')?.items[0]?.seed).toBe("5120148993590679312");
  });
});

test.each([
  ["invalidApiKey", 401, "authentication"],
  ["accountSuspended", 403, "authentication"],
  ["providerAuthenticationFailed", 500, "provider"],
  ["providerInsufficientCredits", 400, "provider"],
  ["insufficientCredits", 402, "credit"],
  ["quotaExceeded", 400, "credit"],
  ["inferenceRateLimitExceeded", 429, "rate"],
  ["inferenceRateLimitRequestTooLarge", 429, "tooLarge"],
  ["timeoutProvider", 200, "timeout"],
  ["failedProviderTimeout", 500, "timeout"],
  ["invalidBFLContent", 400, "safety"],
  ["nsfwContentDetected", 400, "safety"],
  ["promptBlocked", 400, "safety"],
  ["modelDisabled", 400, "modelGone"],
  ["modelUnavailable", 404, "modelGone"],
  ["modelUnavailable", 503, "provider"],
  ["modelNotReady", 503, "provider"],
  ["mediaExpired", 400, "reference"],
  ["invalidSeedImage", 400, "reference"],
  ["unsupportedParameter", 400, "validation"],
  ["valueTooLarge", 400, "validation"],
  ["mismatchProviderSettingsProvider", 400, "validation"],
  ["providerBadRequest", 400, "providerRefused"],
  ["taskFailedOrNotFound", 404, "notFound"],
  ["conflictTaskUUID", 400, "conflict"],
  ["standardError", 500, "server"],
  ["whatever", 418, "unknown"],
  ["", 402, "credit"],
] as const)("%s with %i is %s", (code, status, kind) => {
  const error = { code, message: "", parameters: [], taskUUID: undefined, responseContent: "" };
  expect(kindOf(error, status)).toBe(kind);
});

test("a word of refusal does not turn a wrong value into a matter of content", () => {
  const error = { parameters: ["safety.mode"], taskUUID: undefined, responseContent: "" };
  const message = "Invalid value for 'safety.mode'.";
  expect(kindOf({ ...error, code: "invalidMode", message }, 400)).toBe("validation");
  expect(kindOf({ ...error, code: "providerError", message: "Blocked by our safety system" }, 500)).toBe(
    "safety",
  );
});

describe("what is written down", () => {
  const key = "canaryKey0123456789abcdefghijklm";

  test("holds no key, no image, no query, and is short", () => {
    const base64 = "QUJD".repeat(10_000);
    const text = `{"apiKey":"${key}","image":"data:image/png;base64,${base64}","raw":"${base64}","url":"https://im.runware.ai/x.jpg?X-Signature=secret&b=1"} ${"word ".repeat(90_000)}`;
    const safe = redacted(text, key);
    expect(safe).not.toMatch(/canaryKey|QUJDQUJD|secret/);
    expect(safe).toContain("https://im.runware.ai/x.jpg?…");
    expect(safe.length).toBeLessThanOrEqual(8000);
    expect(withoutSecrets("https://user:secret@example.com/a?token=secret#secret")).toBe(
      "https://example.com/a",
    );
  });

  test("keeps what stands behind a picture of megabytes, without the picture and the key", () => {
    const picture = "QUJD".repeat(1_000_000);
    const reply = JSON.stringify({ imageBase64Data: picture, error: "no key canaryKey here" });
    expect(redacted(reply, "canaryKey")).toBe('{"imageBase64Data":"…","error":"no key … here"}');
    const uri = `data:image/png;base64,${picture}`;
    expect(redacted(JSON.stringify([uri, "end"]), "canaryKey")).toBe('["data:…","end"]');
    expect(redacted(uri, "canaryKey")).toBe("data:…");
  });

  test("is one plain line", () => {
    const nasty = `a\r\n<b>b</b><script>alert(1)</script>\u202ec\u0000 ${"d".repeat(900)}`;
    const line = oneLine(nasty);
    expect(line).toMatch(/^a b c d+…$/);
    expect(line.length).toBeLessThanOrEqual(241);
  });
});
