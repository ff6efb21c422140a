/** What a picture and its path tell of somebody, and what of that leaves the machine: nothing. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { afterAll, expect, it } from "vitest";
import { filesIn, resultsIn, usePaidWindows } from "./paidWindows.ts";

const windows = usePaidWindows("canaries");
/** Stands in the metadata of every picture. */
const owner = "OWNER-CANARY-46.5N-8.25E";
/** Names of a folder above the pictures, and of the pictures. */
const place = "PLACE-CANARY";
const name = "NAME-CANARY";

/** Everything that left the machine: addresses, headers and bodies. */
const sent: string[] = [];
/** A line to the service on which everything is written down. */
const line = createServer(async (request, response) => {
  const { url = "", method = "", headers } = request;
  const body = await buffer(request);
  sent.push(`${method} ${url}\n${JSON.stringify(headers)}\n${body.toString("latin1")}`);
  const { authorization = "", "content-type": type = "application/json" } = headers;
  const answer = await fetch(new URL(url, windows.emulator.origin), {
    method,
    headers: { authorization, "content-type": type },
    ...(body.length === 0 ? {} : { body }),
  });
  const kind = answer.headers.get("content-type") ?? "";
  const content = Buffer.from(await answer.arrayBuffer());
  // Pictures come by the same line.
  const isText = kind.startsWith("application/json");
  const said = isText
    ? content.toString().replaceAll(windows.emulator.origin, new URL(endpoint()).origin)
    : content;
  response.writeHead(answer.status, { "content-type": kind }).end(said);
});
await new Promise<void>((resolve) => line.listen(0, "127.0.0.1", resolve));
const endpoint = () => {
  const { port } = line.address() as AddressInfo;
  return `http://127.0.0.1:${port}${new URL(windows.emulator.url).pathname}`;
};
afterAll(() => line.closeAllConnections());
afterAll(() => void line.close());

/** A picture that tells owner and place in EXIF, GPS and XMP. */
async function telling(width: number, height: number, format: "jpeg" | "png" | "webp"): Promise<Buffer> {
  const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="${owner}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
  return await sharp({ create: { width, height, channels: 3, background: { r: width % 256, g: 90, b: 60 } } })
    .withExif({
      IFD0: { Copyright: owner, Make: owner },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "46/1 30/1 0/1" },
    })
    .withXmp(xmp)
    .toFormat(format)
    .toBuffer();
}

it("sends neither EXIF, GPS and XMP nor a name or path, of sources and style references", async () => {
  const folder = path.join(windows.pictures("private"), place);
  mkdirSync(folder);
  // Of the size that is drawn, so that pixels go up as they are; and of another, so that they are drawn anew.
  for (const format of ["jpeg", "png", "webp"] as const) {
    writeFileSync(path.join(folder, `${name} as it is.${format}`), await telling(1024, 1024, format));
    writeFileSync(path.join(folder, `${name} laid in.${format}`), await telling(900, 500, format));
  }
  mkdirSync(path.join(folder, "styles"));
  writeFileSync(path.join(folder, "styles", `${name} style.jpg`), await telling(300, 200, "jpeg"));
  // Only the folder's own settings say what its pictures are drawn in the style of.
  mkdirSync(path.join(folder, ".vscode"));
  const style = { "imageRemix.styleReferenceImages": [`styles/${name} style.jpg`] };
  writeFileSync(path.join(folder, ".vscode", "settings.json"), JSON.stringify(style));
  const session = await windows.open(folder, {
    "imageRemix.positivePrompt": "a tin of tea",
    "imageRemix.runware.endpoint": endpoint(),
    "imageRemix.output.metadata": "full",
    "imageRemix.output.sidecar": true,
  });
  const failed = await session.ext(async (vscode) => {
    const files = await vscode.workspace.findFiles("*.{jpeg,png,webp}");
    const report = await vscode.commands.executeCommand<{ readonly failed: readonly { message: string }[] }>(
      "imageRemix.remixImage",
      files[0],
      files,
      { confirm: false },
    );
    return report.failed.map(({ message }) => message);
  });
  expect(failed).toEqual([]);

  const said = sent.join("\n");
  expect(said).toContain("imageInference");
  const pictures = [...said.matchAll(/[A-Za-z0-9+/]{200,}={0,2}/g)].map(([text]) =>
    Buffer.from(text, "base64"),
  );
  expect(pictures.length).toBeGreaterThanOrEqual(7);
  for (const picture of pictures) {
    const { exif, xmp, iptc, comments } = await sharp(picture).metadata();
    expect({ exif, xmp, iptc, comments }).toEqual({});
  }
  const all = [said, ...pictures.map((picture) => picture.toString("latin1"))].join("\n");
  for (const secret of [owner, place, name, encodeURIComponent(path.dirname(folder)), path.dirname(folder)]) {
    expect(all.includes(secret), secret).toBe(false);
    expect(all.includes([...secret].join("\0")), `${secret} as UTF-16`).toBe(false);
  }

  // What is handed on with the results tells neither where they were made nor what their sources told.
  expect(resultsIn(folder)).toHaveLength(12);
  for (const file of filesIn(folder).filter((file) => file.includes(".remix-"))) {
    const bytes = readFileSync(path.join(folder, file), "latin1");
    expect({
      file,
      tells: [owner, place, windows.emulator.key].filter((secret) => bytes.includes(secret)),
    }).toEqual({
      file,
      tells: [],
    });
  }
});

it("would find them: the sources hold them", async () => {
  for (const format of ["jpeg", "png", "webp"] as const) {
    const bytes = await telling(64, 64, format);
    expect(bytes.toString("latin1")).toContain(owner);
    expect((await sharp(bytes).metadata()).exif).toBeDefined();
  }
});
