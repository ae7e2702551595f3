/**
 * Implements `fauxgen healthcheck`, which checks that the configured server is ready, for a container's HEALTHCHECK.
 */
import type { Config } from "../config.ts";
import { get } from "../platform/node-http.ts";
import { reachableHost } from "../platform/origin.ts";
import { Failure } from "./failure.ts";

const ANSWER_WITHIN_MS = 3000;

/** Throws {@link Failure} unless the server is ready. */
export async function checkHealth({ host, port }: Pick<Config, "host" | "port">): Promise<void> {
  const reachable = reachableHost(host);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const request = get({ host: reachable, port, path: "/_fauxgen/ready", agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", (error: Error) => {
      const reason = signal.aborted ? `no answer within ${ANSWER_WITHIN_MS / 1000} s` : error.message;
      reject(new Failure(1, `not healthy: ${reachable}:${port}: ${reason}`, { cause: error }));
    });
  });
  if (status !== 200) throw new Failure(1, `not healthy: ${reachable}:${port} answered ${status ?? "nothing"}`);
}
