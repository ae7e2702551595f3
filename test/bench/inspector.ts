/** Measures a server's JavaScript heap through Node.js's inspector, without a route of the server. */
import { once } from "node:events";
import { findPort } from "./process.ts";

export interface Inspector {
  /** The options of Node.js with which the server must start. */
  readonly options: readonly string[];
  /** Collects garbage, and returns the bytes that are still in use. */
  readonly collect: () => Promise<number>;
}

export async function inspector(): Promise<Inspector> {
  const port = await findPort();
  return { options: [`--inspect=127.0.0.1:${port}`], collect: () => collect(port) };
}

async function collect(port: number): Promise<number> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "");
  await once(socket, "open");
  const ask = async (id: number, method: string): Promise<unknown> => {
    socket.send(JSON.stringify({ id, method }));
    const [{ data }] = (await once(socket, "message")) as [{ data: string }];
    return (JSON.parse(data) as { result: unknown }).result;
  };
  await ask(1, "HeapProfiler.collectGarbage");
  const { usedSize } = (await ask(2, "Runtime.getHeapUsage")) as { usedSize: number };
  socket.close();
  return usedSize;
}
