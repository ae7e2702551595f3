/** Computes the number that an expectation allows, which may depend on what the client does when all goes well. */
import type { Base } from "./base.ts";
import type { Count } from "./expectation-document.ts";

export function limitOf(count: Count, base: Base): number {
  return typeof count === "number" ? count : Math.max(count.atLeast, base[count.base] * count.times + count.plus);
}
