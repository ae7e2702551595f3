/**
 * Makes a process believe in an outside world: every name resolves to an address that is used nowhere (TEST-NET-3), and
 * every connection to such an address, on any port, reaches the recorder at `RECORDER_PORT`. The test loads it before
 * or without the preload. It replaces the lowest parts that JavaScript can reach, so it changes nothing for clients.
 */
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { promisify } from "node:util";

const ADDRESS = "203.0.113.7";
const recorderPort = Number(process.env["RECORDER_PORT"]);

type Callback = (error: null, address: unknown, family?: number) => void;

function lookup(host: string, options: unknown, callback?: Callback): void {
  const done = typeof options === "function" ? (options as Callback) : callback;
  const isAll = typeof options === "object" && options !== null && "all" in options && options.all === true;
  const address = host === "localhost" || host.startsWith("127.") ? "127.0.0.1" : ADDRESS;
  process.nextTick(() => {
    if (isAll) done?.(null, [{ address, family: 4 }]);
    else done?.(null, address, 4);
  });
}

Object.assign(dns, { lookup });
Object.assign(dns.promises, { lookup: promisify(lookup) });

interface Handle {
  readonly connect: (request: object, address: string, port: number) => number;
}

const { TCP } = (process as unknown as { binding: (name: "tcp_wrap") => { TCP: { prototype: Handle } } }).binding(
  "tcp_wrap",
);
const { connect } = TCP.prototype;
TCP.prototype = Object.assign(TCP.prototype, {
  connect(this: Handle, request: object, address: string, port: number): number {
    return address.startsWith("203.0.113.")
      ? connect.call(this, request, "127.0.0.1", recorderPort)
      : connect.call(this, request, address, port);
  },
});
syncBuiltinESMExports();
