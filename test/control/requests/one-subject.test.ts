/** Tests that a rule and a verification with the same match agree, and that what was not kept is "cannot tell". */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  buildAcmeWorld,
  createGeneration,
  get,
  headersOf,
  picture,
  postGeneration,
  readCredits,
} from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { openRaw } from "../../support/raw.ts";
import { listenOn } from "../../support/socket.ts";

const verify = async (world: TestWorld, body: object) =>
  control(world.app, "POST", "sandboxes/world/requests/verify", body);

/** Sends a request whose target is written exactly so, and returns the status line. */
async function sendTarget(world: TestWorld, target: string, headers: Record<string, string> = {}): Promise<string> {
  const origin = world.app.server.listening ? world.app.listeningOrigin : await listenOn(world.app);
  const all = { host: "acme.test", connection: "close", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const { closed } = await openRaw(origin, `GET ${target} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return (await closed).split("\r\n", 1)[0] ?? "";
}

/** Adds a rule, sends the request, and returns whether the rule and a verification matched it. */
async function judge(world: TestWorld, when: object, send: () => Promise<unknown>): Promise<[boolean, boolean]> {
  const added = await control(world.app, "POST", "sandboxes/world/rules", { when, fault: { latency: "0s" } });
  expect(added.status).toBe(201);
  await send();
  const { body: rule } = await control(world.app, "GET", `sandboxes/world/rules/${added.body.id}`);
  const { status } = await verify(world, when);
  return [rule.hits > 0, status === 200];
}

describe("the path of a request", () => {
  it.each([
    ["/acme/credits"],
    ["/acme/credits/"],
    ["/acme/cr%65dits"],
    ["http://api.acme.test/acme/credits"],
    ["HTTPS://api.acme.test/acme/credits?x=1"],
  ])("is matched by a rule and a verification alike if the target is %s", async (target) => {
    const world = await buildAcmeWorld();
    for (const path of ["/acme/credits", "/acme/credits/", "/acme/*", { $eq: "/acme/credits" }]) {
      const sent = () => sendTarget(world, target, headersOf("world"));
      expect(await judge(world, { path }, sent)).toEqual([true, true]);
    }
    const listed = await control(world.app, "GET", "sandboxes/world/requests?path=/acme/credits/");
    expect(listed.body.items[0]).toMatchObject({ path: "/acme/credits" });
  });

  it("reaches media by an absolute target", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    await world.advance("1h");
    const line = await sendTarget(world, `http://api.acme.test/_media/world/acme/${id}.jpg`);
    expect(line).toBe("HTTP/1.1 200 OK");
  });
});

describe("the query of a request", () => {
  it.each([
    [{ wait: "false" }, true],
    [{ wait: false }, true],
    [{ wait: true }, false],
    [{ timeout: { $gt: 10 } }, true],
    [{ timeout: "30" }, true],
    [{ timeout: { $regex: "^3" } }, true],
    [{ "status[]": ["A", "B"] }, true],
    [{ "status[]": { $contains: "B" } }, true],
    [{ "status[]": "A" }, false],
    [{ other: { $exists: false } }, true],
  ])("is matched by %j: %s", async (query, matches) => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    const send = () => get(world, `/acme/jobs/${id}?wait=false&timeout=30&status[]=A&status[]=B`);
    expect(await judge(world, { method: "GET", query }, send)).toEqual([matches, matches]);
  });

  it("is shown as the vendor reads it, without secrets, and is named when it differs", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    await get(world, `/acme/jobs/${id}?wait=false&api_key=sk-1234567890abcdef`);
    const { body } = await control(world.app, "GET", "sandboxes/world/requests?method=GET");
    expect(body.items[0].query).toEqual({ wait: false, api_key: "sk-1…ef" });
    const missed = await verify(world, { query: { wait: true } });
    expect(missed.body.detail).toContain('query.wait is "false", expected true');
    expect(JSON.stringify(missed.body)).not.toContain("567890abc");
  });
});

