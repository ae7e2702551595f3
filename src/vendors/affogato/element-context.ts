import type { FastifyReply, FastifyRequest } from "fastify";
import type { Catalogue } from "./catalogue.ts";

/** What planning an element may look at. */
export interface ElementContext {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly catalogue: Catalogue;
  readonly maxBatchSize: number;
  /** Where the element is in the body, such as `0`: what errors name. */
  readonly path: string;
}
