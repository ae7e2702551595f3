import { describe, expect, it } from "vitest";
import { addEndpoint } from "../../src/delivery/endpoints.ts";
import { vivix } from "../../src/vendors/vivix/index.ts";
import { buildTestWorld, type TestWorld } from "../support/app.ts";
import { startReceiver } from "../support/receiver.ts";

const image = { model: "grok-imagine-image-quality", prompt: "a lighthouse" };

function addReceiver({ sandbox }: TestWorld, url: string, account = "main"): void {
  addEndpoint(sandbox, sandbox.account(account), "vivix", { url, secret: "secret" }, 5);
}

describe("the retry schedule", () => {
  it("runs to its end in one advance of a frozen clock, with every attempt at its instant", async () => {
    const receiver = await startReceiver((response) => response.writeHead(500).end("no"));
    const world = await buildTestWorld();
    addReceiver(world, receiver.url);
    await world.send(vivix, "main", { method: "POST", url: "/api/v1/generate", body: image });
    const created = world.sandbox.clock.now();
    const began = performance.now();
    await world.advance("1m");
    expect(performance.now() - began).toBeLessThan(2000);
    expect(receiver.received).toHaveLength(4);
    const [delivery] = world.app.outbox.list(world.sandbox);
    if (delivery === undefined) throw new Error("Nothing was written.");
    expect(delivery.status).toBe("failed");
    const attempts = world.app.outbox.attemptsOf(world.sandbox, delivery);
    expect(attempts.map(({ at }) => at - created)).toEqual([2000, 3000, 8000, 33_000]);
    expect(attempts.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
  });
});
