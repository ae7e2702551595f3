/** Renders the exact bytes and headers of an attempt, with the faults of its scenario. */
import type { Instant } from "../engine/base/clock.ts";
import type { SignatureFlaw } from "../engine/model/webhook-faults.ts";
import type { Digest } from "../engine/base/ids.ts";
import type { Delivery } from "../engine/delivery/delivery.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import type { VendorWebhooks, WebhookToSign } from "./webhooks.ts";

/** The age of an old signature: more than any tolerance that vendors advise. */
const OLD_BY_MS = 3_600_000;

export interface RenderedAttempt {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Returns what an attempt sends at `at`; `digest` names the attempt. */
export function renderAttempt(
  delivery: Delivery,
  webhooks: VendorWebhooks,
  { sandbox, at, digest }: { readonly sandbox: Sandbox; readonly at: Instant; readonly digest: Digest },
): RenderedAttempt {
  const { secret, event, url, webhookFaults, signature = webhookFaults?.signature } = delivery;
  const body = padded(delivery.body, webhookFaults?.padBytes ?? 0);
  const headers = webhooks.headersOf(flawed({ sandbox, body, secret, event, at, digest }, signature));
  const { host, username, password } = new URL(url);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    headers: [
      ["Host", host],
      ...Object.entries(headers),
      ...(credentials === ":"
        ? []
        : [["Authorization", `Basic ${Buffer.from(credentials).toString("base64")}`] as const]),
      ["Content-Length", String(Buffer.byteLength(body))],
      ["Connection", "close"],
    ],
    body,
  };
}

/** Returns the vendor's headers of an attempt as a receiver must compute them, whatever flaw was sent. */
export function rightHeaders(
  { body, secret, event, webhookFaults }: Delivery,
  webhooks: VendorWebhooks,
  { sandbox, at, digest }: { readonly sandbox: Sandbox; readonly at: Instant; readonly digest: Digest },
): Readonly<Record<string, string>> {
  return webhooks.headersOf({ sandbox, body: padded(body, webhookFaults?.padBytes ?? 0), secret, event, at, digest });
}

function flawed(toSign: WebhookToSign, flaw: SignatureFlaw | undefined): WebhookToSign {
  switch (flaw) {
    case undefined:
      return toSign;
    case "bad":
      return { ...toSign, body: `${toSign.body} ` };
    case "old":
      return { ...toSign, at: toSign.at - OLD_BY_MS };
    case "wrong-secret":
      return { ...toSign, secret: `${toSign.secret}-of-another-account` };
  }
}

/** Adds a padding field to the body, which stays a valid object and verifies. */
function padded(body: string, bytes: number): string {
  return bytes === 0 || !body.endsWith("}") ? body : `${body.slice(0, -1)},"padding":"${"x".repeat(bytes)}"}`;
}
