/**
 * Verifies webhooks as each vendor's published sample does, in code that shares nothing with the signing code. The
 * samples of sync sign different texts, so a webhook has to satisfy all of them.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Received } from "./receiver.ts";

export const SYNC_SECRET = "whsec_ZmF1eGdlbi1zeW5jLXdlYmhvb2stc2VjcmV0";

/** Verifies as the guide of vivix does: `sha256=` and the HMAC of the raw body, compared in constant time. */
export function verifyVivix({ headers, body }: Pick<Received, "headers" | "body">, secret: string): boolean {
  const expected = `sha256=${createHmac("sha256", secret).update(body, "utf8").digest("hex")}`;
  const given = String(headers["x-vivix-signature"]);
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

/**
 * Verifies as the guides of sync do: one header over the raw body, over the JSON.stringify of the parsed body, and over
 * Python's `json.dumps(…, separators=(",", ":"))`, which escapes everything except printable ASCII.
 */
export function verifySync(
  { headers, body }: Pick<Received, "headers" | "body">,
  secret = SYNC_SECRET,
): { raw: boolean; parsed: boolean; dumped: boolean; timestamp: number } {
  const match = /t=(\d+),v1=(.+)/.exec(String(headers["sync-signature"]));
  const [, timestamp = "", signature = ""] = match ?? [];
  const verify = (text: string): boolean => {
    const expected = createHmac("sha256", secret).update(`${timestamp}.${text}`).digest("hex");
    return signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  };
  const parsed = JSON.stringify(JSON.parse(body));
  return { raw: verify(body), parsed: verify(parsed), dumped: verify(dumps(parsed)), timestamp: Number(timestamp) };
}

function dumps(compact: string): string {
  const units = Array.from({ length: compact.length }, (_, at) => compact.charCodeAt(at));
  return units
    .map((unit) =>
      unit >= 0x20 && unit < 0x7f ? String.fromCharCode(unit) : `\\u${unit.toString(16).padStart(4, "0")}`,
    )
    .join("");
}
