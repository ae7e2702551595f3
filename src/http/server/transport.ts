/** What Node's own server is told, the same for HTTP and for HTTPS: how much a client may send, and how slowly. */
import type { Config } from "../../config.ts";

/** Longer than the pools of clients and proxies keep a connection, so that it is they who close one. */
const KEEP_ALIVE_MS = 72_000;

/** How often connections are looked at for those that are too slow. */
const LOOK_MS = 30_000;

export interface TransportOptions {
  readonly maxHeaderSize: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  readonly connectionsCheckingInterval: number;
}

/**
 * The times are for requests as they arrive: one that is held, or whose answer takes long, is whole by then and is never
 * cut by them.
 */
export function transportOptions({
  maxHeaderBytes,
  headerTimeout,
  requestTimeout,
}: Pick<Config, "maxHeaderBytes" | "headerTimeout" | "requestTimeout">): TransportOptions {
  return {
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: Math.min(headerTimeout, requestTimeout),
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(LOOK_MS, Math.ceil(Math.min(headerTimeout, requestTimeout) / 4)),
  };
}
