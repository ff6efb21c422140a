/** Serves the built page as VS Code would: under a strict content security policy, with nothing from elsewhere. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { panelHtml } from "../../src/editor/panel/html.ts";
import { projectRoot } from "../harness/paths.ts";

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".ttf": "font/ttf",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
};

export interface PanelServer {
  readonly address: string;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** Folder of the built page. */
  readonly dist?: string | undefined;
  /** Grey rectangles instead of pictures: a machine without a graphics card draws them in no time. */
  readonly isPlain?: boolean;
}

export async function servePanel({
  dist = path.join(projectRoot, "dist"),
  isPlain = false,
}: ServerOptions): Promise<PanelServer> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const answer = (type: string, body: string | Buffer) => {
      response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
    };
    try {
      if (pathname === "/") {
        const addresses = { script: "/dist/panel.js", style: "/dist/panel.css", cspSource: "'self'" };
        answer("text/html", panelHtml(addresses, "nonce123", "en"));
      } else if (pathname.startsWith("/dist/")) {
        const name = path.basename(pathname);
        answer(types[path.extname(name)] ?? "text/plain", readFileSync(path.join(dist, name)));
      } else if (pathname.startsWith("/pictures/") && isPlain) {
        answer("image/svg+xml", plainPicture);
      } else if (pathname.startsWith("/pictures/")) {
        const picture = readPicture(path.basename(pathname));
        const hue = searchParams.get("hue");
        answer(
          hue === null ? picture.type : "image/svg+xml",
          hue === null ? picture.bytes : turned(picture, searchParams),
        );
      } else {
        response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
      }
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const plainPicture =
  '<svg xmlns="http://www.w3.org/2000/svg" width="128" height="72"><path fill="#777" d="M0 0h128v72H0z"/></svg>';

interface Picture {
  readonly bytes: Buffer;
  readonly type: string;
}

function readPicture(name: string): Picture {
  const bytes = readFileSync(path.join(projectRoot, "media", "samples", name));
  return { bytes, type: types[path.extname(name)] ?? "image/png" };
}

/** The picture with its hue turned, cut to a size: what a result looks like here. */
function turned({ bytes, type }: Picture, asked: URLSearchParams): string {
  const [hue, width, height] = ["hue", "width", "height"].map((name) => Number(asked.get(name)));
  const address = `data:${type};base64,${bytes.toString("base64")}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
    <filter id="f"><feColorMatrix type="hueRotate" values="${hue}"/><feColorMatrix type="saturate" values="0.55"/></filter>
    <image href="${address}" width="${width}" height="${height}" preserveAspectRatio="xMidYMid slice" filter="url(#f)"/></svg>`;
}
