/**
 * Lets pages of other origins call vendor routes and show media; control is not for them. It is one registration for
 * the whole server, since the preflight route can exist only once, and it answers preflights before anything is
 * journaled: they carry no key, and would drown the requests that lack one by mistake.
 */
import cors, { type FastifyCorsOptions } from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** A part of the server that pages of any origin may use. */
export interface OpenSpace {
  readonly prefixes: readonly string[];
  /** Response headers that a page's script may read. */
  readonly exposedHeaders: readonly string[];
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const EXPLANATIONS = ["x-fauxgen-scenario", "x-fauxgen-diagnostic"];

export async function allowOtherOrigins(app: FastifyInstance, spaces: readonly OpenSpace[]): Promise<void> {
  const closed: FastifyCorsOptions = { origin: false };
  const open = spaces.flatMap(({ prefixes, exposedHeaders }) => {
    const options: FastifyCorsOptions = {
      origin: true,
      methods: METHODS,
      exposedHeaders: [...exposedHeaders, ...EXPLANATIONS],
      strictPreflight: false,
      maxAge: 600,
    };
    return prefixes.map((prefix) => ({ prefix, options }));
  });
  await app.register(cors, {
    delegator: (request, done) => {
      const path = request.url.split("?", 1)[0] ?? "";
      const space = open.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
      done(null, space?.options ?? closed);
    },
  });
}
