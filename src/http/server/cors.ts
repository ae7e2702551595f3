/**
 * Lets pages of other origins call vendor routes and show media; control is not for them. It is one registration for
 * the whole server, since the preflight route can exist only once, and it answers preflights before anything is
 * journaled: they carry no key, and would drown the requests that lack one by mistake.
 */
import cors, { type FastifyCorsOptions, type FastifyCorsOptionsDelegateCallback } from "@fastify/cors";
import type { FastifyInstance, onRequestHookHandler } from "fastify";

/** A part of the server that pages of any origin may use. */
export interface OpenSpace {
  readonly prefixes: readonly string[];
  /** Response headers that a page's script may read. */
  readonly exposedHeaders: readonly string[];
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const EXPLANATIONS = ["x-fauxgen-scenario", "x-fauxgen-diagnostic"];

export function allowOtherOrigins(app: FastifyInstance, spaces: readonly OpenSpace[]): void {
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
  const delegator: FastifyCorsOptionsDelegateCallback = (request, done) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const space = open.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
    done(null, space?.options ?? closed);
  };
  // Called, not registered: registering would hand it the server itself.
  cors(askedByPages(app), { delegator }, noteError);
}

function noteError(error?: Error): void {
  if (error !== undefined) throw error;
}

/**
 * The same server, on which what is hooked to requests runs only for those of pages and for preflights. Test clients are
 * neither, and would pay for this with a tenth of a status read. What may be cached says itself that it varies.
 */
function askedByPages(app: FastifyInstance): FastifyInstance {
  return Object.create(app, {
    addHook: {
      value: (name: "onRequest", hook: onRequestHookHandler) =>
        app.addHook(name, function (request, reply, done) {
          if (request.headers.origin === undefined && request.method !== "OPTIONS") done();
          else hook.call(this, request, reply, done);
        }),
    },
  }) as FastifyInstance;
}
