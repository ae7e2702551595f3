/**
 * Generates load in a separate process that receives its orders over IPC. It runs a closed loop over keep-alive
 * sockets, with one request at a time on each. It must cost less than the cheapest server, so it only counts a response
 * with the length of the previous one, and parses all others.
 */
import { connect, type Socket } from "node:net";
import { readAnswer } from "./answer.ts";

/** The request to send, the number of sockets, and the end: a time, or a number of requests. */
export interface Order {
  readonly port: number;
  /** The bytes of the request on the wire. */
  readonly wire: string;
  readonly connections: number;
  readonly milliseconds?: number;
  readonly count?: number;
  /** Whether the result includes the `id` of each JSON response. */
  readonly ids?: boolean;
}

export interface Loaded {
  readonly answered: number;
  /** The number of responses other than 2xx and of broken sockets. */
  readonly refused: number;
  readonly milliseconds: number;
  /** The size of the last response's body. */
  readonly bodyBytes: number;
  readonly ids: readonly string[];
}

const BUFFER_BYTES = 64 * 1024;
const DIGIT_TWO = 0x32;
/** The position of the status in `HTTP/1.1 200`. */
const STATUS_AT = 9;

async function load({ port, wire, connections, milliseconds, count, ids: wanted = false }: Order): Promise<Loaded> {
  const request = Buffer.from(wire);
  const ids: string[] = [];
  let answered = 0;
  let refused = 0;
  let bodyBytes = 0;
  let asked = 0;
  const began = performance.now();
  const until = began + (milliseconds ?? Number.POSITIVE_INFINITY);
  const most = count ?? Number.POSITIVE_INFINITY;

  const loop = (): Promise<void> =>
    new Promise((resolve) => {
      let usualLength = -1;
      let pending: Buffer | undefined;
      const ask = (socket: Socket): void => {
        if (asked >= most || (answered > 0 && performance.now() >= until)) {
          socket.destroy();
          return;
        }
        asked += 1;
        socket.write(request);
      };
      const receive = (bytes: Buffer): void => {
        if (pending === undefined && bytes.length === usualLength && bytes[STATUS_AT] === DIGIT_TWO && !wanted) {
          answered += 1;
          ask(socket);
          return;
        }
        pending = pending === undefined ? Buffer.from(bytes) : Buffer.concat([pending, bytes]);
        const answer = readAnswer(pending);
        if (answer === undefined) return;
        // With one request at a time, no bytes may follow a response.
        if (answer.length === pending.length && answer.status >= 200 && answer.status < 300) answered += 1;
        else refused += 1;
        bodyBytes = answer.body.length;
        usualLength = answer.length;
        if (wanted) ids.push((JSON.parse(answer.body.toString()) as { id: string }).id);
        pending = undefined;
        ask(socket);
      };
      const socket = connect({
        port,
        host: "127.0.0.1",
        noDelay: true,
        onread: {
          buffer: Buffer.allocUnsafe(BUFFER_BYTES),
          callback: (length, buffer) => {
            receive(Buffer.from(buffer.buffer, buffer.byteOffset, length));
            return true;
          },
        },
      });
      socket.on("connect", () => {
        ask(socket);
      });
      socket.on("error", () => {
        refused += 1;
      });
      socket.on("end", () => {
        refused += 1;
      });
      socket.on("close", () => {
        resolve();
      });
    });

  await Promise.all(Array.from({ length: connections }, loop));
  return { answered, refused, milliseconds: performance.now() - began, bodyBytes, ids };
}

process.on("message", (order: Order) => {
  void load(order).then((loaded) => process.send?.(loaded));
});
