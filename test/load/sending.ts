/** Sends requests and bodies of any size for the attacks of the load test. */
import { once } from "node:events";
import { request as requestHttp, type Agent, type IncomingMessage } from "node:http";

/** Sends a request and discards the answer; returns its status, or the code of the error. */
export async function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; agent?: Agent },
  body: Iterable<Buffer> = [],
): Promise<number | string> {
  return new Promise((resolve) => {
    const sent = requestHttp(url, { method: "POST", ...options }, (response: IncomingMessage) => {
      response.resume();
      response.on("close", () => {
        resolve(response.statusCode ?? 0);
      });
    });
    sent.setMaxListeners(1000).on("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    void (async () => {
      for (const chunk of body) {
        if (sent.destroyed) return;
        if (sent.write(chunk)) continue;
        const [drained, closed] = [once(sent, "drain"), once(sent, "close")];
        await Promise.race([drained, closed]).catch(() => undefined);
        for (const each of [drained, closed]) each.catch(() => undefined);
      }
      sent.end();
    })();
  });
}

/** Runs `step` for each number below `count`, so many at once. */
export async function inParallel(count: number, atOnce: number, step: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await step(next - 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Yields a body with so many bytes of filling. */
export function* pieces(start: string, size: number, end: string): Generator<Buffer> {
  yield Buffer.from(start);
  const piece = Buffer.alloc(256 * 1024, "x");
  for (let left = size; left > 0; left -= piece.length) yield left < piece.length ? piece.subarray(0, left) : piece;
  yield Buffer.from(end);
}
