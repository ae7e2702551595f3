/** Detects whether the process runs in a container. */
import { existsSync } from "node:fs";

/** Whether this process runs in a container, where localhost is not the developer's machine. */
export function isInContainer(): boolean {
  return existsSync("/.dockerenv") || existsSync("/run/.containerenv");
}
