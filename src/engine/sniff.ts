import { RemixFailure } from "./failure.ts";

/** First line of a Git LFS pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const lfsPointer = "version https://git-lfs.github.com/spec/";

/**
 * Recognises files that only look like pictures by name, so that the message can say what to do about them.
 *
 * @throws RemixFailure `notAnImage`; the message continues a sentence that starts with the file's name
 */
export function refuseImpostors(bytes: Uint8Array): void {
  if (bytes.length === 0) {
    throw new RemixFailure("notAnImage", "is empty. Restore the picture, then try again.");
  }
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 512));
  if (start.startsWith(lfsPointer)) {
    throw new RemixFailure(
      "notAnImage",
      'is a Git LFS pointer, not the picture itself. Run "git lfs pull" to fetch it, then try again.',
    );
  }
  if (/^\s*<(!doctype html|html)/i.test(start)) {
    throw new RemixFailure(
      "notAnImage",
      "is a web page, not a picture. Replace it with the picture itself, then try again.",
    );
  }
}
