/** Tests the request pipeline: the journal must show exactly the bytes that were sent over the socket. */
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { registerVendor } from "../../../src/http/request/register-vendor.ts";
import { acceptForms, readForm } from "../../../src/http/uploads/forms.ts";
import {
  buildAcmeApp,
  buildAcmeWorld,
  createGeneration,
  get as getAs,
  headersOf,
  madeUpVendors,
  picture,
  post as postAs,
  postGeneration,
  readCredits,
} from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { worldIn, type TestWorld } from "../../support/app.ts";
import { exchangeRaw, listenOn } from "../../support/socket.ts";
import { closedEntry, expectJournaled, listenComparing } from "../../support/wire.ts";

const key = headersOf("world");

/** Returns a world that sends each request over a socket and compares the response with the journal. */
async function comparingWorld(): Promise<TestWorld & { readonly origin: string }> {
  const { app, origin } = await listenComparing(madeUpVendors);
  return { ...worldIn(app, "world"), origin };
}

/** Sends a raw request, and returns the response together with its journal entry. */
async function exchangeWith(world: TestWorld, origin: string, request: string) {
  const { received, ending } = await exchangeRaw(origin, request);
  const [head = ""] = received.split("\r\n\r\n", 1);
  const before = world.app.httpContext.journals.of(world.sandbox).entries().at(-1);
  const entry = await closedEntry(world.app, (each) => each === before);
  return {
    entry,
    ending,
    statusCode: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]),
    rawPayload: Buffer.from(received.slice(head.length + 4), "latin1"),
  };
}

const get = (path: string, headers = ""): string => `GET ${path} HTTP/1.1
host: x
connection: close
authorization: Bearer acme_fx_world_main
${headers}
`;

const post = (path: string, body: object): string => `POST ${path} HTTP/1.1
host: x
connection: close
authorization: Bearer acme_fx_world_main
content-type: application/json
content-length: ${JSON.stringify(body).length}

${JSON.stringify(body)}`;

/** Returns the path of a finished generation's file. */
async function finishedFile(world: TestWorld): Promise<string> {
  const id = await createGeneration(world);
  await world.advance("10s");
  return `/_media/world/acme/${id}.jpg`;
}

describe("the journal of a reply", () => {
  it("records a reply with the vendor's last additions", async () => {
    const world = await comparingWorld();
    const { body } = await getAs(world, "/acme/jobs/none");
    expect(body).toContain('"request":');
  });

  it("counts a reply in bytes, not in characters", async () => {
    const world = await comparingWorld();
    const body = { title: "naïve café, 漢字, 😀" };
    world.sandbox.rules.add({ when: {}, fault: { status: 502, body } }, "control");
    expect((await readCredits(world)).json()).toEqual(body);
  });

  it.each([
    { characters: 65_536, letter: "a" },
    { characters: 65_537, letter: "a" },
    { characters: 32_768, letter: "é" },
    { characters: 32_769, letter: "é" },
  ])("keeps a reply of $characters times $letter only up to 64 KiB", async ({ characters, letter }) => {
    const world = await comparingWorld();
    const body = letter.repeat(characters);
    world.sandbox.rules.add({ when: {}, fault: { status: 200, body } }, "control");
    await readCredits(world);
  });

  it("records no reply to a client that has disconnected", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    world.sandbox.rules.add({ when: {}, fault: { latency: 30_000, when: "after" } }, "control");
    const gone = httpRequest(`${origin}/acme/credits`, { headers: key });
    gone.on("error", () => undefined).end();
    while (world.sandbox.heldRequests.count === 0) await new Promise((resolve) => setImmediate(resolve));
    gone.destroy();
    const entry = await closedEntry(world.app, () => true);
    await world.advance("30s");
    expect(entry).toMatchObject({ state: "gone", status: undefined, responseBytes: 0, responseBody: undefined });
  });
});

