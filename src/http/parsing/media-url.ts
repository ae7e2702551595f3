import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { publicOrigin } from "./public-url.ts";

/** A file of a generation, on one of the hosts from which its vendor serves files where that is not the usual one. */
export interface MediaFile {
  readonly vendor: string;
  readonly name: string;
  readonly host?: string | undefined;
}

/** Says where a file is served, without a key: the URL names the sandbox, so that finding the file needs no search. */
export function mediaUrl(sandbox: Sandbox, origin: string, { vendor, name, host }: MediaFile): string {
  const folder = host === undefined ? vendor : `${vendor}/${host}`;
  return `${publicOrigin(sandbox, origin)}/_media/${sandbox.name}/${folder}/${encodeURIComponent(name)}`;
}
