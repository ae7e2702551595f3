/** Calls the control API of a server under test. */
import type { FastifyInstance } from "fastify";
import type { Response } from "light-my-request";

export interface ControlCall {
  readonly status: number;
  readonly headers: Response["headers"];
  readonly text: string;
  /** The parsed body; undefined if the response is not JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read any field of the responses
  readonly body: any;
}

/** Calls the control API of a server under test, by default from this machine's address. */
export async function control(
  app: FastifyInstance,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  options: { headers?: Readonly<Record<string, string>>; remoteAddress?: string } = {},
): Promise<ControlCall> {
  const response = await app.inject({
    method,
    url: `/_fauxgen/${path}`,
    headers: { ...options.headers },
    ...(options.remoteAddress !== undefined && { remoteAddress: options.remoteAddress }),
    ...(body !== undefined && { payload: body as object }),
  });
  const isJson = response.headers["content-type"]?.toString().includes("json") === true;
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: isJson ? (JSON.parse(response.body) as unknown) : undefined,
  };
}
