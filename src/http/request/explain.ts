/** Explains to the user, beside the vendor's answer, how the emulator handled a request. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { withoutUrlSecrets } from "../../wording/shown-urls.ts";
import { diagnostics, pageOf, type DiagnosticCode } from "../journal/diagnostics.ts";

const LINE_BREAKS = /[\r\n]+/g;
const NOT_ASCII = /[^\x20-\x7e]/g;

/** Adds a diagnostic to a response header, the journal and the log. */
export function explain(request: FastifyRequest, reply: FastifyReply, code: DiagnosticCode, said?: string): void {
  const text = said === undefined ? undefined : withoutUrlSecrets(said);
  (request.entry.diagnostics ??= []).push({ code, text });
  request.log.info({ diagnostic: code }, text ?? diagnostics[code].what);
  addExplanation(reply, "x-fauxgen-diagnostic", `${code}: ${text ?? diagnostics[code].what}`);
  const { vendor } = request.entry;
  const page = vendor === undefined ? undefined : pageOf(code, vendor, request.routeOptions.config.operation);
  if (page !== undefined) addExplanation(reply, "x-fauxgen-see", page);
}

/** Tells once per request that not all rules were compared with it. */
export function explainMatching(request: FastifyRequest, reply: FastifyReply): void {
  if (request.matchingWork?.isExhausted !== true) return;
  if (request.entry.diagnostics?.some(({ code }) => code === "MATCHING_INCOMPLETE") === true) return;
  explain(request, reply, "MATCHING_INCOMPLETE");
}

/** Writes a text for a header, which can carry only ASCII: other characters as JSON escapes them. */
function inAscii(text: string): string {
  return text
    .replace(LINE_BREAKS, " ")
    .replaceAll("…", "...")
    .replace(NOT_ASCII, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Sets an `x-fauxgen-*` response header unless these headers are switched off. A second value of the same header is
 * appended unless it repeats a value (a batch chooses a scenario for each of its rows).
 */
export function addExplanation(reply: FastifyReply, name: string, value: string): void {
  if (!reply.server.httpContext.explains) return;
  const sendable = inAscii(value).slice(0, 1000);
  const before = reply.getHeader(name);
  if (typeof before !== "string") reply.header(name, sendable);
  else if (!before.split(", ").includes(sendable)) reply.header(name, `${before}, ${sendable}`.slice(0, 4000));
}
