/** Tests each handle of the library against a real server. */
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import {
  connectFauxgen,
  FauxgenError,
  startFauxgen,
  type Advanced,
  type Fauxgen,
  type Generation,
  type SandboxHandle,
  type VendorAccesses,
} from "../../src/index.ts";
import { vendorNames } from "../../src/client/vendor-names.ts";
import { vendors } from "../../src/vendors/index.ts";
import { sync } from "../../src/vendors/sync/index.ts";
import { vivix } from "../../src/vendors/vivix/index.ts";
import { folderOf } from "../support/folder.ts";
import { keyHeaders } from "../support/app.ts";
import { postGenerationTo as postVideoTo } from "../support/sync.ts";
import { image, postGenerationTo as postImageTo } from "../support/vivix.ts";

let fauxgen: Fauxgen;
let count = 0;

beforeAll(async () => {
  fauxgen = await startFauxgen({ logLevel: "error" });
});
afterAll(async () => {
  await fauxgen.close();
});

/** Creates a sandbox for one test, with a frozen clock. */
async function frozenSandbox(): Promise<SandboxHandle> {
  count += 1;
  const sandbox = await fauxgen.sandbox(`library-${count}`, { clock: { mode: "frozen" } });
  onTestFinished(() => sandbox.dispose());
  return sandbox;
}

/** Creates an image as a client with the given base URL and key. */
const generate = ({ vivix: { baseUrl, apiKey } }: Pick<VendorAccesses, "vivix">, prompt = image.prompt) =>
  postImageTo(baseUrl, keyHeaders(vivix, apiKey), { ...image, prompt });

/** Creates a video at sync, and returns its id. */
async function lipSync({ sync: { baseUrl, apiKey } }: Pick<VendorAccesses, "sync">): Promise<string> {
  const answer = await postVideoTo(baseUrl, keyHeaders(sync, apiKey));
  return ((await answer.json()) as { id: string }).id;
}

async function freePort(): Promise<number> {
  const place = createServer();
  place.listen(0, "127.0.0.1");
  await once(place, "listening");
  const { port } = place.address() as AddressInfo;
  place.close();
  await once(place, "close");
  return port;
}

/** Repeats an action until the awaited promise has settled, and returns its result. */
async function untilSettled<Result>(awaited: Promise<Result>, act: () => Promise<unknown>): Promise<Result> {
  let isSettled = false;
  void awaited.finally(() => (isSettled = true));
  while (!isSettled) await act();
  return awaited;
}

async function statusOf({ vivix: { baseUrl, apiKey } }: Pick<VendorAccesses, "vivix">, id: string): Promise<unknown> {
  const answer = await fetch(`${baseUrl}/api/v1/generations/${id}`, { headers: keyHeaders(vivix, apiKey) });
  return ((await answer.json()) as { status: unknown }).status;
}

