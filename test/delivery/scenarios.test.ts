/** Tests the scenarios that test a receiver: each fails only in the way that its summary says. */
import { describe, expect, it } from "vitest";
import { webhookScenarios } from "../../src/engine/scenario/webhook-scenarios.ts";
import { readGeneration } from "../support/acme.ts";
import { control } from "../support/control.ts";
import { startReceiver, type Received } from "../support/receiver.ts";
import { bolt } from "../support/acme/bolt.ts";
import { buildWebhookWorld, signedAt } from "../support/acme-webhooks.ts";

const idOf = ({ body }: Received): string => (JSON.parse(body) as { id: string }).id;

describe("for webhook scenarios,", () => {
  it("webhook-duplicate sends the same body twice, even if the first was accepted", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass, told } = await buildWebhookWorld();
    await submitTo(receiver.url, "webhook-duplicate");
    await pass("10s");
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[0]?.body).toBe(receiver.received[1]?.body);
    expect(told().map(({ status }) => status)).toEqual(["delivered", "delivered"]);
  });

  it("webhook-out-of-order lets the next webhook to the receiver pass", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass } = await buildWebhookWorld();
    const ids = [];
    for (let made = 0; made < 3; made += 1) ids.push(await submitTo(receiver.url, "webhook-out-of-order"));
    const [first, second, third] = ids;
    await pass("2s");
    expect(receiver.received.map(idOf)).toEqual([second, first]);
    await pass("10s");
    expect(receiver.received.map(idOf)).toEqual([second, first, third]);
  });

  it("webhook-out-of-order also swaps with a webhook of a normal scenario", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass } = await buildWebhookWorld();
    const late = await submitTo(receiver.url, "webhook-out-of-order");
    await pass("5s");
    expect(receiver.received).toHaveLength(0);
    const next = await submitTo(receiver.url);
    await pass("2s");
    expect(receiver.received.map(idOf)).toEqual([next, late]);
    await pass("1m");
    expect(receiver.received).toHaveLength(2);
  });

  it("webhook-late sends the webhook 30 s after polling has shown the end", async () => {
    const receiver = await startReceiver();
    const world = await buildWebhookWorld();
    const { addReceiver, submit, pass } = world;
    addReceiver(receiver.url);
    const id = await submit("webhook-late");
    await pass("31s");
    expect((await readGeneration(world, id)).json()).toMatchObject({ state: "done" });
    expect(receiver.received).toHaveLength(0);
    await pass("1s");
    expect(receiver.received).toHaveLength(1);
    // The webhook shows the state at its transition, not the current state.
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({ tookMs: 2000 });
  });

  it("webhook-lost stores the webhook and never sends it", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass, told } = await buildWebhookWorld();
    await submitTo(receiver.url, "webhook-lost");
    await pass("1h");
    expect(receiver.received).toHaveLength(0);
    expect(told()).toMatchObject([{ status: "lost", attempts: 0 }]);
  });

  it("webhook-bad-signature does not verify, with an endpoint's secret or the account's", async () => {
    const receiver = await startReceiver();
    const { addReceiver, submit, submitTo, pass } = await buildWebhookWorld();
    addReceiver(receiver.url);
    await submit("webhook-bad-signature");
    await submitTo(receiver.url, "webhook-bad-signature");
    await pass("2s");
    // The endpoint gets both webhooks, and the second request names the same receiver.
    expect(receiver.received).toHaveLength(3);
    expect(receiver.received.filter((received) => signedAt(received, "secret") ?? signedAt(received))).toEqual([]);
  });

  it("webhook-old-timestamp verifies, and its timestamp is an hour old", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass, sandbox } = await buildWebhookWorld();
    await submitTo(receiver.url, "webhook-old-timestamp");
    await pass("2s");
    const [received] = receiver.received;
    if (received === undefined) throw new Error("None came.");
    expect(signedAt(received)).toBe(Math.floor((sandbox.clock.now() - 3_600_000) / 1000));
  });

  it("webhook-old-timestamp is refused for a vendor whose webhooks have no timestamp", async () => {
    const world = await buildWebhookWorld();
    const body = { about: "fauxgen:webhook-old-timestamp" };
    const refused = await world.send(bolt, "main", { method: "POST", url: "/bolt/tasks", body });
    expect(refused.statusCode).toBe(400);
    expect(refused.headers["x-fauxgen-diagnostic"]).toContain("SCENARIO_NOT_EXPRESSIBLE");
  });

  it("webhook-wrong-secret does not verify with any secret that the receiver knows", async () => {
    const receiver = await startReceiver();
    const { addReceiver, submit, pass } = await buildWebhookWorld();
    addReceiver(receiver.url);
    await submit("webhook-wrong-secret");
    await pass("2s");
    const [received] = receiver.received;
    if (received === undefined) throw new Error("None came.");
    expect(signedAt(received, "secret")).toBeUndefined();
    expect(signedAt(received)).toBeUndefined();
  });

  it.each([
    { webhook: { signature: "none" }, hasSignature: false },
    { webhook: { addFields: { beta: [1] } }, hasSignature: true },
    { webhook: { spaced: true }, hasSignature: true },
  ])("a scenario with $webhook changes only that, and a signature covers the body as sent", async (changed) => {
    const receiver = await startReceiver();
    const world = await buildWebhookWorld();
    const plain = await world.submitTo(receiver.url);
    await world.pass("2s");
    await control(world.app, "PUT", "sandboxes/world/scenarios/changed", { webhook: changed.webhook });
    const id = await world.submitTo(receiver.url, "changed");
    await world.pass("2s");
    const [usual, received] = receiver.received;
    if (usual === undefined || received === undefined) throw new Error("Two should have come.");
    expect(Object.keys(received.headers).includes("acme-signature")).toBe(changed.hasSignature);
    expect(signedAt(received)).toEqual(changed.hasSignature ? expect.any(Number) : undefined);
    const { beta, ...body } = JSON.parse(received.body) as Record<string, unknown>;
    expect(beta).toEqual(changed.webhook.addFields === undefined ? undefined : [1]);
    expect(body).toMatchObject({ id, state: "done" });
    const fields = Object.keys(JSON.parse(usual.body) as object);
    expect(Object.keys(body)).toEqual(changed.webhook.spaced === undefined ? fields : fields.reverse());
    expect(received.body.includes("\n")).toBe(changed.webhook.spaced === true);
    expect(plain).not.toBe(id);
  });

  it("webhook-huge adds 2 MiB to the body, which still parses and verifies", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass, told } = await buildWebhookWorld();
    await submitTo(receiver.url, "webhook-huge");
    await pass("2s");
    const [received] = receiver.received;
    if (received === undefined) throw new Error("None came.");
    expect(received.body.length).toBeGreaterThan(2 * 1024 * 1024);
    expect(JSON.parse(received.body)).toMatchObject({ state: "done" });
    expect(signedAt(received)).toEqual(expect.any(Number));
    expect(told()[0]?.body.length).toBeLessThan(2000);
  });

  it("webhook-slow sends the body slowly", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass, told } = await buildWebhookWorld();
    await submitTo(receiver.url, "webhook-slow");
    const began = performance.now();
    await pass("2s");
    expect(performance.now() - began).toBeGreaterThan(2900);
    expect(told()[0]).toMatchObject({ status: "delivered" });
  });

  it("every sandbox knows each webhook scenario", async () => {
    const { app, sandbox } = await buildWebhookWorld();
    const names = app.httpContext.scenarios.names(sandbox);
    for (const { name } of webhookScenarios) expect(names).toContain(name);
  });
});
