/** Tests when sync sends the webhook of a batch, and its body. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { startReceiver } from "../../../support/receiver.ts";
import { verifySync } from "../../../support/verify-webhook.ts";
import { buildWebhookWorld, type WebhookWorld } from "../../../support/webhooks.ts";
import { batchRows, get, lipsync, post } from "../../../support/sync.ts";

interface Batch {
  readonly id: string;
  readonly created_at: string;
}

async function createBatch(world: WebhookWorld, webhookUrl: string, rowWebhookUrl?: string): Promise<Batch> {
  const special = rowWebhookUrl === undefined ? [] : [{ ...lipsync, webhookUrl: rowWebhookUrl }];
  const created = await post(world, "/v2/batch", { rows: batchRows(20, ...special), webhook_url: webhookUrl });
  expect(created.statusCode).toBe(201);
  return created.json<Batch>();
}

describe("the webhook of a batch", () => {
  it("a batch webhook is sent once, after the last generation has ended, with the body of a read", async () => {
    const receiver = await startReceiver();
    const world = await buildWebhookWorld();
    const { id } = await createBatch(world, receiver.url);
    await world.pass("1m");
    expect(receiver.received).toHaveLength(1);
    const [received] = receiver.received;
    if (received === undefined) throw new Error("None came.");
    expect(verifySync(received)).toMatchObject({ raw: true, parsed: true });
    const read = await get(world, `/v2/batch/${id}`);
    const { outputUrl: readUrl, ...shown } = read.json<{ outputUrl: string }>();
    const { outputUrl, ...told } = JSON.parse(received.body) as { outputUrl: string };
    expect(told).toEqual(shown);
    expect(new URL(outputUrl).pathname).toBe(new URL(readUrl).pathname);
    expect(told).toMatchObject({ id, status: "COMPLETED", metrics: { total_generations: 20, success_count: 20 } });
    expect(world.told()).toMatchObject([{ subject: id, event: "batch.completed", status: "delivered" }]);
  });

  it("a batch webhook is sent in addition to the webhooks of its generations", async () => {
    const [ofBatch, ofRow] = [await startReceiver(), await startReceiver()];
    const world = await buildWebhookWorld();
    await createBatch(world, ofBatch.url, ofRow.url);
    await world.pass("1m");
    expect([ofBatch.received.length, ofRow.received.length]).toEqual([1, 1]);
  });

  it("a batch webhook has the keys of the documented example with the setting batchNotifications", async () => {
    const receiver = await startReceiver();
    const world = await buildWebhookWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ vendors: { sync: { batchNotifications: "camelCase" } } }));
    const { id, created_at } = await createBatch(world, receiver.url);
    await world.pass("1m");
    expect(Object.entries(JSON.parse(receiver.received[0]?.body ?? "{}") as object)).toEqual([
      ["id", id],
      ["status", "COMPLETED"],
      ["metrics", { totalGenerations: 20, successCount: 20, failedCount: 0, pendingCount: 0 }],
      ["outputUrl", expect.stringContaining(`/v2/batches/${id}/result`)],
      ["webhookUrl", receiver.url],
      ["createdAt", created_at],
      ["options", {}],
    ]);
  });
});
