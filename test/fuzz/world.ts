/** Starts the server under test: on a real socket, with every answer checked against its schema. */
import { Agent } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { FastifyInstance } from "fastify";
import { buildApp } from "../../src/app.ts";
import { readConfig, type ConfigInput } from "../../src/config.ts";
import { vendors } from "../../src/vendors/index.ts";

export interface World {
  readonly app: FastifyInstance;
  readonly port: number;
  readonly agent: Agent;
  readonly close: () => Promise<void>;
}

export async function openWorld(values: ConfigInput = {}): Promise<World> {
  const config = readConfig([
    {
      values: { logLevel: "silent", timing: "instant", webhooks: "collect", maxSandboxes: 20, ...values },
      nameOf: String,
    },
  ]);
  const app = await buildApp({ config, vendors, checksResponses: true });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return {
    app,
    port,
    agent,
    close: async () => {
      agent.destroy();
      await app.close();
    },
  };
}

/** The resources that must return to their first value: held requests, open sockets, and the heap in MiB. */
export interface Residue {
  readonly held: number;
  readonly sockets: number;
  readonly heapMiB: number;
}

export async function residueOf({ app, agent }: World): Promise<Residue> {
  agent.destroy();
  const { sandboxes } = app.httpContext;
  // The server notices closed connections one or two turns later.
  const connections = async (): Promise<number> =>
    new Promise((resolve) => {
      app.server.getConnections((_error, count) => {
        resolve(count);
      });
    });
  for (let turn = 0; turn < 100 && (await connections()) > 0; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const held = sandboxes.all().reduce((sum, sandbox) => sum + sandbox.heldRequests.count, 0);
  for (const sandbox of sandboxes.all()) sandboxes.delete(sandbox);
  app.httpContext.unassigned.clear();
  return { held, sockets: await connections(), heapMiB: heapMiB() };
}

/** Returns the live heap after garbage collection. */
export function heapMiB(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (how: object) => void;
  // A plain collection keeps compiled code and its references, which V8 drops only under memory pressure.
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
  return process.memoryUsage().heapUsed / 1024 ** 2;
}
