/** Builds the URLs of generated files. */
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { publicOrigin } from "./public-url.ts";

/** A file of a generation; `host` is set if the vendor serves the file from another host than usual. */
export interface MediaFile {
  readonly vendor: string;
  readonly name: string;
  readonly host?: string | undefined;
}

/** Returns a file's URL, which needs no key. It names the sandbox, so that finding the file needs no search. */
export function mediaUrl(sandbox: Sandbox, origin: string, { vendor, name, host }: MediaFile): string {
  const folder = host === undefined ? vendor : `${vendor}/${host}`;
  return `${publicOrigin(sandbox, origin)}/_media/${sandbox.name}/${folder}/${encodeURIComponent(name)}`;
}
