/** Finds the assets and projects that a generation's body names by id. */
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import { documentKind } from "../../engine/sandbox/documents.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/** The fields of an asset that a generation reads; the asset routes own the rest of its document. */
const assetFacts = z.looseObject({
  type: z.enum(["AUDIO", "VIDEO", "IMAGE"]),
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

export function hasProject(sandbox: Sandbox, account: Account, id: string): boolean {
  return projects.findOwn({ sandbox, account }, id) !== undefined;
}