describe("the journal of a request with a fault", () => {
  const credits = get("/acme/credits");
  const unknown = get("/acme/none");
  const create = post("/acme/jobs", picture);

  it.each([
    { fault: { status: 502, body: "<h1>Bad gateway, 漢字</h1>" }, request: credits },
    { fault: { status: 503 }, request: credits },
    { fault: { status: 418 }, request: credits },
    { fault: { error: "no_credits" }, request: create },
    { fault: { rateLimit: true }, request: credits },
    { fault: "TRUNCATED_BODY", request: credits },
    { fault: "TRUNCATED_BODY", request: create },
    { fault: "TRUNCATED_BODY", request: unknown },
    { fault: { kind: "TRUNCATED_BODY", bytes: 0 }, request: credits },
    { fault: { kind: "TRUNCATED_BODY", bytes: 10 }, request: credits },
    { fault: { kind: "TRUNCATED_BODY", bytes: 100_000 }, request: credits },
    { fault: { kind: "SLOW_BODY", during: 50 }, request: credits },
    { fault: { kind: "SLOW_BODY", during: 50 }, request: unknown },
    { fault: { kind: "WRONG_CONTENT_LENGTH", by: 16 }, request: credits },
    { fault: { kind: "WRONG_CONTENT_LENGTH", by: -5 }, request: create },
    { fault: "MALFORMED_RESPONSE_CHUNK", request: create },
  ] as const)("records the bytes that $fault sent to the client", async ({ fault, request }) => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    world.sandbox.rules.add({ when: {}, fault }, "control");
    const { entry, ...received } = await exchangeWith(world, origin, request);
    expectJournaled(entry, received);
    expect(entry.fault).toMatch(/\((before|after)\)$/);
  });

  it.each([
    { fault: { kind: "EMPTY_RESPONSE" }, request: credits },
    { fault: { kind: "EMPTY_RESPONSE", when: "after" }, request: credits },
    { fault: { kind: "CONNECTION_RESET_BY_PEER" }, request: create },
    { fault: { kind: "CONNECTION_RESET_BY_PEER", when: "after" }, request: create },
    { fault: { kind: "CONNECTION_RESET_BY_PEER", when: "after" }, request: unknown },
  ] as const)("records no reply for $fault, which sends nothing", async ({ fault, request }) => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    world.sandbox.rules.add({ when: {}, fault }, "control");
    const { entry, rawPayload } = await exchangeWith(world, origin, request);
    expect(rawPayload).toHaveLength(0);
    expect(entry).toMatchObject({ state: "dropped", status: undefined, responseBytes: 0, responseBody: undefined });
  });

  it.each(["before", "after"] as const)("records no reply for NEVER_ANSWER with when: %s", async (when) => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    world.sandbox.rules.add({ when: {}, fault: { kind: "NEVER_ANSWER", when } }, "control");
    const asked = exchangeWith(world, origin, credits);
    while (world.sandbox.heldRequests.count === 0) await new Promise((resolve) => setImmediate(resolve));
    world.sandbox.heldRequests.releaseAll("reset");
    expect((await asked).entry).toMatchObject({ state: "dropped", responseBytes: 0, responseBody: undefined });
  });

  it.each(["before", "after"] as const)("records an unchanged reply for latency with when: %s", async (when) => {
    const world = await comparingWorld();
    world.sandbox.rules.add({ when: {}, fault: { latency: 5000, when } }, "control");
    const asked = readCredits(world);
    while (world.sandbox.heldRequests.count === 0) await new Promise((resolve) => setImmediate(resolve));
    await world.advance("5s");
    expect((await asked).json()).toHaveProperty("credits");
  });

  it("records the sent part of a SLOW_BODY reply if the client disconnects", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    world.sandbox.rules.add({ when: {}, fault: { kind: "SLOW_BODY", during: 60_000 } }, "control");
    const pieces: (() => void)[] = [];
    vi.spyOn(world.sandbox.wall, "after").mockImplementation((_ms, send) => {
      pieces.push(send);
      return () => undefined;
    });
    const socket = connect(Number(new URL(origin).port), "127.0.0.1");
    socket.write(credits.replaceAll("\n", "\r\n"));
    while (pieces.length === 0) await new Promise((resolve) => setImmediate(resolve));
    pieces[0]?.();
    let received = "";
    for await (const part of socket) {
      received += String(part);
      // Leaving the loop closes the connection.
      if (/\r\n\r\n./.test(received)) break;
    }
    const entry = await closedEntry(world.app, () => true);
    const body = received.slice(received.indexOf("\r\n\r\n") + 4);
    expect(entry).toMatchObject({ state: "gone", responseBytes: body.length, responseBody: body });
  });
});

