/** Provides clients that reach a conduct world over real connections, which tell one reader from another. */
import { Agent, request } from "node:http";
import { onTestFinished } from "vitest";
import { acme } from "../../support/acme/index.ts";
import { keyHeaders } from "../../support/app.ts";
import { listenOn } from "../../support/socket.ts";
import type { ConductWorld } from "./conduct-world.ts";

/** Sends a request with the key of `main`, and returns the status of its answer. */
export type SocketClient = (path: string, options?: SocketOptions) => Promise<number>;

interface SocketOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Whether the request carries the key; true by default. */
  readonly withKey?: boolean;
}

/** Makes the world listen; each call of the result makes a client with a connection of its own, or one per request. */
export async function listenToClients(
  world: ConductWorld,
): Promise<(options?: { readonly keepsAlive: boolean }) => SocketClient> {
  const origin = await listenOn(world.app);
  const headers = keyHeaders(acme, acme.keyFrom(`fx_${world.sandbox.name}_main`));
  return ({ keepsAlive } = { keepsAlive: true }) => {
    const agent = new Agent({ keepAlive: keepsAlive, maxSockets: keepsAlive ? 1 : Infinity });
    onTestFinished(() => {
      agent.destroy();
    });
    return (path, { method = "GET", body, signal, withKey = true } = {}) =>
      new Promise((resolve, reject) => {
        const sent = request(
          `${origin}${path}`,
          {
            agent,
            method,
            headers: { ...(withKey && headers), ...(body !== undefined && { "content-type": "application/json" }) },
            ...(signal !== undefined && { signal }),
          },
          (response) => {
            response.resume().once("end", () => {
              resolve(response.statusCode ?? 0);
            });
          },
        );
        sent.once("error", reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      });
  };
}
