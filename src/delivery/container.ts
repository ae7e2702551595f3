import { existsSync } from "node:fs";

/** Whether this process runs in a container, where localhost is not the machine that the developer sits at. */
export function isInContainer(): boolean {
  return existsSync("/.dockerenv") || existsSync("/run/.containerenv");
}
