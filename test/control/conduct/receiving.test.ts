/** Tests the findings about receivers of webhooks. */
import { describe, expect, it } from "vitest";
import { startReceiver } from "../../support/receiver.ts";
import { buildConductWorld } from "./conduct-world.ts";

describe("for a receiver of webhooks,", () => {
  it.each([
    [302, "webhook-redirects"],
    [500, "webhook-not-2xx"],
    [410, "webhook-not-2xx"],
  ])("an answer with %i is the finding %s", async (status, id) => {
    const receiver = await startReceiver((response) => {
      response.writeHead(status).end();
    });
    const world = await buildConductWorld({ timing: "instant" });
    await world.submitTo(receiver.url);
    await world.pass("1h");
    const finding = await world.finding(id);
    expect(finding).toMatchObject({ severity: "warning", deliveries: [{ status: "failed" }] });
    expect(finding.what).toContain(`was answered ${status}`);
  });

  it("an accepted webhook is not a finding", async () => {
    const receiver = await startReceiver();
    const world = await buildConductWorld({ timing: "instant" });
    await world.submitTo(receiver.url);
    await world.pass("5s");
    expect(await world.found()).toEqual([]);
  });

  it.each(["webhook-bad-signature", "webhook-old-timestamp"])(
    "an accepted %s is a forgery that was accepted",
    async (name) => {
      const receiver = await startReceiver();
      const world = await buildConductWorld({ timing: "instant" });
      await world.submitTo(receiver.url, name);
      await world.pass("5s");
      expect(await world.finding("webhook-forgery-accepted")).toMatchObject({ severity: "error", count: 1 });
    },
  );

  it("a refused forgery is not a finding", async () => {
    const receiver = await startReceiver((response) => {
      response.writeHead(401).end();
    });
    const world = await buildConductWorld({ timing: "instant" });
    await world.submitTo(receiver.url, "webhook-bad-signature");
    await world.pass("1h");
    expect(await world.found()).toEqual([]);
  });
});
