import type { OutputFormat, SourceFile } from "./ports.ts";

/** Extensions of files that are offered as sources, in lower case and without a dot. Their content decides. */
export const sourceExtensions = [
  "png",
  "jpg",
  "jpeg",
  "webp",
  "avif",
  "gif",
  "tif",
  "tiff",
  "bmp",
  "svg",
] as const;

const extensions: Readonly<Record<OutputFormat, string>> = { JPG: ".jpg", PNG: ".png", WEBP: ".webp" };

/** The result format for a source: the one asked for, or its own where that can be written, else PNG. */
export function outputFormat(asked: string, sourceFormat: string): OutputFormat {
  if (asked === "JPG" || asked === "PNG" || asked === "WEBP") {
    return asked;
  }
  switch (sourceFormat) {
    case "jpeg":
      return "JPG";
    case "webp":
      return "WEBP";
    default:
      return "PNG";
  }
}

/** The extension that bytes of `format` get beside `source`: its own spelling (`.jpeg`, `.PNG`) where that fits. */
export function extensionFor(format: OutputFormat, source: SourceFile): string {
  const usual = extensions[format];
  const own = source.extension.toLowerCase();
  const fits = own === usual || (format === "JPG" && (own === ".jpeg" || own === ".jpe"));
  return fits ? source.extension : usual;
}

/** Whether a file is called like one of our results, by its stem: `hero.remix-1`. */
export function looksLikeResult(stem: string): boolean {
  return /\.remix-\d+$/.test(stem);
}
