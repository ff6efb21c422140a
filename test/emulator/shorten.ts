import { formOf } from "./api/references.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { sha256 } from "./ledger.ts";

/** Image data in a request, shortened: its hash once decoded, and its lengths. */
export interface ShortenedImage extends JsonObject {
  readonly form: "dataURI" | "base64";
  readonly sha256: string;
  readonly bytes: number;
  readonly characters: number;
}

/** Fields that hold pictures, by the names of the parameters. */
const imageFields = new Set(["referenceImages", "styleReferenceImages", "media", "image"]);

/** A copy of a request's task for the ledger: image data shortened, the key taken out. */
export function shortened(value: Json): Json {
  if (isList(value)) {
    return value.map(shortened);
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, shortenField(name, field ?? null)]),
  );
}

function shortenField(name: string, field: Json): Json {
  if (name === "apiKey") {
    return "(taken out)";
  }
  if (!imageFields.has(name)) {
    return shortened(field);
  }
  return isList(field) ? field.map(shortenImage) : shortenImage(field);
}

function shortenImage(value: Json): Json {
  const form = typeof value === "string" ? formOf(value) : undefined;
  if (typeof value !== "string" || (form !== "dataURI" && form !== "base64")) {
    return shortened(value);
  }
  const bytes = Buffer.from(value.slice(value.indexOf(",") + 1), "base64");
  const image: ShortenedImage = {
    form,
    sha256: sha256(bytes),
    bytes: bytes.length,
    characters: value.length,
  };
  return image;
}
