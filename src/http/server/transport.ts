/** Builds the options of Node's server, the same for HTTP and HTTPS: the header size limit and the time-outs. */
import type { Config } from "../../config.ts";

/** Longer than clients and proxies keep pooled connections, so that they close a connection first. */
const KEEP_ALIVE_MS = 72_000;

/** The longest time between two searches for connections that are too slow. */
const LOOK_MS = 30_000;

export interface TransportOptions {
  readonly maxHeaderSize: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  readonly connectionsCheckingInterval: number;
}

/**
 * Returns the transport options. The time-outs cover only the arrival of a request; they never cut a request that is
 * held or whose answer takes long, because it has arrived completely.
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
