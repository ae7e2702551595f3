/** Makes servers under test listen, and exchanges raw bytes with them. */
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";

/** Makes a server under test listen on a free port, and returns its origin. Closing the server closes the port. */
export async function listenOn(app: FastifyInstance): Promise<string> {
  await app.listen({ host: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

export interface RawExchange {
  /** All received bytes. */
  readonly received: string;
  /** The end of the connection: the server's FIN, or an error such as `ECONNRESET`. */
  readonly ending: string;
}

/** Sends a request byte for byte, and reads until the connection ends. No HTTP client shows these bytes. */
export function exchangeRaw(origin: string, request: string): Promise<RawExchange> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(Number(new URL(origin).port), "127.0.0.1");
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => (received += part));
    socket.on("end", () => {
      socket.end();
      resolve({ received, ending: "FIN" });
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      resolve({ received, ending: error.code ?? error.message });
    });
    socket.write(request.replaceAll("\n", "\r\n"));
  });
}
