/** What a server's JavaScript heap holds, through Node's inspector: no route of the server has to answer it. */
import { once } from "node:events";
import { findPort } from "./process.ts";

export interface Inspected {
  /** For Node, when the server is started. */
  readonly options: readonly string[];
  /** Bytes that are still in use after a collection of garbage. */
  readonly heapBytes: () => Promise<number>;
}

export async function inspected(): Promise<Inspected> {
  const port = await findPort();
  return { options: [`--inspect=127.0.0.1:${port}`], heapBytes: () => readHeap(port) };
}

async function readHeap(port: number): Promise<number> {
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
