/** Markings of others, in pictures of every format. */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { aiSourceTypes } from "../../../src/engine/marking.ts";
import { sidecarText } from "../../../src/engine/sidecar.ts";
import { credentialsIn } from "../../../src/platform/metadata/credentials.ts";
import { readMarking } from "../../../src/platform/metadata/marking.ts";
import { embedProvenance } from "../../../src/platform/metadata/provenance.ts";
import { auditPicture } from "../../../src/platform/pictures/audit.ts";
import { sha256Hex } from "../../../src/recipe/hash.ts";
import { bmp, emptyFile, gitLfsPointer, notAnImage, smallPng, svg } from "../../fixtures/pictures.ts";
import { pngChunk } from "../../fixtures/pngs.ts";
import { paidProvenance } from "../../fixtures/provenances.ts";
import { temporaryFolder } from "../../harness/paths.ts";
import { riffChunk, segment, withChunks, withSegments } from "./corpus.ts";

const iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
const terms = "http://cv.iptc.org/newscodes/digitalsourcetype/";

/** A packet as other tools write it; `body` stands in its only description. */
function packetOf(body: string, attributes = ""): string {
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:e="${iptc}" xmlns:xmp="http://ns.adobe.com/xap/1.0/"${attributes}>${body}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

const fox = packetOf(
  `<e:DigitalSourceType>${terms}trainedAlgorithmicMedia</e:DigitalSourceType><e:AIPromptInformation>a fox</e:AIPromptInformation>`,
  ' xmp:CreatorTool="Other 2"',
);

/** Small pictures with that packet, by extension. */
async function foxes(): Promise<Readonly<Record<string, Buffer>>> {
  const picture = () => sharp(smallPng()).withXmp(fox);
  const drawing = svg().toString("utf8");
  return {
    png: await picture().png().toBuffer(),
    jpg: await picture().jpeg().toBuffer(),
    webp: await picture().webp().toBuffer(),
    tif: await picture().tiff().toBuffer(),
    avif: await picture().avif({ effort: 0 }).toBuffer(),
    gif: Buffer.concat([await sharp(smallPng()).gif().toBuffer(), Buffer.from(fox)]),
    svg: Buffer.from(drawing.replace("</svg>", `<metadata>${fox}</metadata></svg>`)),
  };
}

const folder = temporaryFolder("marking");
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, bytes: Uint8Array | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

describe("the marking of another tool", () => {
  it("is found in every format that can carry one", async () => {
    for (const [extension, bytes] of Object.entries(await foxes())) {
      const { marking, hash } = await auditPicture(written(`fox.${extension}`, bytes));
      expect({ extension, ...marking }).toEqual({
        extension,
        provenance: null,
        sourceType: "trainedAlgorithmicMedia",
        tool: "Other 2",
        prompt: "a fox",
      });
      expect(hash).toBe(await sha256Hex(bytes));
    }
  });

  it.each([...aiSourceTypes])("is understood as %s, however it is written", async (term) => {
    for (const body of [
      `<e:DigitalSourceType>${terms}${term}</e:DigitalSourceType>`,
      `<e:DigitalSourceType rdf:resource="${terms.replace("http:", "https:")}${term}"/>`,
      `<e:DigitalSourcetype> ${term} </e:DigitalSourcetype>`,
      `<e:DigitalSourceType>digsrctype:${term.toUpperCase()}</e:DigitalSourceType>`,
    ]) {
      const bytes = await sharp(smallPng()).withXmp(packetOf(body)).png().toBuffer();
      expect((await readMarking(bytes)).sourceType).toBe(term);
    }
  });

  it("is not seen where a picture says that it is something else", async () => {
    for (const body of [
      `<e:DigitalSourceType>${terms}digitalCapture</e:DigitalSourceType>`,
      `<e:DigitalSourceType>${terms}</e:DigitalSourceType>`,
      "<e:DigitalSourceType/>",
      `<e:Other>${terms}trainedAlgorithmicMedia</e:Other>`,
      `<xmp:DigitalSourceType>${terms}trainedAlgorithmicMedia</xmp:DigitalSourceType>`,
    ]) {
      const bytes = await sharp(smallPng()).withXmp(packetOf(body)).jpeg().toBuffer();
      expect(await readMarking(bytes)).toMatchObject({ sourceType: null, provenance: null });
    }
    expect((await readMarking(bmp())).sourceType).toBeNull();
  });
});

const jumbf = (text: string) =>
  Buffer.concat([
    Buffer.from("\0\0\x01\0jumb\0\0\0\x1ejumd", "latin1"),
    Buffer.from("6332706100110010800000aa00389b71", "hex"),
    Buffer.from(`\x03c2pa\0${text}`, "latin1"),
  ]);
const type = (term: string) => `qdigitalSourceTypexF${terms}${term}`;

describe("Content Credentials", () => {
  it("are found where each format keeps them, with what they say of a model", async () => {
    const jpeg = await sharp(smallPng()).jpeg().toBuffer();
    const webp = await sharp(smallPng()).webp().toBuffer();
    const png = smallPng();
    const into: Readonly<Record<string, (manifest: Buffer) => Buffer>> = {
      jpg: (manifest) =>
        withSegments(
          jpeg,
          segment(0xeb, Buffer.concat([Buffer.from("JP\0\x01\0\0\0\x01", "latin1"), manifest])),
        ),
      webp: (manifest) => withChunks(webp, riffChunk("C2PA", manifest)),
      png: (manifest) => Buffer.concat([png.subarray(0, 33), pngChunk("caBX", manifest), png.subarray(33)]),
    };
    for (const [extension, embed] of Object.entries(into)) {
      const read = async (text: string) =>
        (await auditPicture(written(`signed.${extension}`, embed(jumbf(text))))).credentials;
      expect(await read(type("compositeWithTrainedAlgorithmicMedia"))).toBe("ai");
      expect(await read(type("digitalCapture"))).toBe("present");
      expect(await read("")).toBe("present");
    }
    expect(credentialsIn(png)).toBe("none");
    expect(credentialsIn(Buffer.from(type("trainedAlgorithmicMedia")))).toBe("none");
  });
});

describe("an audited file", () => {
  it("tells of Image Remix, in itself and beside it", async () => {
    const bytes = await embedProvenance(smallPng(), "PNG", paidProvenance, "full");
    expect(await auditPicture(written("ours.png", bytes))).toMatchObject({
      marking: { provenance: paidProvenance, sourceType: "compositeWithTrainedAlgorithmicMedia" },
      credentials: "none",
      sidecar: null,
    });
    const bare = written("bare.png", smallPng());
    written("bare.png.json", sidecarText(paidProvenance, "full"));
    expect(await auditPicture(bare)).toMatchObject({
      marking: { provenance: null, sourceType: null },
      sidecar: paidProvenance,
    });
  });

  it.each([
    ["empty.png", emptyFile(), /^empty\.png is empty/],
    ["pointer.png", gitLfsPointer(), /^pointer\.png is a Git LFS pointer/],
    ["text.png", notAnImage(), /^text\.png is not a picture that can be read/],
    ["cut.png", smallPng().subarray(0, 40), /^cut\.png is damaged or incomplete/],
  ])("that cannot be read is named: %s", async (name, bytes, message) => {
    await expect(auditPicture(written(name, bytes))).rejects.toThrow(message);
  });

  it("that is gone is named", async () => {
    await expect(auditPicture(path.join(folder, "gone.png"))).rejects.toThrow("gone.png is gone");
  });
});
