/** Tests that neither a reset nor parallel work in one sandbox affects another sandbox. */
import { describe, expect, it } from "vitest";
import { buildAcmeApp, buildAcmeWorld, headersOf, picture, postGenerationTo } from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { listenOn } from "../../support/socket.ts";

/** Returns everything that control shows of a sandbox, except the number of resets and real times. */
async function everythingOf(world: Pick<TestWorld, "app">, name: string) {
  const parts = [
    "",
    "/accounts",
    "/clock",
    "/generations",
    "/requests",
    "/rules",
    "/scenarios",
    "/waiters",
    "/webhooks/deliveries",
    "/webhooks/endpoints",
  ];
  const shown: Record<string, unknown> = {};
  for (const part of parts) {
    const answer = await control(world.app, "GET", `sandboxes/${name}${part}`);
    expect({ part, status: answer.status }).toEqual({ part, status: 200 });
    const { epoch: _epoch, ...rest } = answer.body;
    shown[part] = rest;
  }
  return shown;
}

/** Sends requests whose answers depend on ids, credits, rates and the clock. */
async function transcript({ app }: Pick<TestWorld, "app">, name: string) {
  const headers = headersOf(name);
  const answers = [];
  for (let sent = 0; sent < 3; sent += 1) {
    const created = await app.inject({ method: "POST", url: "/acme/jobs", headers, payload: picture });
    await control(app, "POST", `sandboxes/${name}/clock/advance`, { by: "1s" });
    const url = `/acme/jobs/${created.json<{ id: string }>().id}`;
    const read = await app.inject({ method: "GET", url, headers });
    answers.push([
      created.json(),
      created.headers["x-acme-credits"],
      created.headers["x-acme-calls-left"],
      read.json(),
    ]);
  }
  return answers;
}

const document = {
  now: "2026-11-22T10:00:00Z",
  clock: { mode: "frozen" },
  seed: 42,
  rules: [{ scenario: "fail", after: 1, times: 1 }],
  scenarios: { mine: { extends: "stuck" } },
  accounts: { main: { keys: ["literal-of-this-one"], vendors: { acme: { credits: 5000 } } } },
};

describe("a reset sandbox", () => {
  it("looks like a new sandbox to control, and answers requests the same", async () => {
    const fresh = { app: await buildAcmeApp() };
    await control(fresh.app, "PUT", "sandboxes/world", document);
    const expected = await everythingOf(fresh, "world");

    const used = { app: await buildAcmeApp() };
    await control(used.app, "PUT", "sandboxes/world", document);
    await transcript(used, "world");
    await control(used.app, "POST", "sandboxes/world/rules", { fault: { status: 500 }, times: 1 });
    await control(used.app, "PUT", "sandboxes/world/scenarios/theirs", { extends: "fail" });
    await control(used.app, "PUT", "sandboxes/world/accounts/late", { vendors: { acme: { plan: "none" } } });
    await control(used.app, "POST", "sandboxes/world/accounts/main/keys/revoke", { key: "literal-of-this-one" });
    await control(used.app, "POST", "sandboxes/world/generations", {
      vendor: "acme",
      phase: "processing",
      hold: true,
    });
    await control(used.app, "POST", "sandboxes/world/clock/resume", { rate: 60 });
    await control(used.app, "POST", "sandboxes/world/reset");

    expect(await everythingOf(used, "world")).toEqual(expected);
    expect(await transcript(used, "world")).toEqual(await transcript(fresh, "world"));
  });

  it("does not change other sandboxes", async () => {
    const app = await buildAcmeApp();
    for (const name of ["a", "b"]) await control(app, "PUT", `sandboxes/${name}`, { ...document, accounts: {} });
    await transcript({ app }, "a");
    await transcript({ app }, "b");
    const before = await everythingOf({ app }, "b");
    await control(app, "POST", "sandboxes/a/reset");
    await control(app, "DELETE", "sandboxes/a");
    expect(await everythingOf({ app }, "b")).toEqual(before);
  });
});

describe("sixteen workers on one server", () => {
  it("are isolated, even if each changes its clock, rules and generations", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const names = Array.from({ length: 16 }, (_, index) => `w${index}`);
    const call = async (name: string, path: string, body?: object, method = body === undefined ? "GET" : "POST") => {
      const answer = await fetch(`${origin}/_fauxgen/sandboxes/${name}/${path}`, {
        method,
        headers: { "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      expect({ path, status: answer.status }).toMatchObject({ status: answer.status < 300 ? answer.status : 200 });
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- looked into freely
      return (await answer.json()) as any;
    };
    const work = async (name: string, index: number) => {
      await fetch(`${origin}/_fauxgen/sandboxes/${name}`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ clock: { mode: "frozen" }, now: "2026-11-22T10:00:00Z" }),
      });
      await call(name, "rules", index % 2 === 0 ? { scenario: "fail", times: 1 } : { scenario: "stuck", times: 1 });
      const ids: string[] = [];
      for (let made = 0; made <= index % 4; made += 1) {
        const answer = await postGenerationTo(origin, headersOf(name));
        ids.push(((await answer.json()) as { id: string }).id);
        await call(name, "clock/advance", { by: `${index + 1}s` });
      }
      const { items } = await call(name, "generations");
      expect(items.map(({ id }: { id: string }) => id)).toEqual(ids);
      expect(items[0].scenario.name).toBe(index % 2 === 0 ? "fail" : "stuck");
      const { now } = await call(name, "clock");
      expect(Date.parse(now) - Date.UTC(2026, 10, 22, 10)).toBe(ids.length * (index + 1) * 1000);
      expect((await call(name, "requests")).total).toBe(ids.length);
      await call(name, "requests/verify", { operation: "createGeneration", count: ids.length });
      return ids;
    };
    const made = await Promise.all(names.map(work));
    expect(new Set(made.flat()).size).toBe(made.flat().length);
    // A worker's generation is unknown in other sandboxes, to control and to the vendor.
    const [foreign = ""] = made[0] ?? [];
    const answer = await fetch(`${origin}/acme/jobs/${foreign}`, { headers: headersOf("w1") });
    expect(answer.status).toBe(404);
  });
});
