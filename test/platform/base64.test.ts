import fc from "fast-check";
import { expect, test } from "vitest";
import { base64 } from "../../src/platform/base64.ts";

const bytesOf = fc.uint8Array({ maxLength: 300 });

test("bytes go there and back, and read as any other reader would", () => {
  fc.assert(
    fc.property(bytesOf, (bytes) => {
      const text = base64.encode(bytes);
      expect(text).toBe(btoa(String.fromCharCode(...bytes)));
      expect(base64.decode(text)).toEqual(bytes);
    }),
  );
});

test("a part of a larger buffer is that part", () => {
  expect(base64.encode(new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4))).toBe("AgME");
});

test("whatever a service may write it like is read", () => {
  const wild = fc.record({
    bytes: bytesOf,
    prefix: fc.constantFrom("", "data:image/png;base64,", " data:image/jpeg;charset=x;base64,"),
    urlSafe: fc.boolean(),
    padded: fc.boolean(),
    space: fc.constantFrom("", "\n", " \r\n\t"),
  });
  fc.assert(
    fc.property(wild, ({ bytes, prefix, urlSafe, padded, space }) => {
      const standard = Buffer.from(bytes).toString("base64");
      const spelled = urlSafe ? standard.replaceAll("+", "-").replaceAll("/", "_") : standard;
      const shortened = padded ? spelled : spelled.replace(/=+$/, "");
      const lines = shortened.replaceAll(/.{7}/g, (line) => `${line}${space}`);
      expect(base64.decode(`${prefix}${lines}${space}`)).toEqual(bytes);
    }),
  );
});

test("what is no Base64 is not taken for it", () => {
  for (const text of ["*%$", "AAA*", "A", "AAAAA", "AA AA%", "<html></html>"]) {
    expect(base64.decode(text), text).toBeUndefined();
  }
});