describe("the label of a request", () => {
  it("is that of its body or of its generation, for a rule and a verification alike", async () => {
    const world = await buildAcmeWorld();
    const body = { prompt: "fauxgen:label=hero a lighthouse" };
    const id = await createGeneration(world, body);
    expect(await judge(world, { label: "hero", method: "GET" }, () => get(world, `/acme/jobs/${id}`))).toEqual([
      true,
      true,
    ]);
    const refused = { ...body, count: "many" };
    expect(
      await judge(world, { label: "hero", body: { count: "many" } }, () => postGeneration(world, refused)),
    ).toEqual([true, true]);
  });

  it("finds a request for a generation that a rule answered", async () => {
    const world = await buildAcmeWorld();
    const generation = await createGeneration(world);
    await control(world.app, "POST", "sandboxes/world/rules", { when: { generation }, fault: { status: 503 } });
    await get(world, `/acme/jobs/${generation}`);
    expect((await verify(world, { generation, status: 503 })).status).toBe(200);
  });
});

describe("a body over the journal's limit", () => {
  const prompt = "é".repeat(40_000);
  const sha256 = createHash("sha256").update(prompt).digest("hex");

  it.each([
    [{ prompt }, true],
    [{ prompt: `${prompt}!` }, false],
    [{ prompt: { $length: 40_000 }, model: "brush" }, true],
    [{ prompt: { $sha256: sha256 } }, true],
    [{ model: "pencil" }, false],
  ])("is matched by a rule and a verification alike", async (body, matches) => {
    const world = await buildAcmeWorld();
    expect(await judge(world, { body }, () => postGeneration(world, { model: "brush", prompt }))).toEqual([
      matches,
      matches,
    ]);
  });

  it("leaves a pattern on the shortened string undecided", async () => {
    const world = await buildAcmeWorld();
    await postGeneration(world, { model: "brush", prompt });
    const wanted = { operation: "createGeneration", body: { prompt: { $regex: "cat$" } } };
    for (const count of ["never", { atMost: 0 }, { exactly: 1 }, { atLeast: 1 }]) {
      const { status, body } = await verify(world, { ...wanted, count });
      expect({ status, code: body.code, undecided: body.undecided }).toEqual({
        status: 422,
        code: "cannot-tell",
        undecided: [1],
      });
      expect(body.detail).toContain("only the beginning, the length and the hash of body.prompt were kept");
    }
    expect((await verify(world, { ...wanted, count: { atMost: 1 } })).status).toBe(200);
    expect((await verify(world, { ...wanted, body: { model: "pencil" }, count: "never" })).status).toBe(200);
  });

  it("that is still too large is not kept, and every match of it is undecided", async () => {
    const world = await buildAcmeWorld();
    const parts = Array.from({ length: 20_000 }, (_, index) => `part ${index}`);
    await postGeneration(world, { ...picture, parts });
    const { body } = await verify(world, { body: picture, count: "never" });
    expect(body).toMatchObject({ code: "cannot-tell", undecided: [1] });
    expect(body.detail).toContain("was too large to keep");
    expect((await verify(world, { operation: "createGeneration", count: 1 })).status).toBe(200);
    const steps = await control(world.app, "POST", "sandboxes/world/requests/sequence", { steps: [{ body: picture }] });
    expect(steps.body.code).toBe("cannot-tell");
  });
});

