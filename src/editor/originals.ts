import * as vscode from "vscode";
import { RemixFailure } from "../engine/failure.ts";
import { originalOf, type PictureReader } from "../engine/lineage.ts";
import type { Remix } from "../engine/plan.ts";
import type { SourceFile } from "../engine/ports.ts";
import type { Provenance } from "../engine/provenance.ts";
import { refuseExcluded } from "./exclusions.ts";

/** Pictures that were chosen one by one are looked into; who chooses more than this knows what they are. */
const mostLookedAt = 50;

/** Pictures that one question names. */
const mostNamed = 5;

/** Where recipes are written: only such files can say that they are remixes. */
const mayBeRemix = /^\.(png|jpe?g|jpe|webp)$/i;

/** Finds sources that are remixes themselves, and offers the pictures that they were made from. */
export class Originals {
  readonly #reader: PictureReader;
  readonly #toSource: (path: string) => SourceFile;
  /** Remixes that the user wanted to remix all the same, by path and original: nobody is asked twice. */
  readonly #wanted = new Set<string>();

  constructor(reader: PictureReader, toSource: (path: string) => SourceFile) {
    this.#reader = reader;
    this.#toSource = toSource;
  }

  /**
   * The remixes among `sources` of which the original is there, unchanged, and may be sent.
   *
   * @param provenanceOf where a picture says that it came from, where that has been read; it is read otherwise
   */
  async among(
    sources: readonly SourceFile[],
    provenanceOf: (source: SourceFile) => Promise<Provenance | undefined> = (source) => this.#read(source),
  ): Promise<readonly Remix[]> {
    const remixes: Remix[] = [];
    for (const source of sources.filter(({ extension }) => mayBeRemix.test(extension))) {
      const original = await originalOf(source.path, await provenanceOf(source), this.#reader);
      if (original !== undefined && mayBeSent(this.#toSource(original))) {
        remixes.push({ source, original: this.#toSource(original) });
      }
    }
    return remixes;
  }

  /** What cannot be read is told when it is remixed. */
  async #read({ path }: SourceFile): Promise<Provenance | undefined> {
    return this.#reader.read(path).then(
      ({ provenance }) => provenance,
      () => undefined,
    );
  }

  /**
   * Asks, where sources are remixes themselves, whether their originals are meant.
   *
   * @returns what to remix, each picture once
   * @throws RemixFailure `cancelled` when the user gives no answer
   */
  async offer(sources: readonly SourceFile[]): Promise<readonly SourceFile[]> {
    const remixes = sources.length > mostLookedAt ? [] : await this.among(sources);
    const asked = remixes.filter((remix) => !this.#wanted.has(keyOf(remix)));
    const [first] = asked;
    if (first === undefined) {
      return sources;
    }
    const isOne = asked.length === 1;
    const useOriginals = isOne ? `Remix ${first.original.name}` : "Remix the Originals";
    const useRemixes = isOne ? `Remix ${first.source.name}` : "Remix What I Chose";
    const message = isOne
      ? `${first.source.name} is itself a remix of ${first.original.name}.`
      : `${asked.length} of ${sources.length} pictures are themselves remixes.`;
    const named = asked
      .slice(0, mostNamed)
      .map((remix) => `${short(remix.source)} of ${short(remix.original)}`);
    const more = asked.length > mostNamed ? [`… and ${asked.length - mostNamed} more`] : [];
    const why = "A remix of a remix moves further from the original and loses detail.";
    const detail = [why, ...(isOne ? [] : [named.concat(more).join("\n")])].join("\n\n");
    const options = { modal: true, detail };
    const answer = await vscode.window.showInformationMessage(message, options, useOriginals, useRemixes);
    if (answer === undefined) {
      throw new RemixFailure("cancelled", "Cancelled before anything was sent.");
    }
    if (answer === useRemixes) {
      for (const remix of asked) {
        this.#wanted.add(keyOf(remix));
      }
      return sources;
    }
    return withOriginals(sources, asked);
  }
}

/** `sources` with the originals in the place of remixes, each picture once. */
export function withOriginals(
  sources: readonly SourceFile[],
  remixes: readonly Remix[],
): readonly SourceFile[] {
  const originals = new Map(remixes.map(({ source, original }) => [source.path, original]));
  const chosen = sources.map((source) => originals.get(source.path) ?? source);
  return [...new Map(chosen.map((source) => [source.path, source])).values()];
}

function keyOf({ source, original }: Remix): string {
  return JSON.stringify([source.path, original.path]);
}

function short({ path }: SourceFile): string {
  return vscode.workspace.asRelativePath(path);
}

function mayBeSent(source: SourceFile): boolean {
  try {
    refuseExcluded(source);
    return true;
  } catch {
    return false;
  }
}
