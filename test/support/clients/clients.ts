/** Lists the reference clients, each with the vendors whose pages offer what it uses. */
import { affogato } from "./affogato.ts";
import { runAll } from "./all.ts";
import { runBatch } from "./batch.ts";
import { runLongPoll } from "./long-poll.ts";
import { oxen } from "./oxen.ts";
import { runPolling } from "./polling.ts";
import type { Surroundings } from "./surroundings.ts";
import { sync } from "./sync.ts";
import type { ClientVendor } from "./vendor.ts";
import { vivix } from "./vivix.ts";
import { runWebhook } from "./webhook.ts";

export interface ReferenceClient {
  readonly vendors: readonly string[];
  readonly render: (vendor: ClientVendor, around: Surroundings) => Promise<void>;
}

const every = ["sync", "oxen", "affogato", "vivix"] as const;

export const clients: ReadonlyMap<string, ReferenceClient> = new Map<string, ReferenceClient>([
  ["polling", { vendors: every, render: runPolling }],
  ["long-poll", { vendors: ["sync"], render: runLongPoll }],
  ["webhook", { vendors: ["sync", "vivix"], render: runWebhook }],
  ["batch", { vendors: every, render: runBatch }],
  ["all", { vendors: every, render: runAll }],
]);

export function vendorNamed(name: string): ClientVendor | undefined {
  return [sync, oxen, affogato, vivix].find((vendor) => vendor.name === name);
}
