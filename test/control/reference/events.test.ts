/** Tests the streams of events and of journal entries. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, headersOf, picture, postGeneration, readCredits } from "../../support/acme.ts";
import { control } from "../../support/control.ts";
import { listenOn } from "../../support/socket.ts";

interface Received {
  readonly event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- looked into freely
  readonly data: any;
}

/** Follows an event stream over a real socket, until it has sent `count` events or ends. */
async function follow(url: string) {
  const answer = await fetch(url);
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
  return { event: fields.event, data: JSON.parse(fields.data) as unknown };
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

  it("stops following the sandbox when the client disconnects", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const goAway = new AbortController();
    await fetch(`${origin}/_fauxgen/sandboxes/world/requests/follow`, { signal: goAway.signal });
    expect(world.sandbox.events.isFollowed).toBe(true);
    goAway.abort();
    await expect.poll(() => world.sandbox.events.isFollowed).toBe(false);
  });
});
