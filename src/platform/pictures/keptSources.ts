import { RemixFailure } from "../../engine/failure.ts";
import { refuseImpostors } from "../../engine/sniff.ts";
import { contentHash } from "../contentHash.ts";
import { readSource } from "../sourceFiles.ts";

/** A file with the content that is meant. */
export interface SourceContent {
  /** Absolute path. */
  readonly file: string;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly sha256: string;
}

interface KeptSource extends SourceContent {
  readonly bytes: Uint8Array;
}

/** As many as are prepared at the same time, and bytes that they may have together. */
const most = 3;
const mostBytes = 128 * 1024 * 1024;

/** What was read lately, the latest last. */
let kept: readonly KeptSource[] = [];

/**
 * Reads a source as it is now, and keeps its bytes for what is to be done with them next.
 *
 * @param file absolute path
 * @throws RemixFailure like `readSource`, or `notAnImage` for what only looks like a picture by its name
 */
export async function openSource(file: string): Promise<KeptSource> {
  const bytes = await readSource(file, new AbortController().signal);
  refuseImpostors(bytes);
  const source = { file, sha256: await contentHash(bytes), bytes };
  keep(source);
  return source;
}

/**
 * The bytes of a source that has been read before, and no others: those that were kept, or read again where they were
 * not.
 *
 * @param changed what to say of a file that has other bytes by now
 * @throws RemixFailure like `openSource`, or `sourceGone` where the file has other bytes by now
 */
export async function sameBytes(
  { file, sha256 }: SourceContent,
  changed = "has changed since it was read. Try again.",
): Promise<Uint8Array> {
  const found = kept.find((one) => one.file === file && one.sha256 === sha256);
  if (found !== undefined) {
    keep(found);
    return found.bytes;
  }
  const now = await openSource(file);
  if (now.sha256 !== sha256) {
    throw new RemixFailure("sourceGone", changed, { retryable: true });
  }
  return now.bytes;
}

function keep(source: KeptSource): void {
  const all = [...kept.filter(({ file }) => file !== source.file), source].slice(-most);
  while (all.reduce((sum, { bytes }) => sum + bytes.length, 0) > mostBytes) {
    all.shift();
  }
  kept = all;
}
