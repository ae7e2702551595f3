import type { Sandbox } from "../engine/sandbox.ts";
import { publicOrigin } from "./public-url.ts";

/** Where a file of a generation is served, without a key: it names its sandbox, so that finding it needs no search. */
export function mediaUrl(sandbox: Sandbox, origin: string, vendor: string, fileName: string): string {
  return `${publicOrigin(sandbox, origin)}/_media/${sandbox.name}/${vendor}/${encodeURIComponent(fileName)}`;
}
