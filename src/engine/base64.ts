/** Base64 as the machine does it: pictures have megabytes, and the thread that does it answers to nobody meanwhile. */
export interface Base64Port {
  /** Standard Base64 with padding, in one line. */
  encode(bytes: Uint8Array): string;
  /**
   * Reads Base64 as a service may write it: with white space, behind a `data:` prefix, in the URL-safe alphabet,
   * without padding.
   *
   * @returns undefined for what is no Base64
   */
  decode(text: string): Uint8Array | undefined;
}
