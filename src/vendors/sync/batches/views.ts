/** What sync shows of a batch. */
import type { Instant } from "../../../engine/base/clock.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { publicOrigin } from "../../../http/parsing/public-url.ts";
import { formatInstant } from "../instants.ts";
import { resultToken } from "../result-token.ts";
import type { BatchView } from "./schemas.ts";
import { statusAt, type Batch } from "./store.ts";

/** `now` is undefined for the answer to the create. */
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
      // None while there are no jobs yet, as in the example of an answer to a create [doc].
      pending_count: isNew ? 0 : total - succeeded - failed,
    },
    webhookUrl,
    outputUrl: status === "COMPLETED" || status === "FAILED" ? resultUrl(batch, sandbox, origin) : "",
  };
}

/** The real one has no query; the token and the sandbox let it be followed without a key. */
function resultUrl({ id }: Batch, sandbox: Sandbox, origin: string): string {
  return `${publicOrigin(sandbox, origin)}/v2/batches/${id}/result?${batchResultQuery(sandbox, id)}`;
}

export function batchResultQuery(sandbox: Sandbox, id: string): string {
  return `token=${resultToken(sandbox, id)}&sandbox=${sandbox.name}`;
}
