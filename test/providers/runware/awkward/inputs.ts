/** Behaviours 43 to 55: the model and what is sent to it. */
import { expect } from "vitest";
import type { UploadCache } from "../../../../src/providers/runware/ports.ts";
import { type Row, submissions } from "./row.ts";

/** A cache of uploads in memory. */
function cache(entries: Iterable<readonly [string, string]> = []): UploadCache & Map<string, string> {
  const map = new Map(entries);
  return Object.assign(map, { delete: (key: string) => void Map.prototype.delete.call(map, key) }) as never;
}

/** The task as the server saw it, image data shortened. */
function sent(emulator: Parameters<typeof submissions>[0]): Record<string, unknown> {
  return (emulator.ledger.requests("imageInference")[0]?.tasks[0] ?? {}) as Record<string, unknown>;
}

const notAFile = "/etc/passwd";

export const inputRows: readonly Row[] = [
  ...(["invalidModel", "modelNotFound", "modelDisabled"] as const).map(
    (code): Row => ({
      number: 43,
      plays: `the model is gone: ${code}`,
      faults: [{ name: "modelRetired", code }],
      told: {
        code: "modelGone",
        says: /no longer offers the model ideogram:1@2.*imageRemix\.runware\.model to ideogram:2@2 \(unverified\), ideogram:3@2 \(unverified\) or ideogram:4@2/,
      },
      also: (_, emulator) => expect(submissions(emulator)).toBe(1),
    }),
  ),
  {
    number: 43,
    plays: "another model in its place",
    isAvoided: true,
    faults: [{ name: "modelRetired", model: "ideogram:1@2" }],
    changes: { parts: { model: "ideogram:4@2" } },
    told: "all is there",
  },
  {
    number: 44,
    plays: "QUALITY is refused",
    faults: [{ name: "qualityRefused" }],
    changes: { recipe: { renderingSpeed: "QUALITY" } },
    told: { code: "invalidRecipe", says: /refused renderingSpeed.*3\.0 models.*imageRemix\.renderingSpeed/ },
    also: ({ failure }) => expect(failure?.parameter).toBe("renderingSpeed"),
  },
  {
    number: 44,
    plays: "TURBO has another price",
    server: { price: { TURBO: 0.02, DEFAULT: 0.06, QUALITY: 0.09 } },
    changes: { recipe: { renderingSpeed: "TURBO", numberResults: 2 } },
    told: "all is there",
    also: ({ results }) => expect(results.map(({ cost }) => cost)).toEqual([0.02, 0.02]),
  },
  {
    number: 45,
    plays: "a size that is not listed",
    changes: { task: { size: { width: 1000, height: 1000 } } },
    told: { code: "invalidRecipe", says: /refused size.*1000x1000.*Supported.*imageRemix\.size/ },
  },
  {
    number: 46,
    plays: "the service no longer knows a parameter",
    faults: [
      {
        name: "taskRefused",
        code: "unsupportedParameter",
        parameter: "providerSettings.ideogram.styleType",
        message: "Unsupported parameter.",
      },
    ],
    told: { code: "invalidRecipe", says: /refused styleType.*Unsupported parameter/ },
  },
  {
    number: 47,
    plays: "one reference, always",
    told: "all is there",
    also: (_, { ledger }) => expect(ledger.accepted()[0]?.references).toHaveLength(1),
  },
  {
    number: 47,
    plays: "the service counts references in another way",
    faults: [
      {
        name: "taskRefused",
        code: "invalidReferenceImagesCount",
        parameter: "inputs.referenceImages",
        message: "Two images are expected.",
      },
    ],
    told: { code: "invalidRecipe", says: /could not take over the picture.*Two images/ },
  },
  {
    number: 48,
    plays: "the reference has the result's shape already",
    told: "all is there",
    also: (_, { ledger }) =>
      expect(ledger.accepted()[0]?.references).toMatchObject([{ width: 1536, height: 512 }]),
  },
  ...(["failedToTransferImage", "mediaNotFound", "mediaExpired"] as const).map(
    (code): Row => ({
      number: 49,
      plays: `a stored picture is refused with ${code}`,
      faults: [{ name: "referenceRefused", code }],
      changes: () => ({ parts: { uploads: cache() } }),
      told: "all is there",
      also: (_, { ledger }) =>
        expect(ledger.accepted().map(({ references }) => references[0]?.form)).toEqual(["dataURI"]),
    }),
  ),
  {
    number: 49,
    plays: "every form of the picture is refused",
    faults: [{ name: "referenceRefused" }, { name: "referenceRefused", form: "dataURI" }],
    changes: () => ({ parts: { uploads: cache() } }),
    told: { code: "invalidRecipe", says: /could not take over the picture/ },
    also: (_, emulator) => expect(submissions(emulator)).toBe(2),
  },
  {
    number: 50,
    plays: "a style reference out of reach",
    changes: { recipe: { styleReferenceImages: ["https://example.com/a.png?token=canary"] } },
    told: { code: "invalidRecipe", says: /a picture of styleReferenceImages.*files instead of addresses/ },
    also: ({ failure, journal, log }) => {
      expect(failure?.parameter).toBe("styleReferenceImages");
      expect(journal + log).not.toContain("canary");
    },
  },
  {
    number: 51,
    plays: "uploads are stored as they were sent",
    changes: () => ({ parts: { uploads: cache() } }),
    told: "all is there",
    also: (_, { ledger }) => {
      const [upload] = ledger.uploads();
      expect(ledger.accepted()[0]?.references[0]).toMatchObject({ form: "UUID", sha256: upload?.sha256 });
    },
  },
  {
    number: 52,
    plays: "what is sent holds nothing unusual",
    told: "all is there",
    also: (_, { ledger }) =>
      expect(ledger.accepted()[0]?.references[0]).toMatchObject({
        space: "srgb",
        depth: "uchar",
        frames: 1,
        metadata: [],
      }),
  },
  {
    number: 53,
    plays: "2000 characters outside the basic plane",
    changes: { recipe: { positivePrompt: "🫖".repeat(2000) } },
    told: "all is there",
  },
  {
    number: 53,
    plays: "a service that counts otherwise",
    faults: [{ name: "promptUnits" }],
    changes: { recipe: { positivePrompt: "🫖".repeat(1500) } },
    told: { code: "invalidRecipe", says: /refused positivePrompt.*1 to 2000.*imageRemix\.positivePrompt/ },
  },
  {
    number: 54,
    plays: "a prompt that is a path",
    changes: { recipe: { positivePrompt: notAFile } },
    told: "all is there",
    also: (_, emulator) => expect(sent(emulator)["positivePrompt"]).toBe(notAFile),
  },
  {
    number: 54,
    plays: "a style reference that is a path",
    changes: { recipe: { styleReferenceImages: [notAFile] } },
    told: { code: "invalidRecipe", says: /style reference \/etc\/passwd is not an https address/ },
    also: (_, { ledger }) => expect(ledger.requests()).toEqual([]),
  },
  {
    number: 55,
    plays: "a service that takes no more than one task",
    isAvoided: true,
    faults: [{ name: "manyTasks", limit: 2 }],
    changes: () => ({ recipe: { numberResults: 3 }, parts: { uploads: cache() } }),
    told: "all is there",
  },
];
