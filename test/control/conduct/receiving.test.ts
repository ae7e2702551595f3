/** Tests the findings about receivers of webhooks. */
import { describe, expect, it } from "vitest";
import { startReceiver } from "../../support/receiver.ts";
import { postGeneration } from "../../support/acme.ts";
import { listenOn } from "../../support/socket.ts";
import { buildConductWorld, type ConductWorld } from "./conduct-world.ts";

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

  it("a refusal of a webhook that a later attempt delivers is a note", async () => {
    const receiver = await startReceiver((response, _received, nth) => {
      response.writeHead(nth === 1 ? 503 : 200).end();
    });
    const world = await buildConductWorld({ timing: "instant" });
    await world.submitTo(receiver.url);
    await world.pass("1h");
    expect(await world.finding("webhook-not-2xx")).toMatchObject({
      severity: "note",
      deliveries: [{ status: "delivered" }],
    });
  });

  it("a refusal of a webhook that a scenario makes very large is no finding", async () => {
    const receiver = await startReceiver((response) => {
      response.writeHead(413).end();
    });
    const world = await buildConductWorld({ timing: "instant" });
    await world.submitTo(receiver.url, "webhook-huge");
    await world.pass("1h");
    expect(await world.found()).toEqual([]);
  });

  it("a webhook that is signed wrongly when it is sent again is a forgery, if it is accepted", async () => {
    const receiver = await startReceiver();
    const world = await buildConductWorld({ timing: "instant" });
    await world.submitTo(receiver.url);
    await world.pass("5s");
    expect(await world.found()).toEqual([]);
    const [delivery] = world.told();
    await world.app.inject({
      method: "POST",
      url: `/_fauxgen/sandboxes/world/webhooks/deliveries/${delivery?.id ?? ""}/redeliver`,
      payload: { signature: "bad" },
    });
    await receiver.arrived(2);
    await world.pass("1s");
    expect(await world.finding("webhook-forgery-accepted")).toMatchObject({ severity: "error", count: 1 });
  });
});

describe("webhook-slow", () => {
  it("is found for a receiver that does not answer within the vendor's limit", async () => {
    const receiver = await startReceiver(() => undefined);
    const world = await buildConductWorld({ timing: "instant" });
    await world.submitTo(receiver.url);
    await world.pass("1h", 50);
    const finding = await world.finding("webhook-slow");
    expect(finding).toMatchObject({ severity: "warning", count: 1, deliveries: [{ status: "failed" }] });
    expect(finding.what).toMatch(/^Attempt 1 of \S+ \(job\.done\) ended timed-out after \d+ ms\.$/);
  });

  it("is not found for a receiver that answers a little before the limit", async () => {
    const release = Promise.withResolvers<undefined>();
    const receiver = await startReceiver((response) => {
      void release.promise.then(() => response.writeHead(200).end());
    });
    const world = await buildConductWorld({ timing: "instant" });
    await world.submitTo(receiver.url);
    const passing = world.pass("9s");
    await receiver.arrived(1);
    release.resolve(undefined);
    await passing;
    expect(await world.found()).toEqual([]);
  });
});

describe("webhook-replayed-twice", () => {
  /** Starts a receiver that fetches the result of each webhook, or only of the first. */
  async function receiveTwice(fetches: "each" | "first"): Promise<ConductWorld> {
    const world = await buildConductWorld({ timing: "instant" });
    const origin = await listenOn(world.app);
    const work: Promise<unknown>[] = [];
    const receiver = await startReceiver((response, { body }, nth) => {
      const { urls } = JSON.parse(body) as { urls: [string] };
      if (fetches === "each" || nth === 1) work.push(fetch(`${origin}${new URL(urls[0]).pathname}`));
      response.writeHead(200).end();
    });
    await world.submitTo(receiver.url, "webhook-duplicate");
    await world.pass("1m");
    await receiver.arrived(2);
    await Promise.all(work);
    return world;
  }

  it("is found for a receiver that fetches the result after each copy", async () => {
    const world = await receiveTwice("each");
    const finding = await world.finding("webhook-replayed-twice");
    expect(finding).toMatchObject({ severity: "warning", count: 4 });
    expect(finding.deliveries).toHaveLength(2);
    expect(finding.what).toMatch(/^\S+ and its copy \S+ each led to GET \/_media\//);
  });

  it("is not found for a receiver that takes a copy and does nothing", async () => {
    expect(await (await receiveTwice("first")).found()).toEqual([]);
  });

  it("is found for a follow-up job that is ordered after each copy, unless an idempotency key makes it one", async () => {
    for (const [key, found] of [
      [undefined, ["webhook-replayed-twice"]],
      ["k1", []],
    ] as const) {
      const world = await buildConductWorld({ timing: "instant" });
      const receiver = await startReceiver();
      const id = await world.submitTo(receiver.url, "webhook-duplicate");
      for (let copy = 0; copy < 2; copy += 1) {
        await world.pass("1s");
        const headers = key === undefined ? {} : { "idempotency-key": key };
        await postGeneration(world, { prompt: `an encore of ${id}` }, { headers });
      }
      expect((await world.found()).filter((each) => each.startsWith("webhook"))).toEqual(found);
    }
  });
});
