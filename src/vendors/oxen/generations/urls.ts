/**
 * Builds the URLs of results: `/api/repos/{namespace}/{repo}/…` on the vendor's own host [doc]. A result for a named
 * repository is a committed file. Any other result has its own workspace in a repository that every namespace has;
 * clients use both forms [client]. `?sandbox=` replaces the vendor's signature and names the sandbox of a request
 * without a key.
 */
import type { Generation } from "../../../engine/model/generation.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { publicOrigin } from "../../../http/parsing/public-url.ts";
import { attributesOf } from "./store.ts";

/**
 * Repository of a result whose request names none. A client's fixtures have this name; the documentation names no
 * default [client].
 */
const DEFAULT_REPO = "playground";

/** Returns the URL of a generation's result, on the origin of the client's request. */
export function resultUrl(sandbox: Sandbox, origin: string, generation: Generation): string {
  const path = filePathOf(generation).map(encodeURIComponent).join("/");
  return `${publicOrigin(sandbox, origin)}/${path}?sandbox=${sandbox.name}`;
}

/** Returns the id of the generation whose result a URL of this sandbox names, on any origin; undefined for others. */
export function resultIdOf(sandbox: Sandbox, url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { pathname, searchParams } = new URL(url);
  const [, id] = /^\/api\/repos\/.+\/(job-[0-9a-f]{64}|[0-9a-f-]{36})\.[a-z0-9]+$/.exec(pathname) ?? [];
  return searchParams.get("sandbox") === sandbox.name ? id : undefined;
}

/** Returns the segments of the path of a generation's file, from `api` on, not encoded. */
export function filePathOf(generation: Generation): string[] {
  const { repo, directory } = attributesOf(generation);
  const [output] = generation.outputs;
  // A client resolves `.` and `..` in a URL, which would change the path.
  const folders = (directory ?? "").split("/").filter((folder) => !["", ".", ".."].includes(folder));
  const place = repo === null ? [DEFAULT_REPO, "workspaces", generation.id, "files"] : [repo, "file", "main"];
  return ["api", "repos", generation.account, ...place, ...folders, `${generation.id}.${output?.format ?? ""}`];
}