describe("a sandbox handle", () => {
  it("has a name for every vendor in the library's types", () => {
    expect(vendors.map(({ name }) => name)).toEqual(vendorNames);
  });

  it("has the base URL, key, webhook secret and environment of each vendor", async () => {
    const sandbox = await frozenSandbox();
    for (const vendor of vendors) {
      const name = vendorNames.find((known) => known === vendor.name);
      if (name === undefined) throw new Error(`The library does not name ${vendor.name}.`);
      const key = vendor.keyFrom(`fx_${sandbox.name}_main`);
      expect(sandbox[name]).toEqual({
        baseUrl: fauxgen.url,
        apiKey: key,
        webhookSecret: vendor.webhooks?.defaultSecret ?? null,
        env: vendor.environment(fauxgen.url, key),
      });
    }
  });

  it("keeps the settings of an existing sandbox unless it gets new ones", async () => {
    const { name } = await frozenSandbox();
    expect((await (await fauxgen.sandbox(name)).clock.read()).mode).toBe("frozen");
    const sandbox = await fauxgen.sandbox(name, { scenario: "fail" });
    expect((await sandbox.read()).document).toEqual({ scenario: "fail" });
    expect(await fauxgen.sandboxes()).toContain(name);
  });

  it("sets, advances, freezes and resumes the clock", async () => {
    const { clock } = await frozenSandbox();
    await clock.set("2030-01-01T00:00:00Z");
    expect(await clock.now()).toEqual(new Date("2030-01-01T00:00:00Z"));
    const advanced = await clock.advance("90s");
    expectTypeOf(advanced).toEqualTypeOf<Advanced>();
    expect(advanced).toMatchObject({ now: "2030-01-01T00:01:30.000Z", fired: [], unsettled: [] });
    await clock.advance({ to: new Date("2030-01-01T01:00:00Z") });
    expect(await clock.speed(60)).toMatchObject({ mode: "running", rate: 60 });
    expect(await clock.freeze()).toMatchObject({ mode: "frozen" });
    expect(await clock.resume(1)).toMatchObject({ mode: "running", rate: 1 });
    await expect(clock.set(new Date(0))).rejects.toMatchObject({ code: "clock-backwards", status: 409 });
  });

  it("returns the jobs of an app one after the other with generations.next", async () => {
    const sandbox = await frozenSandbox();
    await generate(sandbox, "first");
    const first = await sandbox.generations.next({ vendor: "vivix" });
    expectTypeOf(first).toEqualTypeOf<Generation>();
    const coming = sandbox.generations.next({ vendor: "vivix" }, { within: "10s" });
    await generate(sandbox, "second");
    const second = await coming;
    expect(second.id).not.toBe(first.id);
    await expect(sandbox.generations.next({}, { within: 1 })).rejects.toMatchObject({ code: "not-reached" });
    expect((await sandbox.generations.list()).map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  it("holds, releases, finishes and fails a job of any origin", async () => {
    const sandbox = await frozenSandbox();
    const made = await sandbox.generations.create({ vendor: "vivix", phase: "processing" });
    expect(await statusOf(sandbox, made.id)).toBe("processing");
    await sandbox.generations.hold(made.id);
    await sandbox.clock.advance("1h");
    expect(await statusOf(sandbox, made.id)).toBe("processing");
    await sandbox.generations.setProgress(made.id, 40);
    expect(await sandbox.generations.get(made.id)).toMatchObject({ phase: "processing", progress: 40 });
    await sandbox.generations.release(made.id);
    await sandbox.generations.finish(made.id);
    expect(await statusOf(sandbox, made.id)).toBe("completed");
    const failing = await sandbox.generations.create({ vendor: "vivix" });
    const [code] = vendors.find(({ name }) => name === "vivix")?.failureCodes ?? [];
    await sandbox.generations.fail(failing.id, { code: code ?? "" });
    expect(await sandbox.generations.get(failing.id)).toMatchObject({ phase: "failed", failure: { code } });
    const attempt = sandbox.generations.cancel(await lipSync(sandbox));
    await expect(attempt).rejects.toMatchObject({ code: "not-expressible" });
  });

  it("waits for a held client with waiters.atLeast, and answers it by an advance", async () => {
    const sandbox = await frozenSandbox();
    const id = await lipSync(sandbox);
    const { baseUrl, apiKey } = sandbox.sync;
    const held = fetch(`${baseUrl}/v2/generate/${id}?wait=true`, { headers: { "x-api-key": apiKey } });
    const [waiter] = await sandbox.waiters.atLeast(1, { vendor: "sync" });
    expect(waiter).toMatchObject({ kind: "end", generation: id });
    await sandbox.clock.advance("5s");
    expect(await (await held).json()).toMatchObject({ id, status: "COMPLETED" });
    expect(await sandbox.waiters.list()).toEqual([]);
  });

  it("applies rules to requests, and counts their hits", async () => {
    const sandbox = await frozenSandbox();
    const rule = await sandbox.rules.add({ when: { vendor: "vivix" }, scenario: "fail", times: 1 });
    await generate(sandbox);
    await generate(sandbox);
    await sandbox.clock.advance("10s");
    expect((await sandbox.generations.list()).map(({ phase }) => phase)).toEqual(["failed", "succeeded"]);
    expect(await sandbox.rules.get(rule.id)).toMatchObject({ hits: 1, remaining: 0 });
    await sandbox.rules.clear();
    expect(await sandbox.rules.list()).toEqual([]);
    await expect(sandbox.rules.add({ scenario: "fial" })).rejects.toThrow("Did you mean fail");
  });

  it("lists, verifies and clears the requests of clients", async () => {
    const sandbox = await frozenSandbox();
    const asked = sandbox.requests.next({ operation: "createGeneration" }, { within: "10s" });
    await generate(sandbox);
    expect(await asked).toMatchObject({ vendor: "vivix", account: "main", method: "POST" });
    expect(await sandbox.requests.list({ status: 201 })).toHaveLength(1);
    const created = { vendor: "vivix", operation: "createGeneration" } as const;
    expect(await sandbox.requests.verify({ ...created, count: { exactly: 1 } })).toEqual({ count: 1, evicted: 0 });
    await expect(sandbox.requests.verify({ ...created, count: { atLeast: 2 } })).rejects.toMatchObject({
      code: "not-verified",
      status: 422,
    });
    expect(await sandbox.requests.sequence([created])).toMatchObject({ requests: [expect.any(Number)] });
    await sandbox.requests.clear();
    expect(await sandbox.requests.list()).toEqual([]);
  });

  it("collects webhooks instead of sending them in the mode collect", async () => {
    const sandbox = await frozenSandbox();
    await sandbox.webhooks.mode("collect");
    const endpoint = await sandbox.webhooks.endpoints.add({ vendor: "vivix", url: "https://app.test/hook" });
    expect(await sandbox.webhooks.endpoints.list({ vendor: "vivix" })).toEqual([endpoint]);
    await generate(sandbox);
    await sandbox.clock.advance("10s");
    const delivery = await sandbox.webhooks.deliveries.next({ vendor: "vivix" });
    expect(delivery).toMatchObject({ status: "collected", url: "https://app.test/hook" });
    expect(JSON.parse(delivery.request.body)).toMatchObject({ generation_id: delivery.subject, status: "completed" });
    await sandbox.webhooks.endpoints.remove(endpoint.id);
    expect(await sandbox.webhooks.endpoints.list()).toEqual([]);
  });

  it("changes the state and the keys of an account", async () => {
    const sandbox = await frozenSandbox();
    const broke = await sandbox.account("broke");
    expect((await generate(broke)).status).toBe(402);
    await broke.update({ vivix: { granted: 1_000_000 } });
    expect((await generate(broke)).status).toBe(201);
    const key = `vvx_live_${sandbox.name}`;
    await broke.registerKey(key, { vendor: "vivix" });
    expect((await generate({ vivix: { ...broke.vivix, apiKey: key } })).status).toBe(201);
    await broke.revokeKey(key);
    expect((await generate({ vivix: { ...broke.vivix, apiKey: key } })).status).toBe(401);
    expect((await broke.read()).vendors["vivix"]?.state).toMatchObject({ granted: 1_000_000 });
  });

  it("streams events as they happen, until the signal is aborted", async () => {
    const sandbox = await frozenSandbox();
    const following = new AbortController();
    const events = sandbox.events({ kinds: ["generation."], signal: following.signal });
    const first = events.next();
    // Creates generations until an event arrives, because the stream may open later than the first create.
    const made = await untilSettled(first, () => sandbox.generations.create({ vendor: "vivix" }));
    expect(made.value).toMatchObject({ sandbox: sandbox.name, kind: "generation.created", vendor: "vivix" });
    following.abort();
    expect(await events.next()).toMatchObject({ done: true });
  });

  it("gives the same ids again after a reset", async () => {
    const sandbox = await frozenSandbox();
    await generate(sandbox);
    const before = await sandbox.generations.next();
    await sandbox.reset();
    expect(await sandbox.generations.list()).toEqual([]);
    await generate(sandbox);
    expect((await sandbox.generations.next()).id).toBe(before.id);
  });

  it("adds, lists, applies and removes scenarios of the sandbox", async () => {
    const sandbox = await frozenSandbox();
    await sandbox.scenarios.put("out-of-paper", {
      extends: "fail",
      message: "No paper.",
      phases: { processing: "1h" },
    });
    expect((await sandbox.scenarios.list()).map(({ name }) => name)).toContain("out-of-paper");
    expect(await sandbox.scenarios.get("out-of-paper")).toMatchObject({ origin: "sandbox", vendors: vendorNames });
    await generate(sandbox, "fauxgen:out-of-paper a lighthouse");
    await sandbox.clock.advance("2h");
    expect(await sandbox.generations.next()).toMatchObject({ phase: "failed", failure: { message: "No paper." } });
    await sandbox.scenarios.remove("out-of-paper");
    await expect(sandbox.scenarios.get("out-of-paper")).rejects.toMatchObject({ code: "no-such-scenario" });
  });

  it("saves a sandbox, and restores it with the same generations on another server", async () => {
    const sandbox = await frozenSandbox();
    await generate(sandbox);
    const bundle = await sandbox.bundle.save();
    const made = await sandbox.generations.next();
    await using elsewhere = await startFauxgen({ logLevel: "error" });
    const restored = await elsewhere.restore(bundle);
    expect(await restored.generations.next()).toEqual(made);
    await restored.generations.finish(made.id);
    await restored.bundle.restore(bundle);
    expect(await restored.generations.next()).toEqual(made);
  });

  it("accepts only existing names of vendors, operations, methods and faults in its types", () => {
    type Verify = Parameters<SandboxHandle["requests"]["verify"]>[0];
    expectTypeOf({ vendor: "vivix", operation: "createGeneration", method: "POST" } as const).toExtend<Verify>();
    expectTypeOf({ operation: "createGeneratoin" } as const).not.toExtend<Verify>();
    expectTypeOf({ vendor: "vivx" } as const).not.toExtend<Verify>();
    expectTypeOf({ method: "PSOT" } as const).not.toExtend<Verify>();
    type Rule = Parameters<SandboxHandle["rules"]["add"]>[0];
    expectTypeOf({ when: { operation: "getGeneration" }, fault: "EMPTY_RESPONSE" } as const).toExtend<Rule>();
    expectTypeOf({ when: { operation: "getGenerations" }, fault: "EMPTY_RESPONSE" } as const).not.toExtend<Rule>();
    expectTypeOf({ fault: "EMPTY_RESPONS" } as const).not.toExtend<Rule>();
    type Settings = NonNullable<Parameters<Fauxgen["sandbox"]>[1]>;
    expectTypeOf({ timing: "instnat" } as const).not.toExtend<Settings>();
  });

  it("deletes its sandbox when it is disposed of, and may be disposed of twice", async () => {
    const sandbox = await fauxgen.sandbox("dropped");
    {
      await using again = await fauxgen.sandbox("dropped");
      expect(again.name).toBe(sandbox.name);
    }
    expect(await fauxgen.sandboxes()).not.toContain("dropped");
    await sandbox.dispose();
  });
});

describe("a server", () => {
  it("lists the requests that belong to no sandbox", async () => {
    await fetch(`${fauxgen.url}/api/v1/credits?from=nobody`);
    const unassigned = await fauxgen.unassignedRequests();
    expect(unassigned.at(-1)).toMatchObject({ reason: "no-sandbox", request: { url: "/api/v1/credits?from=nobody" } });
  });
});

describe("connectFauxgen", () => {
  it("uses a running server, and leaves it running on close", async () => {
    const connected = await connectFauxgen(`${fauxgen.url}/`);
    expect(connected.url).toBe(fauxgen.url);
    await connected.close();
    expect(await fauxgen.health()).toMatchObject({ status: "ok" });
  });

  it("waits for a server that is still starting", async () => {
    const port = await freePort();
    const connecting = connectFauxgen(`http://127.0.0.1:${port}`, { within: "10s" });
    await using late = await startFauxgen({ port });
    expect((await connecting).url).toBe(late.url);
  });

  it("rejects with the URL and the reason if no server answers", async () => {
    const port = await freePort();
    const attempt = connectFauxgen(`http://127.0.0.1:${port}`, { within: 0 });
    await expect(attempt).rejects.toBeInstanceOf(FauxgenError);
    await expect(attempt).rejects.toThrow(
      `No fauxgen server answers at http://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
  });

  it("sends the control token that a guarded server requires", async () => {
    await using guarded = await startFauxgen({ control: "token", controlToken: "secret" });
    await guarded.sandbox("a");
    const stranger = await connectFauxgen(guarded.url);
    await expect(stranger.sandbox("a")).rejects.toMatchObject({ status: 401, code: "unauthorized" });
    const holder = await connectFauxgen(guarded.url, { token: "secret" });
    expect((await holder.sandbox("a")).name).toBe("a");
  });
});

describe("startFauxgen", () => {
  it("names an invalid setting in its error", async () => {
    await expect(startFauxgen({ port: 70_000 })).rejects.toThrow("port: write a whole number from 0 to 65535");
  });

  it("refuses a mistyped default scenario, and accepts a scenario of the fixtures folder", async () => {
    const fixtures = folderOf({ "scenarios/out-of-toner.json": "{}" });
    const attempt = startFauxgen({ fixtures, scenario: "out-of-tonre" });
    await expect(attempt).rejects.toThrow('scenario: no scenario "out-of-tonre". Did you mean out-of-toner?');
    await using fauxgen = await startFauxgen({ fixtures, scenario: "out-of-toner" });
    expect(await fauxgen.sandboxes()).toEqual(["default"]);
  });

  it("answers held requests when its server is closed", async () => {
    const server = await startFauxgen();
    const sandbox = await server.sandbox("held", { clock: { mode: "frozen" } });
    const id = await lipSync(sandbox);
    const held = fetch(`${server.url}/v2/generate/${id}?wait=true`, { headers: { "x-api-key": sandbox.sync.apiKey } });
    await sandbox.waiters.atLeast(1);
    const began = performance.now();
    await Promise.all([server.close(), server.close()]);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(await (await held).json()).toMatchObject({ id, status: "PENDING" });
  });
});

describe("the template", () => {
  it("is set for every sandbox, read and cleared", async () => {
    onTestFinished(() => fauxgen.template.clear());
    const before = await frozenSandbox();
    const jpg = Uint8Array.from([0xff, 0xd8, 0xff, 0x01]);
    const set = await fauxgen.template.set({
      scenarios: { "of-all": { extends: "fail", message: "It is everywhere." } },
      rules: [{ when: { vendor: "vivix" }, scenario: "of-all" }],
      media: { "image.jpg": jpg },
    });
    expect(set).toMatchObject({ isSent: true, media: [{ name: "image.jpg", sizeBytes: 4 }] });
    expect(await fauxgen.template.get()).toEqual(set);
    for (const sandbox of [before, await frozenSandbox()])
      expect(await sandbox.rules.list()).toMatchObject([{ scenario: "of-all" }]);
    await fauxgen.template.clear();
    expect(await before.rules.list()).toEqual([]);
    await expect(fauxgen.template.set({ rules: [{ scenario: "of-al" }] })).rejects.toMatchObject({
      code: "invalid-request",
    });
  });
});
