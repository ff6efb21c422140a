/** Serves the built page as VS Code would: under a strict content security policy, with nothing from elsewhere. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import sharp from "sharp";
import { panelHtml } from "../../src/editor/panel/html.ts";
import { projectRoot } from "../harness/paths.ts";

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".ttf": "font/ttf",
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
        draw(path.basename(pathname), searchParams).then(
          (bytes) => answer("image/webp", bytes),
          () => response.writeHead(404).end(),
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

const drawn = new Map<string, Promise<Buffer>>();

/** A sample as small as the panel shows it; with a hue, turned and cut to a size: what a result looks like here. */
function draw(name: string, asked: URLSearchParams): Promise<Buffer> {
  const key = `${name}?${asked}`;
  const picture = drawn.get(key) ?? drawAnew(name, asked);
  drawn.set(key, picture);
  return picture;
}

function drawAnew(name: string, asked: URLSearchParams): Promise<Buffer> {
  const [hue, width, height] = ["hue", "width", "height"].map((key) => Number(asked.get(key)));
  const sample = sharp(path.join(projectRoot, "media", "samples", name));
  const picture =
    hue && width && height
      ? sample.resize(width, height, { fit: "cover" }).modulate({ hue, saturation: 0.55 })
      : sample;
  return picture.webp({ quality: 80, effort: 0 }).toBuffer();
}
