/** Tests the order of the create's answer, its webhook, and the webhooks of one receiver. */
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { headersOf, listenWithAcme, picture, postGenerationTo } from "../support/acme.ts";
import { startReceiver } from "../support/receiver.ts";
import { buildWebhookWorld } from "../support/acme-webhooks.ts";
import { worldIn } from "../support/app.ts";

interface Created {
  readonly id: string;
  readonly state: string;
}

/** Orders a picture over a socket; returns the answer and the instant of its last byte. */
async function create(url: string, receiver: string, scenario = "succeed"): Promise<Created & { answeredAt: number }> {
  const headers = { ...headersOf("order"), "x-fauxgen-scenario": scenario };
  const response = await postGenerationTo(url, headers, { ...picture, webhook: receiver });
  expect(response.status).toBe(201);
  const created = (await response.json()) as Created;
  return { ...created, answeredAt: performance.now() };
}

describe("for a create that ends at once,", () => {
  it("the create is answered before its webhook is sent", async () => {
    const { port } = await listenWithAcme({ timing: "instant" });
    for (let round = 0; round < 20; round += 1) {
      const order: string[] = [];
      const receiver = await startReceiver((response) => {
        order.push("webhook");
        response.writeHead(200).end();
      });
      const body = JSON.stringify({ ...picture, webhook: receiver.url });
      const client = connect(port, "127.0.0.1").setEncoding("utf8");
      client.on("data", (text: string) => {
        if (text.startsWith("HTTP/1.1 201")) order.push("answer");
      });
      client.write(
        `POST /acme/jobs HTTP/1.1\r\nhost: test\r\nauthorization: Bearer acme_fx_order_main\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      await receiver.arrived(1);
      client.destroy();
      expect(order).toEqual(["answer", "webhook"]);
    }
  });

  it("the webhook waits for the create's answer even if the client reads none of it", async () => {
    const receiver = await startReceiver();
    const { sandbox, submitTo, pass, told } = await buildWebhookWorld({ timing: "instant" });
    const id = await submitTo(receiver.url);
    const generation = sandbox.generations.find("acme", id);
    if (generation === undefined) throw new Error("It was not created.");
    const answer = sandbox.createAnswers.pend([generation.rowId]);
    expect((await pass("1s", 200)).unsettled).toHaveLength(1);
    expect(receiver.received).toHaveLength(0);
    answer.end();
    await receiver.arrived(1);
    expect(told()).toHaveLength(1);
  });

  it("webhook-first sends the webhook before the create's answer, even on a frozen clock", async () => {
    const { url, app } = await listenWithAcme();
    worldIn(app, "order");
    let answeredAt = 0;
    const receiver = await startReceiver((response) => {
      // eslint-disable-next-line no-restricted-syntax -- the receiver takes its time, in real time
      setTimeout(() => {
        answeredAt = performance.now();
        response.writeHead(200).end();
      }, 100);
    });
    const created = await create(url, receiver.url, "webhook-first");
    expect(created.state).toBe("waiting");
    expect(answeredAt).toBeGreaterThan(0);
    expect(created.answeredAt).toBeGreaterThan(answeredAt);
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({ id: created.id, state: "done" });
  });
});

describe("for webhooks to one receiver,", () => {
  it("webhooks arrive one after the other, in the order in which their generations ended", async () => {
    let open = 0;
    let most = 0;
    const receiver = await startReceiver((response) => {
      open += 1;
      most = Math.max(most, open);
      // eslint-disable-next-line no-restricted-syntax -- the receiver takes its time, in real time
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
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual(ids);
    expect(most).toBe(1);
  });
});
