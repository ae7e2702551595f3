/** What a generation's body refers to by id: assets and projects of the organisation. */
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/** What a generation needs to know of an asset; the rest of its document belongs to the asset routes. */
const assetFacts = z.looseObject({
  type: z.enum(["AUDIO", "VIDEO", "IMAGE"]),
  durationSeconds: z.number().nullish(),
  width: z.number().nullish(),
  height: z.number().nullish(),
});

export type AssetFacts = z.output<typeof assetFacts>;

/** The organisation's asset, or undefined: another organisation's is as good as none. */
export function findAsset(sandbox: Sandbox, account: Account, id: string): AssetFacts | undefined {
  const row = sandbox.store.resources.find(sandbox.rowId, "sync", "asset", id);
  return row?.account_id === account.id ? assetFacts.parse(JSON.parse(row.document)) : undefined;
}

export function hasProject(sandbox: Sandbox, account: Account, id: string): boolean {
  return sandbox.store.resources.find(sandbox.rowId, "sync", "project", id)?.account_id === account.id;
}
