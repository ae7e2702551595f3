/** Sends raw bytes on a socket, over HTTP or HTTPS, for requests that no HTTP client would send. */
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { onTestFinished } from "vitest";

/** A connection that is open until the server closes it or the test is over. */
export interface RawConnection {
  readonly socket: Socket;
  /** Returns the bytes received so far. */
  readonly received: () => string;
  /** Resolves with all received bytes when the connection is closed. */
  readonly closed: Promise<string>;
}

/** Connects to `http://…` or `https://…` and sends the characters of `bytes` as one byte each. */
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
  // A server that closes the connection with unread data resets it after its response.
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

/** Sends bytes, and returns all received bytes when the server closes the connection. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  return (await openRaw(url, bytes)).closed;
}

/** Returns the status of each response in the received bytes. */
export function statusesOf(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
