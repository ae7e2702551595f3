/**
 * How receivers verify: each vendor's published sample, told again in code that shares nothing with what signs. The
 * samples of sync disagree on what the signature is over, so that a webhook has to satisfy all of them.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Received } from "./receiver.ts";

export const SYNC_SECRET = "whsec_ZmF1eGdlbi1zeW5jLXdlYmhvb2stc2VjcmV0";

/** The guide of vivix: `sha256=` and the HMAC of the raw body, compared in constant time. */
export function verifyVivix({ headers, body }: Pick<Received, "headers" | "body">, secret: string): boolean {
  const expected = `sha256=${createHmac("sha256", secret).update(body, "utf8").digest("hex")}`;
  const given = String(headers["x-vivix-signature"]);
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

/** The guides of sync: the same header over the raw body, and over what JSON.stringify makes of the parsed one. */
export function verifySync(
  { headers, body }: Pick<Received, "headers" | "body">,
  secret = SYNC_SECRET,
): { raw: boolean; parsed: boolean; timestamp: number } {
  const match = /t=(\d+),v1=(.+)/.exec(String(headers["sync-signature"]));
  const [, timestamp = "", signature = ""] = match ?? [];
  const verify = (text: string): boolean => {
    const expected = createHmac("sha256", secret).update(`${timestamp}.${text}`).digest("hex");
    return signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  };
  return { raw: verify(body), parsed: verify(JSON.stringify(JSON.parse(body))), timestamp: Number(timestamp) };
}
