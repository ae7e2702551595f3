/**
 * Where results are: `/api/repos/{namespace}/{repo}/…` on the vendor's own host [doc]. A result for a named repository
 * is a committed file, any other lies in a workspace of its own in a repository that every namespace has; clients meet
 * both shapes [client]. `?sandbox=` stands where the vendor has a signature, and says whose file it is without a key.
 */
import type { Generation } from "../../../engine/model/generation.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { publicOrigin } from "../../../http/parsing/public-url.ts";
import { attributesOf } from "./store.ts";

/** A client's fixtures have it; the documentation does not say where results go that name no repository [client]. */
const DEFAULT_REPO = "playground";

/** The URL of what a generation made, on the origin that the client reached us by. */
export function resultUrl(sandbox: Sandbox, origin: string, generation: Generation): string {
  const path = filePathOf(generation).map(encodeURIComponent).join("/");
  return `${publicOrigin(sandbox, origin)}/${path}?sandbox=${sandbox.name}`;
}

/** The segments of the path of a generation's file, not encoded, from `api` on. */
export function filePathOf(generation: Generation): string[] {
  const { repo, directory } = attributesOf(generation);
  const [output] = generation.outputs;
  // A client resolves dots in a URL, which would then lead elsewhere.
  const folders = (directory ?? "").split("/").filter((folder) => !["", ".", ".."].includes(folder));
  const place = repo === null ? [DEFAULT_REPO, "workspaces", generation.id, "files"] : [repo, "file", "main"];
  return ["api", "repos", generation.account, ...place, ...folders, `${generation.id}.${output?.format ?? ""}`];
}
