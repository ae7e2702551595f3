/** What a generation's body refers to by id: assets and projects of the organisation. */
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import { documentKind } from "../../engine/sandbox/documents.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/** What a generation needs to know of an asset; the rest of its document belongs to the asset routes. */
const assetFacts = z.looseObject({
  type: z.enum(["AUDIO", "VIDEO", "IMAGE"]),
  durationSeconds: z.number().nullish(),
  width: z.number().nullish(),
  height: z.number().nullish(),
});

export type AssetFacts = z.output<typeof assetFacts>;

const assets = documentKind("sync", "asset", assetFacts);
const projects = documentKind("sync", "project", z.unknown());

/** The organisation's asset, or undefined: another organisation's is as good as none. */
export function findAsset(sandbox: Sandbox, account: Account, id: string): AssetFacts | undefined {
  return assets.findOwn({ sandbox, account }, id)?.document;
}

export function hasProject(sandbox: Sandbox, account: Account, id: string): boolean {
  return projects.findOwn({ sandbox, account }, id) !== undefined;
}
