/** Adds a server that is built on its first request. */
import type { FastifyInstance } from "fastify";

/**
 * Passes every request for these paths to a server that is built on the first such request, so that the start does not
 * load its code. The request is passed on before its body is read.
 */
export function addLazyServer(
  app: FastifyInstance,
  paths: readonly string[],
  build: () => Promise<FastifyInstance>,
): void {
  let part: Promise<FastifyInstance> | undefined;
  app.addHook("preClose", async () => {
    await (await part)?.close();
  });
  for (const path of paths) {
    app.all(path, {
      schema: { hide: true },
      onRequest: async (request, reply) => {
        const lazy = await (part ??= build());
        reply.hijack();
        lazy.routing(request.raw, reply.raw);
      },
      handler: neverReached,
    });
  }
}

function neverReached(): never {
  throw new Error("A request that was passed to the lazy server reached this handler.");
}
