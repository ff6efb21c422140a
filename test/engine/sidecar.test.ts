import fc from "fast-check";
import { expect, test } from "vitest";
import { readSidecar, sidecarName, sidecarText } from "../../src/engine/sidecar.ts";
import { anyProvenance, paidProvenance } from "../fixtures/provenances.ts";

test("a sidecar is named after its picture, extension and all", () => {
  expect(sidecarName("hero.remix-1.png")).toBe("hero.remix-1.png.json");
});

test("a sidecar is read back as it was written", () => {
  fc.assert(
    fc.property(anyProvenance, (provenance) => {
      expect(readSidecar(sidecarText(provenance, "full"))).toEqual(provenance);
      expect(readSidecar(sidecarText(provenance, "marking"))).toEqual({ ...provenance, recipe: null });
    }),
  );
});

test("a sidecar holds nothing but what it is meant to", () => {
  const recipe = {
    positivePrompt: "teal",
    webhookURL: "https://example.com/hook?token=secret",
    styleReferenceImages: ["https://example.com/a.png?token=secret", "/home/me/b.png"],
  };
  const more = { ...paidProvenance, recipe, apiKey: "secret", output: "/home/me/hero.png" };
  const text = sidecarText(more, "full");
  expect(text).not.toMatch(/secret|\/home|hook/);
  expect(JSON.parse(text)).toEqual({
    digitalSourceType: "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
    creatorTool: "Image Remix (ideogram:1@2)",
    ...paidProvenance,
    recipe: { positivePrompt: "teal", styleReferenceImages: ["https://example.com/a.png", "b.png"] },
  });
});

test("nothing else passes for a sidecar", () => {
  for (const text of ["", "{", "null", "[]", "{}", `"${"x".repeat(1_000_000)}"`]) {
    expect(readSidecar(text)).toBeUndefined();
  }
  const wrong = JSON.parse(sidecarText(paidProvenance, "full"));
  expect(
    readSidecar(JSON.stringify({ ...wrong, source: { ...wrong.source, path: "/etc/passwd" } })),
  ).toBeUndefined();
});
