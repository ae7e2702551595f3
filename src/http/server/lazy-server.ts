import type { FastifyInstance } from "fastify";

/**
 * Leaves every request for these paths to a server that is built when the first of them comes, so that a start need
 * not load what it serves. The request is handed over as it came off the wire: nothing of it has been read.
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
  throw new Error("A request that was handed over came back.");
}
