/**
 * Defines what sync stores with a generation, in addition to the engine's own data: the echo of its request, and
 * attributes.
 */
import type { FastifyRequest } from "fastify";
import type { Generation } from "../../../engine/model/generation.ts";

/** Parts of the request that responses repeat exactly as they were sent. */
export interface GenerationEcho {
  readonly input: readonly Readonly<Record<string, unknown>>[];
  readonly segments?: readonly Readonly<Record<string, unknown>>[] | null | undefined;
  readonly webhookUrl?: string | null | undefined;
  readonly options?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface GenerationAttributes {
  readonly outputFileName: string | null;
  readonly projectId: string | null;
  /** The user of the organisation who created it. */
  readonly user: string;
  /** Whether it has dubParams; absent for no. */
  readonly isDubbed?: boolean;
}

/** Returns the echo of a stored generation; only this vendor writes it, so its shape is known. */
export function echoOf({ request }: Generation): GenerationEcho {
  return request as GenerationEcho;
}

/** Keeps the body as it was sent. A missing body becomes an empty object, so that errors name its missing fields. */
export function keepSentBody(request: FastifyRequest): void {
  request.body ??= {};
  request.sentBody = request.body;
}

/** Returns the echo of a request whose body has been checked. */
export function sentEcho({ sentBody }: FastifyRequest): GenerationEcho {
  return sentBody as GenerationEcho;
}

export function attributesOf({ attributes }: Generation): GenerationAttributes {
  return attributes as GenerationAttributes;
}

/**
 * Replaces spaces with underscores, and removes every character that is not a letter, digit, dash or underscore [seed].
 */
export function sanitizeFileName(name: string | null | undefined): string | null {
  const sanitized = (name ?? "").replaceAll(" ", "_").replace(/[^A-Za-z0-9_-]/g, "");
  return sanitized === "" ? null : sanitized;
}
