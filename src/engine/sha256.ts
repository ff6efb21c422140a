/** SHA-256 of `bytes`, in 64 lower-case hexadecimal digits. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const whole =
    bytes.buffer instanceof ArrayBuffer
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
      : Uint8Array.from(bytes);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
