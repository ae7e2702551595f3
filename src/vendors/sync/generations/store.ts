/** What is kept of a generation beside what the engine keeps: the echo of its request, and what sync adds. */
import type { FastifyRequest } from "fastify";
import type { Generation } from "../../../engine/model/generation.ts";

/** Parts of the request that answers repeat, exactly as they were sent. */
export interface GenerationEcho {
  readonly input: readonly Readonly<Record<string, unknown>>[];
  readonly segments?: readonly Readonly<Record<string, unknown>>[] | null | undefined;
  readonly webhookUrl?: string | null | undefined;
  readonly options?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface GenerationAttributes {
  readonly outputFileName: string | null;
  readonly projectId: string | null;
  /** Who of the organisation made it. */
  readonly user: string;
}

/** The echo of a stored generation: this vendor wrote it, so its shape is known. */
export function echoOf({ request }: Generation): GenerationEcho {
  return request as GenerationEcho;
}

/** Keeps the body as it was sent; one that is missing is an empty one, whose missing fields are named. */
export function keepSentBody(request: FastifyRequest): void {
  request.body ??= {};
  request.sentBody = request.body;
}

/** The echo of a request whose body has been checked. */
export function sentEcho({ sentBody }: FastifyRequest): GenerationEcho {
  return sentBody as GenerationEcho;
}

export function attributesOf({ attributes }: Generation): GenerationAttributes {
  return attributes as GenerationAttributes;
}

/** Spaces become underscores, whatever else is not a letter, digit, dash or underscore goes [seed]. */
export function sanitizeFileName(name: string | null | undefined): string | null {
  const sanitized = (name ?? "").replaceAll(" ", "_").replace(/[^A-Za-z0-9_-]/g, "");
  return sanitized === "" ? null : sanitized;
}
