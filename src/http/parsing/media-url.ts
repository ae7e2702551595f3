import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { publicOrigin } from "./public-url.ts";

/**
 * Where a file of a generation is served, without a key: it names its sandbox, so that finding it needs no search. With
 * `host`, where another of the vendor's file hosts has the same file.
 */
export function mediaUrl(sandbox: Sandbox, origin: string, vendor: string, fileName: string, host?: string): string {
  const folder = host === undefined ? vendor : `${vendor}/${host}`;
  return `${publicOrigin(sandbox, origin)}/_media/${sandbox.name}/${folder}/${encodeURIComponent(fileName)}`;
}
