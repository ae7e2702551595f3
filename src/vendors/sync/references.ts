/** Finds the assets and projects that a generation's body names by id. */
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import { documentKind } from "../../engine/sandbox/documents.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { mediaNameOf } from "../../http/parsing/media-url.ts";
import { uploadTokenOf } from "../../http/uploads/slots.ts";

/** The fields of an asset that a generation reads; the asset routes own the rest of its document. */
const assetFacts = z.looseObject({
  type: z.enum(["AUDIO", "VIDEO", "IMAGE"]),
  uploadToken: z.string().nullish(),
  url: z.string().nullish(),
  durationSeconds: z.number().nullish(),
  width: z.number().nullish(),
  height: z.number().nullish(),
});

export type AssetFacts = z.output<typeof assetFacts>;

const assets = documentKind("sync", "asset", assetFacts);
const projects = documentKind("sync", "project", z.unknown());

/** Returns the organisation's asset; undefined for an unknown asset or another organisation's. */
export function findAsset(sandbox: Sandbox, account: Account, id: string): AssetFacts | undefined {
  return assets.findOwn({ sandbox, account }, id)?.document;
}

/**
 * Returns the facts of a file of the organisation by its URL: an uploaded file that is an asset, or an output, such as
 * speech. Returns undefined for any other URL, which is never fetched.
 */
export function findFile(sandbox: Sandbox, account: Account, url: string): AssetFacts | undefined {
  const token = uploadTokenOf(sandbox, url);
  if (token !== undefined)
    return assets.ofAccount(sandbox, account).find(({ document }) => document.uploadToken === token)?.document;
  const id = outputIdOf(sandbox, url);
  const generation = id === undefined ? undefined : sandbox.generations.findByOutput("sync", id);
  const output = generation?.outputs.find((each) => each.id === id);
  if (output === undefined || generation?.accountId !== account.id) return undefined;
  const { medium, durationSeconds, width, height } = output;
  const type = ({ image: "IMAGE", video: "VIDEO", audio: "AUDIO" } as const)[medium];
  return { type, durationSeconds, ...(medium !== "audio" && { width, height }) };
}

/** Returns the output that a URL of a result names: that of its file, or of its generation. */
function outputIdOf(sandbox: Sandbox, url: string): string | undefined {
  const name = mediaNameOf(sandbox, "sync", url);
  if (name !== undefined) return name.replace(/\.[a-z0-9]+$/, "");
  if (!URL.canParse(url)) return undefined;
  const { pathname, searchParams } = new URL(url);
  const [, id] = /^\/v2\/generations\/([0-9a-f-]+)\/result$/.exec(pathname) ?? [];
  return searchParams.get("sandbox") === sandbox.name ? id : undefined;
}

export function hasProject(sandbox: Sandbox, account: Account, id: string): boolean {
  return projects.findOwn({ sandbox, account }, id) !== undefined;
}
