/** Provides the sandbox and the origin from which the URLs of a response are made. */
import type { FastifyRequest } from "fastify";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { originOf } from "../../http/parsing/public-url.ts";

/** The sandbox and the origin of the URLs in a response. */
export interface Place {
  readonly sandbox: Sandbox;
  /** `scheme://host` of the current request. */
  readonly origin: string;
}

export function placeOf(request: FastifyRequest): Place {
  return { sandbox: request.sandbox, origin: originOf(request) };
}