describe("the journal of a file request", () => {
  it("records the sent size of a file: whole, partial or none", async () => {
    const world = await comparingWorld();
    const url = await finishedFile(world);
    const send = async (headers: Record<string, string>, method: "GET" | "HEAD" = "GET") =>
      world.app.inject({ method, url, headers });
    const whole = await send({});
    expect(whole.rawPayload.length).toBeGreaterThan(1000);
    const statuses = [
      await send({ range: "bytes=10-29" }),
      await send({ "if-none-match": String(whole.headers.etag) }),
      await send({ range: "bytes=99999999-" }),
      await send({ "if-match": '"other"' }),
      await send({}, "HEAD"),
    ].map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([206, 304, 416, 412, 200]);
    for (const method of ["GET", "HEAD"] as const)
      expect((await world.app.inject({ method, url: "/_media/world/acme/none.jpg" })).statusCode).toBe(404);
  });

  it.each(["TRUNCATED_BODY", "MALFORMED_RESPONSE_CHUNK", { kind: "SLOW_BODY", during: 50 }] as const)(
    "records the sent part of a file that %s damages",
    async (fault) => {
      const world = await buildAcmeWorld();
      const origin = await listenOn(world.app);
      const path = await finishedFile(world);
      world.sandbox.rules.add({ when: { operation: "downloadOutput" }, fault }, "control");
      const { entry, ...received } = await exchangeWith(world, origin, get(path));
      // The bytes in place of a chunk are text.
      const isText = fault === "MALFORMED_RESPONSE_CHUNK";
      expectJournaled(entry, { ...received, headers: isText ? {} : { "content-type": "image/jpeg" } });
      expect(entry.responseBytes).toBeGreaterThan(0);
    },
  );

  it("records no bytes of a file if the connection is reset", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const path = await finishedFile(world);
    const fault = { kind: "CONNECTION_RESET_BY_PEER", when: "after" } as const;
    world.sandbox.rules.add({ when: { operation: "downloadOutput" }, fault }, "control");
    const { entry, rawPayload } = await exchangeWith(world, origin, get(path));
    expect([rawPayload.length, entry.responseBytes, entry.state]).toEqual([0, 0, "dropped"]);
  });

  it("records only the size of a streamed file", async () => {
    const world = await comparingWorld();
    const made = await postAs(world, "/acme/uploads", { contentType: "video/mp4" });
    expect(made.statusCode).toBeLessThan(300);
    const { uploadUrl } = made.json<{ uploadUrl: string }>();
    const { pathname, search } = new URL(uploadUrl);
    const headers = { "content-type": "video/mp4" };
    const content = Buffer.alloc(600_000, "fauxgen");
    const stored = await world.app.inject({ method: "PUT", url: `${pathname}${search}`, headers, payload: content });
    expect(stored.statusCode).toBe(200);
    const read = await world.app.inject({ method: "GET", url: pathname });
    expect(read.rawPayload.equals(content)).toBe(true);
    const entries = world.app.httpContext.journals.of(world.sandbox).entries();
    expect(entries.find(({ method }) => method === "PUT")?.requestBytes).toBe(content.length);
  });
});

