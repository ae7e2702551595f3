/** Bytes on a socket of one's own, over HTTP or HTTPS: what no HTTP client would send or show. */
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { onTestFinished } from "vitest";

/** A connection, open until the server closes it or the test is over. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that came back so far. */
  readonly received: () => string;
  /** All that came back, once the connection is closed. */
  readonly closed: Promise<string>;
}

/** Connects to `http://…` or `https://…` and sends bytes as they are, one for each character. */
export async function openRaw(url: string, bytes: string): Promise<RawConnection> {
  const { protocol, port } = new URL(url);
  const to = { host: "127.0.0.1", port: Number(port) };
  const isTls = protocol === "https:";
  const socket = isTls ? connectTls({ ...to, rejectUnauthorized: false }) : connect({ ...to, allowHalfOpen: true });
  onTestFinished(() => {
    socket.destroy();
  });
  let received = "";
  socket.setEncoding("latin1").on("data", (part: string) => (received += part));
  // A server that closes on what it will not read resets the connection behind its answer.
  socket.on("error", () => undefined).on("end", () => socket.end());
  const closed = new Promise<string>((resolve) => {
    socket.once("close", () => {
      resolve(received);
    });
  });
  await new Promise((resolve) => socket.once(isTls ? "secureConnect" : "connect", resolve));
  socket.write(bytes, "latin1");
  return { socket, received: () => received, closed };
}

/** Sends bytes and answers all that comes back until the server closes the connection. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  return (await openRaw(url, bytes)).closed;
}

/** The status of each answer in what came back. */
export function statusesOf(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
