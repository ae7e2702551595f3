/** Reads bodies that no route of a vendor accepts, so that the journal shows what was sent, and refuses them. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { noteSize } from "../server/json-bodies.ts";
import { wordContentType } from "./answer-error.ts";
import { keepSubject } from "../bodies/keep-bodies.ts";
import { BodyNotRead } from "../parsing/body-encoding.ts";

/** Adds parsers for urlencoded forms and for text, whose content type the vendor refuses. */
export function refuseOtherBodies(scope: FastifyInstance): void {
  const refuse = (toBody: (request: FastifyRequest, bytes: Buffer) => unknown) => {
    return (request: FastifyRequest, bytes: string | Buffer, done: (error: Error) => void): void => {
      const body = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
      noteSize(request, body);
      keepSubject(request, toBody(request, body));
      done(new BodyNotRead(wordContentType(request)));
    };
  };
  scope.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "buffer" },
    refuse((_request, bytes) => fieldsOf(bytes.toString())),
  );
  scope.addContentTypeParser(/^text\//, { parseAs: "buffer" }, refuse(decodeText));
}

/** Keeps the text of a body that is not JSON, which the route's parser has refused. */
export function keepUnreadText(request: FastifyRequest): void {
  if (request.unreadText !== undefined && request.bodyAsSent === undefined) keepSubject(request, request.unreadText);
}

function fieldsOf(text: string): Record<string, unknown> {
  const fields = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const values = fields.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

/** Decodes text by the charset of its header; an unknown charset is read as UTF-8. */
function decodeText({ headers }: FastifyRequest, bytes: Buffer): string {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(headers["content-type"] ?? "")?.[1];
  try {
    return new TextDecoder(charset ?? "utf-8").decode(bytes);
  } catch {
    return bytes.toString();
  }
}
