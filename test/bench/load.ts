/**
 * The load generator, a process of its own that is told over IPC what to ask: a closed loop over keep-alive sockets,
 * one request at a time on each. It must cost less than the cheapest server, so an answer of the length of the one
 * before is only counted, and every other one is read properly.
 */
import { connect, type Socket } from "node:net";
import { readAnswer } from "./answer.ts";

/** What to ask, on how many sockets, and until when: a time, or a number of requests. */
export interface Order {
  readonly port: number;
  /** The request as it goes over the wire. */
  readonly wire: string;
  readonly connections: number;
  readonly milliseconds?: number;
  readonly count?: number;
  /** Whether to answer with the `id` of each JSON document that came back. */
  readonly ids?: boolean;
}

export interface Loaded {
  readonly answered: number;
  /** Answers other than 2xx, and sockets that broke. */
  readonly refused: number;
  readonly milliseconds: number;
  /** Of the body of the last answer. */
  readonly bodyBytes: number;
  readonly ids: readonly string[];
}

const BUFFER_BYTES = 64 * 1024;
const DIGIT_TWO = 0x32;
/** Where the status begins: `HTTP/1.1 200`. */
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
        // With one request at a time nothing may follow an answer.
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
