/** Builds the address by which this machine reaches a server. */

/** Returns the address by which this machine reaches a server that listens on `host`: loopback for "all addresses". */
export function reachableHost(host: string): string {
  return ["0.0.0.0", "::", ""].includes(host) ? "127.0.0.1" : host;
}

/** Returns `http://host:port` as a client on this machine reaches it. */
export function originAt(host: string, port: number): string {
  const reachable = reachableHost(host);
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
