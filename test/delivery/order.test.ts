/** Tests the order of the create's answer, its webhook, and the webhooks of one receiver. */
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { startReceiver } from "../support/receiver.ts";
import { listenForTest } from "../support/server.ts";
import { buildWebhookWorld } from "../support/webhooks.ts";
import { headersOf, lipsync, postGenerationTo } from "../support/sync.ts";
import { worldIn } from "../support/app.ts";

interface Created {
  readonly id: string;
  readonly status: string;
}

/** Creates a sync generation over a socket; returns the answer and the instant of its last byte. */
async function create(
  url: string,
  webhookUrl: string,
  scenario = "succeed",
): Promise<Created & { answeredAt: number }> {
  const headers = { ...headersOf("order"), "x-fauxgen-scenario": scenario };
  const response = await postGenerationTo(url, headers, { ...lipsync, webhookUrl });
  expect(response.status).toBe(201);
  const created = (await response.json()) as Created;
  return { ...created, answeredAt: performance.now() };
}

describe("for a create that ends at once,", () => {
  it("the create is answered before its webhook is sent", async () => {
    const { port } = await listenForTest({ timing: "instant" });
    for (let round = 0; round < 20; round += 1) {
      const order: string[] = [];
      const receiver = await startReceiver((response) => {
        order.push("webhook");
        response.writeHead(200).end();
      });
      const body = JSON.stringify({ ...lipsync, webhookUrl: receiver.url });
      const client = connect(port, "127.0.0.1").setEncoding("utf8");
      client.on("data", (text: string) => {
        if (text.startsWith("HTTP/1.1 201")) order.push("answer");
      });
      client.write(
        `POST /v2/generate HTTP/1.1\r\nhost: test\r\nx-api-key: fx_order_main\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      await receiver.arrived(1);
      client.destroy();
      expect(order).toEqual(["answer", "webhook"]);
    }
  });

  it("the webhook waits for the create's answer even if the client reads none of it", async () => {
    const receiver = await startReceiver();
    const { sandbox, createSync, pass, told } = await buildWebhookWorld({ timing: "instant" });
    const id = await createSync(receiver.url);
    const generation = sandbox.generations.find("sync", id);
    if (generation === undefined) throw new Error("It was not created.");
    const answer = sandbox.createAnswers.pend([generation.rowId]);
    const passing = pass("1s", 200);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(receiver.received).toHaveLength(0);
    expect((await passing).unsettled).toHaveLength(1);
    answer.end();
    await receiver.arrived(1);
    expect(told()).toHaveLength(1);
  });

  it("webhook-first sends the webhook before the create's answer, even on a frozen clock", async () => {
    const { url, app } = await listenForTest();
    worldIn(app, "order");
    let answeredAt = 0;
    const receiver = await startReceiver((response) => {
      setTimeout(() => {
        answeredAt = performance.now();
        response.writeHead(200).end();
      }, 100);
    });
    const created = await create(url, receiver.url, "webhook-first");
    expect(created.status).toBe("PENDING");
    expect(answeredAt).toBeGreaterThan(0);
    expect(created.answeredAt).toBeGreaterThan(answeredAt);
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({ id: created.id, status: "COMPLETED" });
  });
});

describe("for webhooks to one receiver,", () => {
  it("webhooks arrive one after the other, in the order in which their generations ended", async () => {
    let open = 0;
    let most = 0;
    const receiver = await startReceiver((response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.writeHead(200).end();
      }, 5);
    });
    const { addReceiver, submit, pass } = await buildWebhookWorld();
    addReceiver(receiver.url);
    const ids = [];
    for (let made = 0; made < 10; made += 1) ids.push(await submit());
    await pass("2s");
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { generation_id: string }).generation_id)).toEqual(
      ids,
    );
    expect(most).toBe(1);
  });
});
