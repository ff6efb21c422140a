import {
  creatorTool,
  digitalSourceType,
  type Provenance,
  provenanceSchema,
  published,
} from "./provenance.ts";

/** What a sidecar file may be long, in UTF-16 units: recipes are a few kilobytes. */
export const longestSidecar = 1_000_000;

/** Name of the file beside a picture that says the same as the picture's metadata. */
export function sidecarName(picture: string): string {
  return `${picture}.json`;
}

/** Content of that file: JSON with the fields of `Provenance` and nothing else of the run. */
export function sidecarText(provenance: Provenance, level: "full" | "marking"): string {
  const content = {
    digitalSourceType: digitalSourceType(provenance),
    creatorTool: creatorTool(provenance),
    ...provenanceSchema.parse(published(provenance, level)),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** @returns undefined where `text` is not the content of a sidecar */
export function readSidecar(text: string): Provenance | undefined {
  if (text.length > longestSidecar) {
    return undefined;
  }
  try {
    const parsed = provenanceSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
