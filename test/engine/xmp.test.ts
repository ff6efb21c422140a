/** A provenance is written into XMP and read back, also after others had their hands on it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { published } from "../../src/engine/provenance.ts";
import { escapeXml, parsePacket, rdfNamespace } from "../../src/engine/rdf.ts";
import { extendedGuid, mergedPacket, provenanceIn, splitPacket } from "../../src/engine/xmp.ts";
import { anyProvenance, awkwardText, paidProvenance } from "../fixtures/provenances.ts";

/** The same statements as another tool writes them: with other prefixes, and as attributes where that is possible. */
function rewritten(packet: string, asElement: (index: number) => boolean): string {
  const descriptions = parsePacket(packet)?.descriptions ?? [];
  const written = descriptions.map(({ about, properties }) => {
    const declared = properties.map(({ namespace }, index) => `xmlns:n${index}="${escapeXml(namespace)}"`);
    const attributes: string[] = [];
    const elements: string[] = [];
    for (const [index, { name, value }] of properties.entries()) {
      if (asElement(index)) {
        const text = (value ?? "").split("]]>").map((part) => part.replaceAll("\r", "]]>&#13;<![CDATA["));
        elements.push(`<n${index}:${name}><![CDATA[${text.join("]]]]><![CDATA[>")}]]></n${index}:${name}>`);
      } else {
        attributes.push(`n${index}:${name}='${escapeXml(value ?? "").replaceAll("'", "&#x27;")}'`);
      }
    }
    const head = [`R:about='${escapeXml(about)}'`, ...declared, ...attributes].join("\n  ");
    return `<R:Description ${head}>\n${elements.join("\n")}</R:Description>`;
  });
  return `<R:RDF xmlns:R="${rdfNamespace}">${written.join("\n")}</R:RDF>`;
}

const foreign = `\uFEFF<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\r
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Other"><RDF xmlns="${rdfNamespace}" xmlns:r="${rdfNamespace}"
  xmlns:q="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<r:Description r:about="uuid:1" q:CreatorTool="Theirs > ours" q:Rating='5' xmlns:v="urn:vendor/">\r
  <v:asset v:id="7">kept</v:asset>
  <i:DigitalSourceType xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">theirs</i:DigitalSourceType>
  <dc:title><r:Alt><r:li xml:lang="x-default">Tea &amp; tin</r:li></r:Alt></dc:title>
</r:Description></RDF></x:xmpmeta>\r
<?xpacket end="w"?>    `;

describe("a provenance in XMP", () => {
  test("is read back as it was written", () => {
    fc.assert(
      fc.property(anyProvenance, (provenance) => {
        expect(provenanceIn([mergedPacket(undefined, provenance)])).toEqual(provenance);
      }),
    );
  });

  test("is read back after another tool has written the same statements in other forms", () => {
    fc.assert(
      fc.property(anyProvenance, fc.func(fc.boolean()), (provenance, asElement) => {
        const packet = rewritten(mergedPacket(undefined, provenance), asElement);
        expect(provenanceIn([packet])).toEqual(provenance);
        const again = mergedPacket(packet, { ...provenance, cost: 1 });
        expect(provenanceIn([again])).toEqual({ ...provenance, cost: 1 });
      }),
    );
  });

  test("says who drew, in the words of the IPTC", () => {
    const packet = mergedPacket(undefined, paidProvenance);
    const source = (text: string) =>
      /<Iptc4xmpExt:DigitalSourceType>(.*)<\/Iptc4xmpExt:DigitalSourceType>/.exec(text)?.[1];
    expect(source(packet)).toBe(
      "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
    );
    const preview = mergedPacket(undefined, { ...paidProvenance, provider: "local", model: null });
    expect(source(preview)).toBe("http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced");
    expect(preview).toContain("<xmp:CreatorTool>Image Remix (local preview)</xmp:CreatorTool>");
  });

  test("replaces an earlier one, and writing it twice changes nothing", () => {
    fc.assert(
      fc.property(anyProvenance, fc.constantFrom(undefined, foreign), (provenance, before) => {
        const once = mergedPacket(mergedPacket(before, paidProvenance), provenance);
        expect(once).toBe(mergedPacket(before, provenance));
        expect(mergedPacket(once, provenance)).toBe(once);
      }),
    );
  });
});

