/** Formats batches for sync's responses. */
import type { Instant } from "../../../engine/base/clock.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { publicOrigin } from "../../../http/parsing/public-url.ts";
import { formatInstant } from "../instants.ts";
import { resultToken } from "../result-token.ts";
import type { BatchView } from "./schemas.ts";
import { statusAt, type Batch } from "./store.ts";

/** Formats a batch. `now` is undefined for the response to a create, whose status is always PENDING. */
export function formatBatch(batch: Batch, sandbox: Sandbox, origin: string, now: Instant | undefined): BatchView {
  const { total, succeeded, failed, webhookUrl } = batch.document;
  const status = now === undefined ? "PENDING" : statusAt(batch, now);
  const isNew = status === "PENDING";
  return {
    id: batch.id,
    created_at: formatInstant(batch.createdAt),
    status,
    metrics: {
      total_generations: total,
      success_count: isNew ? 0 : succeeded,
      failed_count: isNew ? 0 : failed,
      // 0 before the jobs exist, as in the documented response to a create [doc].
      pending_count: isNew ? 0 : total - succeeded - failed,
    },
    webhookUrl,
    outputUrl: status === "COMPLETED" || status === "FAILED" ? resultUrl(batch, sandbox, origin) : "",
  };
}

/**
 * Returns the URL of a batch's result file. The real URL has no query; with the token and the sandbox it needs no key.
 */
function resultUrl({ id }: Batch, sandbox: Sandbox, origin: string): string {
  return `${publicOrigin(sandbox, origin)}/v2/batches/${id}/result?${batchResultQuery(sandbox, id)}`;
}

export function batchResultQuery(sandbox: Sandbox, id: string): string {
  return `token=${resultToken(sandbox, id)}&sandbox=${sandbox.name}`;
}
