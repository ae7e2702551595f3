/** Writes a request of the journal as a curl command that a shell runs as it is. */
import type { JournalRequest } from "../../client/documents.ts";

/** Headers that curl writes itself, or that would be wrong in another request. */
const OWN: ReadonlySet<string> = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "accept-encoding",
  "user-agent",
  "accept",
  "accept-language",
]);

/** Returns the command; `origin` is the server's. A redacted key must be filled in by its owner. */
export function curlOf({ method, url, request }: JournalRequest, origin: string): string {
  const words = ["curl"];
  if (method === "HEAD") words.push("--head");
  else if (method !== "GET") words.push("-X", quoted(method));
  words.push(quoted(`${origin}${url}`));
  for (const [name, value] of Object.entries(request.headers)) {
    if (OWN.has(name) || name.startsWith("sec-") || name === "origin" || name === "referer") continue;
    words.push("-H", quoted(`${name}: ${value}`));
  }
  const { body } = request;
  if (body !== null && body !== undefined)
    words.push("--data-binary", quoted(typeof body === "string" ? body : JSON.stringify(body)));
  return words.join(" ");
}

/** Quotes a word for a POSIX shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith("@") ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
