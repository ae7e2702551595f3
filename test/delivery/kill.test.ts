/**
 * Tests that a process killed at any moment, even between a transition and its delivery, delivers all that it
 * acknowledged.
 */
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCommand, type RunningCommand } from "../support/command.ts";
import { startReceiver } from "../support/receiver.ts";
import { verifySync } from "../support/verify-webhook.ts";
import { headersOf, lipsync, postGenerationTo } from "../support/sync.ts";
import { folderOf } from "../support/folder.ts";

/** `KILL_ROUNDS=100` runs more rounds than usual; each takes about a second. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 6);
const CREATED_PER_ROUND = 6;

interface Running {
  readonly command: RunningCommand;
  readonly url: string;
}

async function start(data: string): Promise<Running> {
  const timing = "queued=20ms,processing=40ms";
  const command = runCommand(["--port", "0", "--data", data, "--timing", timing, "--json"]);
  const { url } = JSON.parse(await command.firstLine()) as { url: string };
  return { command, url };
}

async function create({ url }: Running, webhookUrl: string): Promise<string | undefined> {
  try {
    const response = await postGenerationTo(url, headersOf("kill"), { ...lipsync, webhookUrl });
    return response.status === 201 ? ((await response.json()) as { id: string }).id : undefined;
  } catch {
    // The process was killed before it answered, so nothing was acknowledged.
    return undefined;
  }
}

it("a killed process still delivers every webhook at least once", { timeout: 90_000 + ROUNDS * 5000 }, async () => {
  const folder = folderOf({});
  // The first attempt of every third generation fails, so that some kills fall between two attempts.
  const attempts = new Map<string, number>();
  const receiver = await startReceiver((response, { body }) => {
    const { id } = JSON.parse(body) as { id: string };
    const attempt = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, attempt);
    return response.writeHead(attempt === 1 && attempts.size % 3 === 0 ? 500 : 200).end();
  });
  const data = join(folder, "kill.db");
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const running = await start(data);
    const creating = Array.from({ length: CREATED_PER_ROUND }, () => create(running, receiver.url));
    for (const id of await Promise.all(creating)) if (id !== undefined) acknowledged.push(id);
    // Transitions and deliveries follow within the next 100 ms: each round kills at a different moment.
    // eslint-disable-next-line no-restricted-syntax -- the moment of the kill is a moment of real time
    await new Promise((resolve) => setTimeout(resolve, (round * 17) % 120));
    running.command.child.kill("SIGKILL");
    await running.command.ended;
  }
  const last = await start(data);
  const delivered = async (): Promise<number> => {
    const query = `status=delivered&count=${acknowledged.length}&within=60s&limit=1`;
    const response = await fetch(`${last.url}/_fauxgen/sandboxes/kill/webhooks/deliveries?${query}`);
    return ((await response.json()) as { total: number }).total;
  };
  expect(acknowledged).toHaveLength(ROUNDS * CREATED_PER_ROUND);
  expect(await delivered()).toBe(acknowledged.length);
  const told = new Set(receiver.received.map(({ body }) => (JSON.parse(body) as { id: string }).id));
  expect([...told].sort()).toEqual([...acknowledged].sort());
  expect(receiver.received.every((received) => verifySync(received).raw)).toBe(true);
});
