/** Sends requests as the browser sends them for a page, with headers that `fetch` would set itself. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { TestWorld } from "./app.ts";
import { listenOn } from "./socket.ts";

export interface PageAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A world whose server listens. */
export interface PageWorld extends TestWorld {
  readonly ask: (method: string, url: string, headers?: Record<string, string>, body?: unknown) => Promise<PageAnswer>;
}

/** Starts the server of a world; `pageHeaders` go with every request. */
export async function listenToPages(
  world: TestWorld,
  pageHeaders: Readonly<Record<string, string>> = {},
): Promise<PageWorld> {
  const origin = await listenOn(world.app);
  return {
    ...world,
    ask: async (method, url, headers = {}, body) =>
      new Promise((resolve, reject) => {
        const sent = body === undefined ? undefined : JSON.stringify(body);
        const type = sent === undefined ? {} : { "content-type": "application/json" };
        const options = { method, agent: false, headers: { ...pageHeaders, ...type, ...headers } };
        const request = httpRequest(new URL(url, origin), options, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => {
            const { statusCode = 0 } = response;
            resolve({ status: statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() });
          });
        });
        request.on("error", reject);
        request.end(sent);
      }),
  };
}
