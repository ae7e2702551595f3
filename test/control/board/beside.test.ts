/** Tests what control shows for the board beside the documents that tests use: examples, files, near misses, counts. */
import { describe, expect, it } from "vitest";
import {
  buildAcmeWorld,
  createGeneration,
  headersOf,
  marked,
  postGeneration,
  readCredits,
  uploadFile,
} from "../../support/acme.ts";
import { buildWebhookWorld, signedAt } from "../../support/acme-webhooks.ts";
import { control } from "../../support/control.ts";
import { listenOn } from "../../support/socket.ts";
import { startReceiver } from "../../support/receiver.ts";

describe("an example", () => {
  it("works when it is sent unchanged, with the key of the sandbox", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const { body } = await control(world.app, "GET", "sandboxes/world/examples");
    expect(body.items).toMatchObject([{ vendor: "acme", operation: "createGeneration", method: "POST" }]);
    for (const { method, path, headers, body: sent } of body.items) {
      const answer = await fetch(`${origin}${String(path)}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(sent),
      });
      expect(answer.status).toBe(201);
    }
    expect(world.sandbox.generations.count({})).toBe(1);
  });
});

describe("the file of an output", () => {
  it("is served under control's access rules and leaves no trace in the journal", async () => {
    const world = await buildAcmeWorld({ control: "token", controlToken: "secret" });
    const id = await createGeneration(world);
    const headers = { authorization: "Bearer secret" };
    const read = (path: string, options = { headers }) =>
      control(world.app, "GET", `sandboxes/world/${path}`, undefined, options);
    const unfinished = await read(`generations/${id}`);
    expect(unfinished.body.outputs).toMatchObject([{ url: null }]);
    const [{ id: output }] = unfinished.body.outputs;
    expect((await read(`generations/${id}/outputs/${output}`)).status).toBe(409);
    await control(world.app, "POST", `sandboxes/world/generations/${id}/finish`, {}, { headers });
    const finished = await read(`generations/${id}`);
    expect(finished.body.outputs[0].url).toContain(`/_media/world/acme/${output}.`);
    const before = world.app.httpContext.journals.of(world.sandbox).size;
    const file = await read(`generations/${id}/outputs/${output}`);
    expect([file.status, file.headers["content-type"]]).toEqual([200, "image/jpeg"]);
    expect(world.app.httpContext.journals.of(world.sandbox).size).toBe(before);
    expect((await control(world.app, "GET", `sandboxes/world/generations/${id}/outputs/${output}`)).status).toBe(401);
    expect((await read(`generations/${id}/outputs/none`)).status).toBe(404);
  });
});

describe("the list of uploads", () => {
  it("has every complete file with its kind, size and URL", async () => {
    const world = await buildAcmeWorld();
    await uploadFile(world, new Uint8Array(7));
    const { body } = await control(world.app, "GET", "sandboxes/world/uploads");
    expect(body.items).toMatchObject([{ vendor: "acme", account: "main", contentType: "video/mp4", bytes: 7 }]);
    const file = await world.app.inject({ url: new URL(body.items[0].url).pathname });
    expect([file.statusCode, file.rawPayload.length]).toEqual([200, 7]);
  });
});

describe("the near misses of a rule", () => {
  it("are the requests that differ least, with the difference", async () => {
    const world = await buildAcmeWorld();
    const rule = { when: { vendor: "acme", operation: "createGeneration", account: "other" }, scenario: "fail" };
    const { body } = await control(world.app, "POST", "sandboxes/world/rules", rule);
    await postGeneration(world);
    await readCredits(world);
    const { body: misses } = await control(world.app, "GET", `sandboxes/world/rules/${body.id}/misses`);
    expect(misses.items[0]).toMatchObject({
      id: 1,
      field: "account",
      difference: 'account is "main", expected "other"',
    });
    expect((await control(world.app, "GET", "sandboxes/world/rules/rule-9/misses")).status).toBe(404);
  });
});

describe("an unassigned request", () => {
  it("is shown with the nearest route and the nearest sandbox", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    await fetch(`${origin}/acme/jbos`, { method: "POST", headers: headersOf("world") });
    await fetch(`${origin}/acme/credits`, { headers: { "x-fauxgen-sandbox": "wolrd" } });
    await fetch(`${origin}/nowhere`);
    const { body } = await control(world.app, "GET", "requests/unassigned");
    expect(body.items.map(({ reason, nearest }: { reason: string; nearest: unknown }) => [reason, nearest])).toEqual([
      ["no-route", { route: "POST /acme/jobs", sandbox: "world" }],
      ["no-sandbox", { route: "GET /acme/credits", sandbox: "world" }],
      ["no-vendor", { route: null, sandbox: null }],
    ]);
  });
});

describe("the list of sandboxes", () => {
  it("counts what is in each, and what went wrong without being asked for", async () => {
    const world = await buildAcmeWorld();
    await postGeneration(world);
    await postGeneration(world, { prompt: 5 });
    await control(world.app, "POST", "sandboxes/world/rules", { fault: { status: 500 }, times: 1 });
    await postGeneration(world);
    const { body } = await control(world.app, "GET", "sandboxes");
    expect(body.items.find(({ name }: { name: string }) => name === "world")).toEqual({
      name: "world",
      heldRequests: 0,
      generations: 1,
      requests: 3,
      refused: 1,
      failedWebhooks: 0,
    });
  });
});

describe("a redelivery", () => {
  it.each([
    ["bad", false],
    ["wrong-secret", false],
    ["none", false],
    ["old", true],
  ])(
    "with the flaw %s is signed so, shows what was right, and the next one is right again",
    async (signature, isSigned) => {
      const receiver = await startReceiver();
      const world = await buildWebhookWorld();
      world.addReceiver(receiver.url, { secret: "secret" });
      await world.submit();
      await world.advance("2s");
      const { body: listed } = await control(world.app, "GET", "sandboxes/world/webhooks/deliveries");
      const path = `sandboxes/world/webhooks/deliveries/${listed.items.at(-1).id}`;
      const before = receiver.received.length;
      expect((await control(world.app, "POST", `${path}/redeliver`, { signature })).status).toBe(202);
      await receiver.arrived(before + 1);
      await expect.poll(async () => (await control(world.app, "GET", path)).body.attempts.length).toBe(2);
      const wrong = receiver.received[before];
      expect(wrong === undefined ? "none" : signedAt(wrong, "secret") !== undefined).toBe(isSigned);
      await control(world.app, "POST", `${path}/redeliver`);
      await receiver.arrived(before + 2);
      await expect.poll(async () => (await control(world.app, "GET", path)).body.attempts.length).toBe(3);
      const { body } = await control(world.app, "GET", path);
      const isRight = body.attempts.map(({ headers, expected }: { headers: string[][]; expected: string[][] }) =>
        expected.every(([name, value]) => headers.some(([each, sent]) => each === name && sent === value)),
      );
      expect(isRight).toEqual([true, false, true]);
      expect((await control(world.app, "POST", `${path}/redeliver`, { signature: "odd" })).status).toBe(400);
    },
  );
});

describe("the events that a person reads", () => {
  it("say which rule was hit, who waits until when, what was unassigned, and when it was in real time", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const stop = new AbortController();
    const stream = await fetch(`${origin}/_fauxgen/sandboxes/world/events?server=true`, { signal: stop.signal });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await control(world.app, "POST", "sandboxes/world/rules", { scenario: "fail", times: 1 });
    const id = await createGeneration(world, marked("label=hero"));
    const waiting = fetch(`${origin}/acme/jobs/${id}?wait=true`, { headers: headersOf("world") });
    await expect.poll(() => world.sandbox.heldRequests.count).toBe(1);
    await world.advance("2s");
    await waiting;
    await fetch(`${origin}/nowhere`);
    await control(world.app, "PUT", "sandboxes/later", {});
    await control(world.app, "DELETE", "sandboxes/world/rules");
    let text = "";
    while (!text.includes("event: rule.deleted")) text += (await reader?.read())?.value ?? "";
    stop.abort();
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(
      ([, data = ""]) => JSON.parse(data) as Record<string, unknown>,
    );
    const find = (kind: string) => events.find((event) => event["kind"] === kind);
    expect(find("rule.added")).toMatchObject({ rule: "rule-1" });
    expect(find("rule.hit")).toMatchObject({
      rule: "rule-1",
      scenario: "fail",
      operation: "createGeneration",
      request: 1,
    });
    expect(find("generation.created")).toMatchObject({
      id,
      label: "hero",
      phase: "queued",
      scenario: { name: "fail" },
    });
    expect(find("waiter.held")).toMatchObject({ generationId: id, waitsFor: "end", label: "hero" });
    expect(find("waiter.released")).toMatchObject({ generationId: id, release: "ended" });
    expect(events.filter(({ kind }) => kind === "request.finished").at(-1)).toMatchObject({
      method: "GET",
      status: 200,
      generations: [id],
      heldAt: expect.any(String) as unknown,
      tookMs: expect.any(Number) as unknown,
    });
    expect(find("request.unassigned")).toMatchObject({ reason: "no-vendor", method: "GET", url: "/nowhere" });
    expect(find("sandbox.created")).toMatchObject({ sandbox: "later" });
    expect(events.every(({ real }) => typeof real === "string")).toBe(true);
  });

  it("of the server reach a sandbox's stream only if it asks for them", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const stop = new AbortController();
    const stream = await fetch(`${origin}/_fauxgen/sandboxes/world/events`, { signal: stop.signal });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await fetch(`${origin}/nowhere`);
    await postGeneration(world);
    let text = "";
    while (!text.includes("request.finished")) text += (await reader?.read())?.value ?? "";
    stop.abort();
    expect(text).not.toContain("request.unassigned");
  });
});