describe("the body of a refused request", () => {
  const wanted = { body: picture };

  it.each([
    [401, "revoked", JSON.stringify(picture)],
    [429, "limited", JSON.stringify(picture)],
  ])("is compared after a %d, which is sent before the body is read", async (status, account, payload) => {
    const world = await buildAcmeWorld();
    if (status === 429) for (let sent = 0; sent < 60; sent += 1) await readCredits(world, { account });
    const headers = { ...headersOf("world", account), "content-type": "application/json" };
    const refused = await world.app.inject({ method: "POST", url: "/acme/jobs", headers, payload });
    expect(refused.statusCode).toBe(status);
    expect(await verify(world, { ...wanted, count: "never" })).toMatchObject({ status: 422, body: { count: 1 } });
    expect((await verify(world, { body: { prompt: "a boat" }, count: "never" })).status).toBe(200);
  });

  it.each([
    ["is packed in an unknown way", { "content-encoding": "lzma" }, JSON.stringify(picture)],
    ["is of another content type", { "content-type": "application/vnd.api+json" }, JSON.stringify(picture)],
    ["is not UTF-8", {}, Buffer.from(JSON.stringify({ prompt: "é" }), "latin1")],
    ["is too large", {}, JSON.stringify({ prompt: "x".repeat(2 * 1024 * 1024) })],
  ])("is undecided if it %s", async (_what, extra, payload) => {
    const world = await buildAcmeWorld();
    const headers = { ...headersOf("world"), "content-type": "application/json", ...extra };
    await world.app.inject({ method: "POST", url: "/acme/jobs", headers, payload });
    const { status, body } = await verify(world, { ...wanted, count: "never" });
    expect([status, body.code]).toEqual([422, "cannot-tell"]);
    expect(body.detail).toMatch(/its body of \d+ bytes was (?:not read \(BODY_NOT_READ\)|too large to keep)/);
    expect((await verify(world, { path: "/acme/jobs", count: 1 })).status).toBe(200);
  });
});

it.each([
  ["text/plain", JSON.stringify(picture), "BODY_NOT_READ"],
  ["application/json", '{"prompt":"a lighthouse",}', "REQUEST_INVALID"],
])("a body that was read only as text is named so, for %s", async (contentType, payload, code) => {
  const world = await buildAcmeWorld();
  const headers = { ...headersOf("world"), "content-type": contentType };
  await world.app.inject({ method: "POST", url: "/acme/jobs", headers, payload });
  expect((await verify(world, { body: picture })).body.detail).toContain(
    `its body was not read as JSON (${code}); it is the text "{`,
  );
});

it("a number is matched however it is written", async () => {
  const world = await buildAcmeWorld();
  const headers = { ...headersOf("world"), "content-type": "application/json" };
  const payload = '{"prompt":"a lighthouse","seed":-0,"scale":5.0,"steps":1E2}';
  const send = () => world.app.inject({ method: "POST", url: "/acme/jobs", headers, payload });
  for (const body of [{ seed: 0 }, { seed: { $eq: 0 } }, { seed: { $in: [0] } }, { scale: 5 }, { steps: 100 }])
    expect(await judge(world, { body }, send)).toEqual([true, true]);
});

describe("requests that the journal dropped", () => {
  async function worldThatDropped(): Promise<TestWorld> {
    const world = await buildAcmeWorld({ journalEntries: 1 });
    await readCredits(world);
    await readCredits(world, { account: "other" });
    await postGeneration(world);
    return world;
  }

  it("make a verification that they could decide undecided", async () => {
    const world = await worldThatDropped();
    const { status, body } = await verify(world, { operation: "getCredits", count: "never" });
    expect({ status, body }).toMatchObject({ status: 422, body: { code: "cannot-tell", undecidedDropped: 2 } });
    expect(body.detail).toContain("2 requests that the journal dropped");
    expect(
      (await verify(world, { path: "/acme/credits", account: "other", count: "never" })).body.undecidedDropped,
    ).toBe(1);
    expect((await verify(world, { operation: "getCredits", count: { atLeast: 1 } })).body.code).toBe("cannot-tell");
  });

  it.each([
    [{ operation: "createGeneration", count: 1 }],
    [{ method: "DELETE", count: "never" }],
    [{ path: "/acme/jobs", count: 1 }],
    [{ operation: "getCredits", status: 429, count: "never" }],
    [{ operation: "getCredits", account: "free", count: "never" }],
  ])("do not matter to %j, which none of them could match", async (wanted) => {
    const world = await worldThatDropped();
    expect((await verify(world, wanted)).status).toBe(200);
  });
});
