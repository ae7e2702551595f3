/** Renders the exact bytes and headers of an attempt, with the faults of its scenario. */
import type { Instant } from "../engine/base/clock.ts";
import type { SignatureFlaw } from "../engine/model/webhook-faults.ts";
import { editBody } from "../engine/rule/answer-edit.ts";
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
  const body = bodyOf(delivery);
  const headers = headersWith(webhooks, { sandbox, body, secret, event, at, digest }, signature);
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
  delivery: Delivery,
  webhooks: VendorWebhooks,
  { sandbox, at, digest }: { readonly sandbox: Sandbox; readonly at: Instant; readonly digest: Digest },
): Readonly<Record<string, string>> {
  const { secret, event } = delivery;
  return webhooks.headersOf({ sandbox, body: bodyOf(delivery), secret, event, at, digest });
}

function headersWith(
  webhooks: VendorWebhooks,
  toSign: WebhookToSign,
  flaw: SignatureFlaw | undefined,
): Readonly<Record<string, string>> {
  const otherSecret = { ...toSign, secret: `${toSign.secret}-of-another-account` };
  switch (flaw) {
    case undefined:
      return webhooks.headersOf(toSign);
    case "bad":
      return webhooks.headersOf({ ...toSign, body: `${toSign.body} ` });
    case "old":
      return webhooks.headersOf({ ...toSign, at: toSign.at - OLD_BY_MS });
    case "wrong-secret":
      return webhooks.headersOf(otherSecret);
    case "none": {
      // The signature is what depends on the secret.
      const other = webhooks.headersOf(otherSecret);
      return Object.fromEntries(
        Object.entries(webhooks.headersOf(toSign)).filter(([name, value]) => other[name] === value),
      );
    }
  }
}

/** Returns the body as sent, with the changes of its scenario. */
function bodyOf({ body, webhookFaults: { addFields, spaced, padBytes = 0 } = {} }: Delivery): string {
  const more = addFields === undefined ? body : editBody(body, { add: addFields });
  const whole = padded(more, padBytes);
  return spaced === true ? JSON.stringify(JSON.parse(editBody(whole, { reverse: true })), undefined, 2) : whole;
}

/** Adds a padding field to the body, which stays a valid object and verifies. */
function padded(body: string, bytes: number): string {
  return bytes === 0 || !body.endsWith("}") ? body : `${body.slice(0, -1)},"padding":"${"x".repeat(bytes)}"}`;
}