describe("a packet of somebody else", () => {
  test("keeps what it says, except for the two words that are ours", () => {
    const merged = mergedPacket(foreign, paidProvenance);
    expect(provenanceIn([merged])).toEqual(paidProvenance);
    for (const kept of [
      "q:Rating='5'",
      '<v:asset v:id="7">kept</v:asset>',
      '<r:li xml:lang="x-default">Tea &amp; tin</r:li>',
      'x:xmptk="Other"',
      'rdf:about="uuid:1"',
      '<?xpacket end="w"?>    ',
    ]) {
      expect(merged).toContain(kept);
    }
    expect(merged).not.toMatch(/[Tt]heirs/);
  });

  test("is replaced where no reader understands it", () => {
    for (const broken of [
      "",
      "<x",
      "<a/>",
      "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
      "<a>".repeat(200_000),
    ]) {
      expect(provenanceIn([mergedPacket(broken, paidProvenance)])).toEqual(paidProvenance);
    }
  });

  test("holds no provenance when it is not ours, not whole or not sensible", () => {
    const packet = mergedPacket(undefined, paidProvenance);
    expect(provenanceIn([])).toBeUndefined();
    expect(provenanceIn([foreign])).toBeUndefined();
    expect(provenanceIn([packet.slice(0, -60)])).toBeUndefined();
    const changes = [
      ["../pictures/tea-tin.png", "/etc/passwd"],
      ["../pictures/tea-tin.png", "C:\\Users\\me.png"],
      ["../pictures/tea-tin.png", "file:///etc/passwd"],
      ["0.06", "-1"],
      ["2026-11-22", "yesterday"],
      ["<imageRemix:provider>runware", "<imageRemix:provider>nobody"],
      ["<imageRemix:model>ideogram:1@2", "<imageRemix:model>a model"],
      ["{&quot;positivePrompt", "{&quot;constructor"],
      ["{&quot;positivePrompt", "[&quot;positivePrompt"],
    ] as const;
    for (const [from, to] of changes) {
      expect(packet).toContain(from);
      expect(provenanceIn([packet.replace(from, to)]), to).toBeUndefined();
    }
  });

  test("never makes reading or merging fail", () => {
    const piece = fc.oneof(
      awkwardText(40),
      fc.constantFrom(
        "<rdf:RDF",
        ` xmlns:rdf="${rdfNamespace}"`,
        ">",
        "</rdf:RDF>",
        "<rdf:Description/>",
        "&#",
        "'",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join("");
        provenanceIn([text]);
        expect(provenanceIn([mergedPacket(text, paidProvenance)])).toEqual(paidProvenance);
      }),
    );
  });

  test("is dealt with at once, however it was built", () => {
    const prefixes = Array.from({ length: 30_000 }, (_, n) => `xmlns:p${n}="u"`).join(" ");
    const many = "<rdf:Description xmlns:z='u'/>".repeat(30_000);
    const head = `<rdf:RDF xmlns:rdf="${rdfNamespace}"`;
    expect(parsePacket(`${head} ${prefixes}>${many}</rdf:RDF>`)).toBeUndefined();

    const zeros = "\0".repeat(1_000_000);
    expect(parsePacket(`${head}/>${zeros}`)).toBeDefined();
    expect(parsePacket(`${head}/>${zeros}x`)).toBeUndefined();

    const spaces = " ".repeat(1_000_000);
    const ours = `xmlns:q="http://ns.adobe.com/xap/1.0/" q:CreatorTool="theirs"`;
    const wide = `${head}><rdf:Description ${ours} q:Rating="5"${spaces}/></rdf:RDF>`;
    const merged = mergedPacket(wide, paidProvenance);
    expect(merged).toContain('q:Rating="5"');
    expect(merged).not.toContain("theirs");

    const repeated = `<rdf:Description ${ours}><q:Label>a</q:Label></rdf:Description>`.repeat(3000);
    const declared = Array.from({ length: 190 }, (_, n) => `xmlns:p${n}="${"u".repeat(100)}"`).join(" ");
    const large = `${head} ${declared}>${repeated}</rdf:RDF>`;
    const { extended } = splitPacket(large, large, paidProvenance, 65_000, () => "0".repeat(32));
    expect(extended.length).toBeLessThan(3 * large.length);
    expect(provenanceIn([mergedPacket(large, paidProvenance)])).toEqual(paidProvenance);
  });
});

describe("a packet in two parts", () => {
  const guid = (text: string) => String(text.length).padStart(32, "0");
  const split = (maximum: number, provenance = paidProvenance, extended?: string) =>
    splitPacket(foreign, extended, provenance, maximum, guid);

  test("has ours in the first, and everything else in the second", () => {
    const { main, extended } = split(65_000);
    expect(extendedGuid(main)).toBe(guid(extended));
    expect(provenanceIn([main])).toEqual(paidProvenance);
    expect(parsePacket(extended)?.descriptions).toHaveLength(1);
    expect(extended).toContain("kept");
    expect(extended).toContain("Tea &amp; tin");
    expect(extendedGuid(extended)).toBeUndefined();
  });

  test("keeps at least the marking in the first", () => {
    fc.assert(
      fc.property(anyProvenance, (provenance) => {
        const { main, extended } = split(10, provenance);
        expect(main).toContain("DigitalSourceType");
        expect(main).not.toContain(provenance.recipeHash);
        expect(provenanceIn([main, extended])).toEqual(provenance);
        const again = split(10, provenance, extended);
        expect(provenanceIn([again.main, again.extended])).toEqual(provenance);
      }),
    );
  });
});

describe("what is published", () => {
  test("of a marking is enough to know whether a result is up to date, and no recipe", () => {
    const marking = published(paidProvenance, "marking");
    expect(marking).toEqual({ ...paidProvenance, recipe: null });
    expect(mergedPacket(undefined, marking)).not.toContain("forest");
  });

  test("holds no query, no user and no absolute path", () => {
    const styleReferenceImages = [
      "styles/linen.png",
      "https://me:word@example.com/a.png?token=secret#part",
      "/home/me/b.png",
      "C:\\Users\\me\\c.png",
      "file:///home/me/d.png",
      "data:image/png;base64,AAAA",
    ];
    const { recipe } = published({ ...paidProvenance, recipe: { styleReferenceImages } }, "full");
    expect(recipe).toEqual({
      styleReferenceImages: [
        "styles/linen.png",
        "https://example.com/a.png",
        "b.png",
        "c.png",
        "(not recorded)",
        "(not recorded)",
      ],
    });
  });
});
