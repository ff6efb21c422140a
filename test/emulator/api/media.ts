import type { OutputFormat } from "../drawing/draw.ts";

/** A stored picture: uploaded by a client, or a result. */
export interface Medium {
  readonly uuid: string;
  readonly kind: "upload" | "result";
  /** The task that brought it. */
  readonly taskUUID: string;
  readonly bytes: Uint8Array;
  readonly format: OutputFormat;
  /** Milliseconds since 1970; its address answers 404 from then on. */
  readonly expires: number;
}

const types = {
  JPG: { extension: "jpg", mime: "image/jpeg" },
  PNG: { extension: "png", mime: "image/png" },
  WEBP: { extension: "webp", mime: "image/webp" },
} as const satisfies Record<OutputFormat, { extension: string; mime: string }>;

export function mimeOf(format: OutputFormat): string {
  return types[format].mime;
}

/** Pictures by UUID. */
export class MediaStore {
  readonly #media = new Map<string, Medium>();

  add(medium: Medium): void {
    this.#media.set(medium.uuid, medium);
  }

  find(uuid: string): Medium | undefined {
    return this.#media.get(uuid);
  }

  delete(uuid: string): boolean {
    return this.#media.delete(uuid);
  }

  clear(): void {
    this.#media.clear();
  }
}

/**
 * Where a picture is served. The paths are those of `im.runware.ai` and `mm.runware.ai`, the results' as on
 * https://runware.ai/docs/models/ideogram-1-0-remix
 */
export function pathOf({ uuid, kind, format }: Pick<Medium, "uuid" | "kind" | "format">): string {
  const folder = kind === "result" ? "/image/os/a01d21/ws/2/ii" : "/media-storage/ws/2";
  return `${folder}/${uuid}.${types[format].extension}`;
}

/** The UUID of the picture that is served at `path`; undefined for paths that are none. */
export function uuidInPath(path: string): string | undefined {
  return /^\/(?:image\/os\/a01d21\/ws\/2\/ii|media-storage\/ws\/2)\/([0-9a-f-]{36})\.\w+$/.exec(path)?.[1];
}
