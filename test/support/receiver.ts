/** Starts a webhook receiver for a test. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A received webhook, as it was sent on the wire. */
export interface Received {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Header names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Resolves when `count` webhooks have arrived. */
  readonly arrived: (count: number) => Promise<void>;
}

export type Answering = (response: ServerResponse, received: Received, nth: number) => void;

const accept: Answering = (response) => {
  response.writeHead(200).end();
};

/** Starts a webhook receiver on a free port, and closes it when the test ends. By default it answers 200. */
export async function startReceiver(answer: Answering = accept, host = "127.0.0.1"): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    void take(request).then((webhook) => {
      received.push(webhook);
      answer(response, webhook, received.length);
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    received,
    arrived: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (received.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

async function take(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { url = "", method = "", headers, rawHeaders } = request;
  return { path: url, method, headers, rawHeaders, body: Buffer.concat(chunks).toString("utf8") };
}