describe("the journal of an event stream", () => {
  it("records the number of bytes that an event stream sent", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const asked = httpRequest(`${origin}/acme/events`, { headers: key });
    const [stream] = await once(asked.end(), "response");
    await postGeneration(world);
    await world.advance("1h");
    let received = "";
    for await (const part of stream) {
      received += String(part);
      // Leaving the loop closes the connection.
      if (received.includes("succeeded")) break;
    }
    const entry = await closedEntry(world.app, ({ operation }) => operation === "followEvents");
    expect(entry.responseBytes).toBe(Buffer.byteLength(received));
  });
});

describe("the journal of a request", () => {
  const entryOf = async (world: TestWorld, path: string) => closedEntry(world.app, ({ url }) => url === path);

  it("counts a request body in bytes, without its framing", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const body = JSON.stringify({ ...picture, prompt: "naïve café, 漢字, 😀" });
    for (const framing of [{ "content-length": Buffer.byteLength(body) }, { "transfer-encoding": "chunked" }]) {
      const asked = httpRequest(`${origin}/acme/jobs`, {
        method: "POST",
        headers: { ...key, ...framing, "content-type": "application/json" },
      });
      const [response] = await once(asked.end(body), "response");
      expect(response.resume().statusCode).toBe(201);
      const entry = await entryOf(world, "/acme/jobs");
      expect(entry.requestBytes).toBe(Buffer.byteLength(body));
      world.app.httpContext.journals.of(world.sandbox).clear();
    }
  });

  it("shortens the long strings of a request body over the limit, chunked or not", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const body = JSON.stringify({ ...picture, prompt: "é".repeat(40_000) });
    const asked = httpRequest(`${origin}/acme/jobs`, {
      method: "POST",
      headers: { ...key, "transfer-encoding": "chunked", "content-type": "application/json" },
    });
    const [response] = await once(asked.end(body), "response");
    response.resume();
    expect(await entryOf(world, "/acme/jobs")).toMatchObject({
      requestBytes: Buffer.byteLength(body),
      requestBodyKept: "shortened",
      requestBody: { prompt: { $elided: { length: 40_000, start: "é".repeat(64) } } },
    });
  });

  it("counts a request body that cannot be parsed", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const headers = { ...key, "content-type": "application/json" };
    await fetch(`${origin}/acme/jobs`, { method: "POST", headers, body: "{é" });
    expect(await entryOf(world, "/acme/jobs")).toMatchObject({ status: 400, requestBytes: 3 });
  });

  it("counts the bytes of a form as they are read", async () => {
    const app = await buildAcmeApp();
    await registerVendor(app, {
      vendor: { ...acme, prefixes: ["/forms"] },
      routes: async (scope) => {
        acceptForms(scope);
        scope.post("/forms", async (request) => {
          const { fields, files } = await readForm(request, { fieldBytes: 100, fields: 5, files: 1, parts: 6 });
          for (const { upload } of files) upload.discard();
          return { fields };
        });
      },
    });
    const origin = await listenOn(app);
    const world = worldIn(app, "world");
    const form = new FormData();
    form.append("model", "pen");
    form.append("video", new Blob(["é".repeat(100_000)]), "video.mp4");
    const encoded = new Response(form);
    const body = Buffer.from(await encoded.clone().arrayBuffer());
    const headers = { ...key, "content-type": encoded.headers.get("content-type") ?? "" };
    await fetch(`${origin}/forms`, { method: "POST", headers, body });
    expect((await entryOf(world, "/forms")).requestBytes).toBe(body.length);
  });
});

describe("pipeline.ts", () => {
  it("adds all request hooks; vendors and file routes add none", () => {
    const files = ["src/vendors", "src/media"].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`),
    );
    const hooking = files
      .filter((file) => file.endsWith(".ts"))
      .filter((file) =>
        /\baddHook\(|\b(?:onSend|onResponse|preSerialization|onError)\b\s*[:(]/.test(readFileSync(file, "utf8")),
      );
    expect(hooking).toEqual([]);
  });
});
