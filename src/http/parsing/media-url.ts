/** Builds and reads the URLs of generated files. */
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

/** Returns the name of a vendor's file in a URL of this sandbox, with any origin; undefined for any other URL. */
export function mediaNameOf(sandbox: Sandbox, vendor: string, url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const [, root, name, folder, ...rest] = new URL(url).pathname.split("/");
  const file = rest.at(-1);
  const isOwn = root === "_media" && name === sandbox.name && folder === vendor && rest.length <= 2;
  return isOwn && file !== undefined && /^[\w.-]+$/.test(file) ? file : undefined;
}
