/** Receives webhooks during a load test. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Receiver {
  readonly url: string;
  /** How many webhooks arrived for each generation. */
  readonly told: ReadonlyMap<string, number>;
  readonly close: () => void;
}

/** Starts a receiver; it refuses one of `refusesOneIn` webhooks when it arrives for the first time. */
export async function openReceiver(refusesOneIn: number): Promise<Receiver> {
  const told = new Map<string, number>();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      const { id } = JSON.parse(body) as { id: string };
      const times = (told.get(id) ?? 0) + 1;
      told.set(id, times);
      response.writeHead(times === 1 && told.size % refusesOneIn === 0 ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    told,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
