/** What the URLs in an answer are made from. */
import type { FastifyRequest } from "fastify";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { originOf } from "../../http/parsing/public-url.ts";

/** Where an answer's URLs lead. */
export interface Place {
  readonly sandbox: Sandbox;
  /** `scheme://host` of the reading request. */
  readonly origin: string;
}

export function placeOf(request: FastifyRequest): Place {
  return { sandbox: request.sandbox, origin: originOf(request) };
}
