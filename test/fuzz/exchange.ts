/** Sends a request over a real socket and returns the answer. */
import type { Agent } from "node:http";
import { request as send, type IncomingHttpHeaders } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether the client closed the connection because the answer is a stream or is held for long. */
  readonly isCut: boolean;
}

export interface ExchangeOptions {
  readonly port: number;
  readonly agent: Agent;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** How long to wait for the end of the answer before closing the connection. */
  readonly patienceMs: number;
}

/** Sends a request. Returns undefined if no answer came in time; rejects if the connection failed. */
export function exchange(options: ExchangeOptions): Promise<Answer | undefined> {
  const { port, agent, method, url, headers, body, patienceMs } = options;
  return new Promise((resolve, reject) => {
    let answer: Answer | undefined;
    const payload = body === undefined ? undefined : Buffer.from(body);
    const request = send({
      host: "127.0.0.1",
      port,
      agent,
      method,
      path: url,
      headers: { ...headers, ...(payload !== undefined && { "content-length": payload.length }) },
    });
    const patience = setTimeout(() => {
      resolve(answer);
      request.destroy();
    }, patienceMs);
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      let text = "";
      answer = { status, headers: response.headers, body: "", isCut: true };
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => {
        clearTimeout(patience);
        resolve({ status, headers: response.headers, body: text, isCut: false });
      });
      response.on("error", (error) => {
        clearTimeout(patience);
        reject(error);
      });
    });
    request.on("error", (error) => {
      clearTimeout(patience);
      reject(error);
    });
    request.end(payload);
  });
}
