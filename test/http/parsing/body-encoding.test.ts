/** Tests that bodies are read as they are encoded, or refused with a diagnostic that names the header. */
import { request as httpRequest } from "node:http";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, headersOf } from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { listenOn } from "../../support/socket.ts";

const body = Buffer.from(JSON.stringify({ prompt: "a café" }));

interface Received {
  readonly status: number | undefined;
  readonly text: string;
  readonly diagnostic: string;
}

/** Sends bytes over a socket. */
async function send(
  world: TestWorld,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
  url = "/acme/jobs",
): Promise<Received> {
  const origin = world.app.server.listening ? world.app.listeningOrigin : await listenOn(world.app);
  return new Promise((resolve, reject) => {
    const asked = httpRequest(`${origin}${url}`, {
      method: "POST",
      headers: {
        ...headersOf("world"),
        "content-type": "application/json",
        "content-length": bytes.length,
        ...headers,
      },
    });
    asked.on("error", reject).on("response", (response) => {
      const diagnostic = String(response.headers["x-fauxgen-diagnostic"]);
      text(response).then((received) => {
        resolve({ status: response.statusCode, text: received, diagnostic });
      }, reject);
    });
    asked.end(bytes);
  });
}

const lastRequest = async ({ app }: TestWorld) =>
  (await control(app, "GET", "sandboxes/world/requests")).body.items.at(-1);

describe("a packed body", () => {
  it.each([
    ["gzip", gzipSync(body)],
    ["x-gzip", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["br", brotliCompressSync(body)],
    ["zstd", zstdCompressSync(body)],
    ["gzip, br", brotliCompressSync(gzipSync(body))],
    ["identity", body],
  ])("is unpacked from %s", async (encoding, bytes) => {
    const world = await buildAcmeWorld();
    expect((await send(world, bytes, { "content-encoding": encoding })).status).toBe(201);
    expect(await lastRequest(world)).toMatchObject({ request: { body: { prompt: "a café" }, bytes: bytes.length } });
  });

  it("is limited by what it unpacks to", async () => {
    const world = await buildAcmeWorld();
    const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024, "a"));
    expect((await send(world, bomb, { "content-encoding": "gzip" })).status).toBe(413);
    expect((await send(world, body, {})).status).toBe(201);
  });

  it("is refused in the vendor's words if the encoding is unknown, which the diagnostic names", async () => {
    const world = await buildAcmeWorld();
    const { status, text: answer, diagnostic } = await send(world, body, { "content-encoding": "compress" });
    expect([status, JSON.parse(answer)]).toMatchObject([415, { code: "not_json" }]);
    expect(diagnostic).toContain('BODY_NOT_READ: content-encoding is "compress"; a body may be sent as gzip, deflate');
  });

  it.each(["gzip", "br", "zstd", "deflate"])("is malformed if it is not %s", async (encoding) => {
    const world = await buildAcmeWorld();
    const { status, diagnostic } = await send(world, body, { "content-encoding": encoding });
    expect(status).toBe(400);
    expect(diagnostic).toContain(`content-encoding is "${encoding}", but the body is not ${encoding}`);
    expect((await send(world, gzipSync(body).subarray(0, 20), { "content-encoding": "gzip" })).status).toBe(400);
  });

  it.each([
    ["is cut off", "gzip", gzipSync(body).subarray(0, 20), "but the gzip body is cut off"],
    [
      "is raw deflate",
      "deflate",
      deflateRawSync(body),
      "but the body is not deflate in the zlib format, which RFC 9110 means by it: ",
    ],
    ["is named by no header", undefined, gzipSync(body), "begins like gzip, and no content-encoding header was sent"],
    ["is zstd without a header", undefined, zstdCompressSync(body), "send content-encoding: zstd"],
  ])("that %s is told so", async (_what, encoding, bytes, said) => {
    const world = await buildAcmeWorld();
    const headers = encoding === undefined ? {} : { "content-encoding": encoding };
    expect((await send(world, bytes, headers)).diagnostic).toContain(said);
  });

  it("reaches control too", async () => {
    const world = await buildAcmeWorld();
    const rule = gzipSync(JSON.stringify({ when: { vendor: "acme" }, scenario: "fail" }));
    const url = "/_fauxgen/sandboxes/world/rules";
    expect((await send(world, rule, { "content-encoding": "gzip" }, url)).status).toBe(201);
    const refused = await send(world, rule, { "content-encoding": "lzma" }, url);
    expect([refused.status, refused.text]).toEqual([415, expect.stringContaining('content-encoding is \\"lzma\\"')]);
  });
});

describe("the charset of JSON", () => {
  it.each([
    ["a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]), "application/json"],
    ["a charset that JSON does not have", body, "application/json; charset=iso-8859-1"],
  ])("is UTF-8, also with %s", async (_what, bytes, contentType) => {
    const world = await buildAcmeWorld();
    expect((await send(world, bytes, { "content-type": contentType })).status).toBe(201);
    expect(await lastRequest(world)).toMatchObject({ request: { body: { prompt: "a café" } } });
  });

  it.each([
    ["latin1", Buffer.from(body.toString(), "latin1"), "are not UTF-8"],
    ["utf16le", Buffer.from(body.toString(), "utf16le"), "are UTF-16"],
    ["utf16le with a mark", Buffer.from(`\uFEFF${body.toString()}`, "utf16le"), "are UTF-16"],
    ["utf16be", Buffer.from(body.toString(), "utf16le").swap16(), "are UTF-16"],
  ])("is refused as the vendor refuses a content type in %s", async (name, bytes, what) => {
    const world = await buildAcmeWorld();
    const header = `application/json; charset=${name.split(" ", 1)[0] ?? ""}`;
    const { status, diagnostic } = await send(world, bytes, { "content-type": header });
    expect(status).toBe(415);
    expect(diagnostic).toContain(`BODY_NOT_READ: content-type is "${header}", and the bytes of the body ${what}`);
  });
});

describe("a body that no route reads", () => {
  it.each([
    ["application/x-www-form-urlencoded", "prompt=a+caf%C3%A9&tag=1&tag=2", { prompt: "a café", tag: ["1", "2"] }],
    ["text/plain;charset=UTF-8", body.toString(), body.toString()],
    ["text/plain; charset=latin1", Buffer.from("é", "latin1"), "é"],
    ["text/plain; charset=nonsense", "é", "é"],
  ])("is refused and shown in the journal: %s", async (contentType, sent, kept) => {
    const world = await buildAcmeWorld();
    const { status, diagnostic } = await send(world, Buffer.from(sent), { "content-type": contentType });
    expect(status).toBe(415);
    expect(diagnostic).toContain(`BODY_NOT_READ: content-type is "${contentType}"; this route reads application/json.`);
    expect((await lastRequest(world)).request.body).toEqual(kept);
  });

  it("that is malformed JSON is shown as text and can be verified", async () => {
    const world = await buildAcmeWorld();
    expect((await send(world, Buffer.from('{"prompt":'), {})).status).toBe(400);
    expect((await lastRequest(world)).request.body).toBe('{"prompt":');
    const wanted = { body: { $contains: "prompt" }, status: 400 };
    expect((await control(world.app, "POST", "sandboxes/world/requests/verify", wanted)).status).toBe(200);
  });
});
