import type { Cap } from "./budget.ts";

/** How much a cap still allows. @param room images that there is room for */
export function roomWords({ whose, limit, left }: Cap, room: number, images: number): string {
  const cap = `${whose} cap of $${limit.toFixed(2)}`;
  if (left <= 0) {
    return `${cap} is used up`;
  }
  if (room === 0) {
    return `${cap} leaves no room for ${images === 1 ? "this image" : `any of these ${images} images`}`;
  }
  return `${cap} leaves room for ${room} of ${images} images`;
}
