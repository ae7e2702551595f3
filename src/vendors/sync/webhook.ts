/** sync's webhooks [doc: webhooks guide]: to the `webhookUrl` of a generation, when it completes or fails. */
import { createHmac } from "node:crypto";
import type { VendorWebhooks, WebhookMessage, WebhookToSign } from "../../delivery/webhooks.ts";
import type { Account } from "../../engine/accounts.ts";
import type { Transition } from "../../engine/generations.ts";
import { observe } from "../../engine/observation.ts";
import type { Sandbox } from "../../engine/sandbox.ts";
import { accountState } from "./account.ts";
import { echoOf } from "./stored.ts";
import { formatGeneration } from "./views.ts";

/** Signs the webhooks of accounts that have no secret of their own. A secret is the whole text, `whsec_` included [doc]. */
const DEFAULT_SECRET = "whsec_ZmF1eGdlbi1zeW5jLXdlYmhvb2stc2VjcmV0";

export const webhooks: VendorWebhooks = {
  kind: "timestamped",
  defaultSecret: DEFAULT_SECRET,
  secretOf: webhookSecretOf,
  messagesOf,
  headersOf,
  // No retry policy is documented; the guide has users poll when one is missed. These are ours [inferred].
  retryDelaysMs: [1000, 5000, 25_000],
  timeoutMs: 10_000,
};

/** What the account's webhooks are signed with. */
export function webhookSecretOf(account: Account): string {
  return accountState.parse(account.state("sync")).webhookSecret ?? DEFAULT_SECRET;
}

function messagesOf(sandbox: Sandbox, transition: Transition): WebhookMessage[] {
  const { generation, to } = transition;
  // The notification's status has COMPLETED and FAILED only [sdk], so REJECTED sends none.
  if (generation.kind !== "generation" || (to !== "succeeded" && to !== "failed" && to !== "cancelled")) return [];
  const url = echoOf(generation).webhookUrl;
  if (url == null) return [];
  const secret = webhookSecretOf(sandbox.account(generation.account));
  const payload = notificationOf(sandbox, transition);
  return [{ url, secret, event: `generation.${to === "succeeded" ? "completed" : "failed"}`, payload }];
}

/** A `GenerationNotification` [sdk]: fewer keys than a read, and the error's code in snake_case alone. */
function notificationOf(sandbox: Sandbox, { generation, at }: Transition) {
  const read = formatGeneration(observe(generation, at), sandbox, generation.origin);
  const { id, createdAt, status, model, input, webhookUrl, options, outputUrl, segmentOutputUrl, outputDuration } =
    read;
  const { error, error_code } = read;
  return {
    id,
    createdAt,
    status,
    model,
    input,
    webhookUrl,
    options,
    outputUrl,
    segmentOutputUrl,
    outputDuration,
    error,
    error_code,
  };
}

/** The unit of `t` is not stated; seconds are what others use [inferred]. */
function headersOf({ body, secret, at }: WebhookToSign): Record<string, string> {
  const seconds = Math.floor(at / 1000);
  const signature = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return { "Content-Type": "application/json", "Sync-Signature": `t=${seconds},v1=${signature}` };
}
