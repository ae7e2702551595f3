/** Tests that a server stops gracefully at the first signal and immediately at the second. */
import { Agent, get, request, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCommand, type RunningCommand } from "../support/command.ts";

async function startServer(): Promise<{ command: RunningCommand; url: string; port: number }> {
  const command = runCommand(["--port", "0", "--json"]);
  return { command, ...(JSON.parse(await command.firstLine()) as { url: string; port: number }) };
}

/** Sends the beginning of a request that its client never finishes. */
async function sendHalfARequest(port: number): Promise<void> {
  const unfinished = request({ port, method: "POST", path: "/api/v1/generate", headers: { "content-length": 10 } });
  unfinished.on("error", () => undefined);
  unfinished.write("{");
  onTestFinished(() => void unfinished.destroy());
  // When the server answers this later request, it has received the unfinished one.
  await new Promise((resolve) => get({ port, path: "/_fauxgen/health", agent: false }, resolve).on("error", resolve));
}

describe("a server that receives a signal", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "exits with 0 within a second of %s, despite open connections",
    async (signal) => {
      const { command, port } = await startServer();
      const keepAlive = new Agent({ keepAlive: true });
      onTestFinished(() => {
        keepAlive.destroy();
      });
      const answer = await new Promise<IncomingMessage>((resolve) =>
        get({ port, path: "/_fauxgen/health", agent: keepAlive }, resolve),
      );
      answer.resume();
      await once(answer, "end");
      const speculative = connect(port);
      speculative.on("error", () => undefined);
      await once(speculative, "connect");
      await sendHalfARequest(port);
      const began = performance.now();
      command.child.kill(signal);
      const { code } = await command.ended;
      expect(code).toBe(0);
      expect(performance.now() - began).toBeLessThan(1000);
    },
  );

  it("exits immediately at a second signal", async () => {
    const { command, port } = await startServer();
    await sendHalfARequest(port);
    command.child.kill("SIGTERM");
    // A refused connection shows that the server has stopped listening; the unfinished request keeps it running.
    await refusal(port);
    for (;;) {
      command.child.kill("SIGTERM");
      const ended = await Promise.race([command.ended, new Promise((resolve) => setImmediate(resolve))]);
      if (ended !== undefined) break;
    }
    expect((await command.ended).code).toBe(143);
  });
});

async function refusal(port: number): Promise<void> {
  for (;;) {
    const isRefused = await new Promise<boolean>((resolve) => {
      const socket = connect(port);
      socket.once("connect", () => {
        socket.destroy();
        resolve(false);
      });
      socket.once("error", () => {
        resolve(true);
      });
    });
    if (isRefused) return;
  }
}
