/** Tests, over sockets, faults that answer in the handler's place, edit the answer, or close the connection behind it. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, headersOf, postGenerationTo } from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { exchangeRaw, listenOn } from "../../support/socket.ts";

const key = headersOf("world");

const CREDITS = `GET /acme/credits HTTP/1.1
host: localhost:1
authorization: Bearer acme_fx_world_main

`;

async function prepare(fault: unknown, times?: number): Promise<{ world: TestWorld; origin: string }> {
  const world = await buildAcmeWorld();
  const origin = await listenOn(world.app);
  const added = await control(world.app, "POST", "sandboxes/world/rules", { fault, ...(times && { times }) });
  expect(added).toMatchObject({ status: 201 });
  return { world, origin };
}

async function listed(world: TestWorld, what: "requests" | "generations") {
  return (await control(world.app, "GET", `sandboxes/world/${what}`)).body.items;
}

describe("a status or an error after the handler", () => {
  it.each([
    {
      fault: { status: 504, body: "<p>late</p>", headers: { "content-type": "text/html" }, when: "after" },
      status: 504,
    },
    { fault: { error: "internal", when: "after" }, status: 500 },
    { fault: { rateLimit: { retryAfterSeconds: 3 }, when: "after" }, status: 429 },
  ])("makes the job and answers $status", async ({ fault, status }) => {
    const { world, origin } = await prepare(fault);
    const answer = await postGenerationTo(origin, key);
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('"id"');
    expect(await listed(world, "generations")).toHaveLength(1);
    const [entry] = await listed(world, "requests");
    expect(entry).toMatchObject({ status, state: "answered", fault: expect.stringMatching(/\(after\)$/) });
  });
});

it("a rule's own headers win over those of the vendor's error with its status", async () => {
  const date = "Fri, 27 Nov 2099 20:00:00 GMT";
  const { origin } = await prepare({ status: 429, headers: { "retry-after": date } });
  const answer = await fetch(`${origin}/acme/credits`, { headers: key });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, date]);
  expect(await answer.json()).toMatchObject({ code: expect.any(String), message: expect.any(String) });
});

describe("a rate limit whose Retry-After is a date", () => {
  it("names the first whole second that is at least so far away", async () => {
    const { world, origin } = await prepare({ rateLimit: { retryAfterSeconds: 2, retryAfterForm: "date" } });
    await control(world.app, "POST", "sandboxes/world/clock/freeze", {});
    const { now } = (await control(world.app, "GET", "sandboxes/world/clock")).body;
    const answer = await fetch(`${origin}/acme/credits`, { headers: key });
    const until = Date.parse(answer.headers.get("retry-after") ?? "");
    expect(until % 1000).toBe(0);
    expect(until - Date.parse(now)).toBeGreaterThanOrEqual(2000);
    expect(until - Date.parse(now)).toBeLessThan(3000);
  });
});

describe("an edit", () => {
  it("changes status, headers and body of the answer, and the journal has what was sent", async () => {
    const edit = { status: 202, headers: { "x-more": "1" }, add: { future: true } };
    const { world, origin } = await prepare({ edit });
    const answer = await fetch(`${origin}/acme/credits`, { headers: key });
    const text = await answer.text();
    expect([answer.status, answer.headers.get("x-more")]).toEqual([202, "1"]);
    expect(answer.headers.get("content-length")).toBe(String(text.length));
    expect(JSON.parse(text)).toMatchObject({ future: true });
    const [entry] = await listed(world, "requests");
    expect(entry).toMatchObject({ status: 202, fault: "EDIT add, headers, status (after)" });
    expect(entry.response.body).toEqual(JSON.parse(text));
  });
});

describe("a redirect", () => {
  it.each([
    { to: "self", location: "http://localhost:1/acme/credits?moved=1" },
    { to: "other-host", location: "http://127.0.0.1:1/acme/credits?moved=1" },
    { to: "https://elsewhere.test/x", location: "https://elsewhere.test/x" },
  ])("to $to leads to $location", async ({ to, location }) => {
    const { origin } = await prepare({ redirect: { to } });
    const { received } = await exchangeRaw(
      origin,
      CREDITS.replace("authorization", "connection: close\nauthorization"),
    );
    expect(received).toMatch(/^HTTP\/1\.1 302 /);
    expect(received).toContain(`location: ${location}\r\n`);
  });
});

describe("CLOSE_AFTER_ANSWER", () => {
  it("sends the whole answer, does not announce the end, and closes the connection", async () => {
    const { world, origin } = await prepare("CLOSE_AFTER_ANSWER");
    const { received, ending } = await exchangeRaw(origin, CREDITS);
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
    expect(received).not.toMatch(/connection: close/i);
    expect(received).toMatch(/\}$/);
    expect(ending).toBe("FIN");
    expect(await listed(world, "requests")).toMatchObject([{ state: "answered", status: 200 }]);
  });
});

describe("IGNORE_RANGE", () => {
  it("answers a request for a part with the whole file", async () => {
    const { world, origin } = await prepare("IGNORE_RANGE", 1);
    await postGenerationTo(origin, key);
    await control(world.app, "POST", "sandboxes/world/rules", { fault: "IGNORE_RANGE", times: 1 });
    const [{ id }] = await listed(world, "generations");
    await control(world.app, "POST", `sandboxes/world/generations/${id}/finish`, {});
    const [{ outputs }] = await listed(world, "generations");
    const file = `${origin}${new URL(outputs[0].url).pathname}`;
    const first = await fetch(file, { headers: { range: "bytes=10-19" } });
    const second = await fetch(file, { headers: { range: "bytes=10-19" } });
    expect([first.status, second.status]).toEqual([200, 206]);
    expect((await first.arrayBuffer()).byteLength).toBeGreaterThan((await second.arrayBuffer()).byteLength);
  });
});
