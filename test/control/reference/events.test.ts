/** Tests the streams of events and of journal entries. */
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, headersOf, picture, postGeneration, readCredits } from "../../support/acme.ts";
import { control } from "../../support/control.ts";
import { listenOn } from "../../support/socket.ts";

interface Received {
  readonly id: string | undefined;
  readonly event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- looked into freely
  readonly data: any;
}

/** Follows an event stream over a real socket, until it has sent `count` events or ends. */
async function follow(url: string, options: RequestInit = {}) {
  const answer = await fetch(url, options);
  expect(answer.headers.get("content-type")).toContain("text/event-stream");
  const reader = answer.body?.getReader();
  let text = "";
  return {
    next: async (count: number): Promise<Received[]> => {
      for (;;) {
        const blocks = text
          .split("\n\n")
          .slice(0, -1)
          .filter((block) => !block.startsWith(":"));
        if (blocks.length >= count) return blocks.map(parse);
        const part = await reader?.read();
        if (part?.done !== false) return blocks.map(parse);
        text += new TextDecoder().decode(part.value);
      }
    },
  };
}

function parse(block: string): Received {
  const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
  return { id: fields.id, event: fields.event, data: JSON.parse(fields.data) as unknown };
}

describe("the event stream", () => {
  it("sends requests, generations, clock changes and resets as they happen, and ends with the sandbox", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const stream = await follow(`${origin}/_fauxgen/sandboxes/world/events`);
    await postGeneration(world);
    await world.advance("2s");
    await control(world.app, "POST", "sandboxes/world/reset");
    await control(world.app, "DELETE", "sandboxes/world");
    const events = await stream.next(1000);
    expect(events.map(({ event, data }) => (data.to === undefined ? event : `${event} ${data.to}`))).toEqual([
      "request.arrived",
      "generation.created",
      "request.finished",
      "generation.transition processing",
      "generation.transition succeeded",
      "clock.moved",
      "sandbox.reset",
    ]);
    expect(events[0]?.data).toMatchObject({ sandbox: "world", kind: "request.arrived", operation: "createGeneration" });
  });

  it("sends only the wanted kinds of events", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const stream = await follow(`${origin}/_fauxgen/sandboxes/world/events?kinds=generation.,sandbox.reset`);
    await postGeneration(world);
    await control(world.app, "POST", "sandboxes/world/reset");
    expect((await stream.next(2)).map(({ event }) => event)).toEqual(["generation.created", "sandbox.reset"]);
  });

  it("of the server sends events of all sandboxes, later ones included, until the server ends", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const stream = await follow(`${origin}/_fauxgen/events?kinds=request.finished`);
    for (const sandbox of ["world", "made-later"]) {
      await fetch(`${origin}/acme/credits`, { headers: headersOf(sandbox) });
    }
    expect((await stream.next(2)).map(({ data }) => data.sandbox)).toEqual(["world", "made-later"]);
    await world.app.close();
    expect(await stream.next(3)).toHaveLength(2);
  });
});

describe("the stream of the journal", () => {
  it("sends each request in full when it arrives and when it ends", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const stream = await follow(`${origin}/_fauxgen/sandboxes/world/requests/follow?operation=createGeneration`);
    await readCredits(world);
    await postGeneration(world);
    const [arrived, finished] = await stream.next(2);
    expect(arrived).toMatchObject({ event: "request.arrived", data: { id: 2, state: "arrived" } });
    expect(finished).toMatchObject({
      event: "request.finished",
      data: { id: 2, status: 201, request: { body: picture } },
    });
  });

  it("gives its place to another reader when the client disconnects", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const goAway = new AbortController();
    await fetch(`${origin}/_fauxgen/sandboxes/world/requests/follow`, { signal: goAway.signal });
    expect(world.app.httpContext.followers.count).toBe(1);
    goAway.abort();
    await expect.poll(() => world.app.httpContext.followers.count).toBe(0);
  });
});

describe("a stream's reader that comes back with Last-Event-ID", () => {
  it.each(["events", "sandboxes/world/events", "sandboxes/world/requests/follow"])(
    "gets what it missed from %s",
    async (path) => {
      const world = await buildAcmeWorld();
      const origin = await listenOn(world.app);
      const goAway = new AbortController();
      const first = await follow(`${origin}/_fauxgen/${path}`, { signal: goAway.signal });
      await postGeneration(world);
      const seen = await first.next(2);
      goAway.abort();
      await expect.poll(() => world.app.httpContext.followers.count).toBe(0);
      await readCredits(world);
      const again = await follow(`${origin}/_fauxgen/${path}`, { headers: { "last-event-id": seen[0]?.id ?? "" } });
      const missed = await again.next(seen.length + 1);
      expect(missed.map(({ id }) => id)).toEqual(expect.arrayContaining(seen.slice(1).map(({ id }) => id)));
      expect(missed[0]?.id).toBe(seen[1]?.id);
      expect(missed.at(-1)?.event).toMatch(/^request\./);
    },
  );

  it("is told first that events may be lost if the server does not know the id", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const stream = await follow(`${origin}/_fauxgen/sandboxes/world/events`, { headers: { "last-event-id": "old-7" } });
    const [told] = await stream.next(1);
    expect(told).toMatchObject({ event: "events.lost", data: { kind: "events.lost", after: "old-7" } });
    expect(told?.id).toBeUndefined();
  });
});

describe("an event stream's connection", () => {
  it.each([
    ["close", "close"],
    ["keep-alive", "keep-alive"],
  ])("is %s if the client asks for that, and no proxy collects its events", async (asked, answered) => {
    const world = await buildAcmeWorld();
    const { port } = new URL(await listenOn(world.app));
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`GET /_fauxgen/sandboxes/world/events HTTP/1.1\r\nhost: localhost\r\nconnection: ${asked}\r\n\r\n`);
    let head = "";
    for await (const part of socket) {
      head += String(part);
      if (head.includes("\r\n\r\n")) break;
    }
    const headers = head.toLowerCase().split("\r\n");
    expect(headers.filter((line) => line.startsWith("connection:"))).toEqual([`connection: ${answered}`]);
    expect(headers).toEqual(expect.arrayContaining(["x-accel-buffering: no", "cache-control: no-cache"]));
  });
});
