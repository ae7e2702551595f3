/** Tests that an upload slot behaves like a signed URL of a storage service. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest, type ClientRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { FastifyInstance } from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ConfigInput } from "../../../src/config.ts";
import { advance } from "../../../src/engine/sandbox/advance.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import {
  openUploadSlot,
  slotUrl,
  uploadedFileUrl,
  uploadTokenOf,
  type UploadSlot,
} from "../../../src/http/uploads/slots.ts";
import {
  CHUNK_BYTES,
  findUpload,
  readUpload,
  receiveUpload,
  UploadTooLarge,
} from "../../../src/http/uploads/receive.ts";
import { buildAcmeApp } from "../../support/acme.ts";
import { listenOn } from "../../support/socket.ts";
import { until } from "../../support/waiting.ts";

const HOUR_MS = 3_600_000;
const mebibytes = (count: number): Buffer => Buffer.alloc(count * 1024 * 1024, "fauxgen");

interface UploadWorld {
  readonly app: FastifyInstance;
  readonly origin: string;
  readonly sandbox: Sandbox;
  readonly open: (options?: { contentType?: string; maxBytes?: number; account?: string }) => UploadSlot;
  readonly urlOf: (slot: UploadSlot) => string;
  /** Returns the bytes that the sandbox's uploads take. */
  readonly stored: () => number;
}

/** Starts a listening server with a sandbox whose clock is frozen. */
async function listen(values: ConfigInput = {}): Promise<UploadWorld> {
  const app = await buildAcmeApp(values);
  const origin = await listenOn(app);
  const sandbox = app.httpContext.sandboxes.obtain("world");
  sandbox.clock.freeze();
  return {
    app,
    origin,
    sandbox,
    open: ({ contentType, maxBytes, account = "main" } = {}) =>
      sandbox.write(() =>
        openUploadSlot(sandbox, {
          account: sandbox.account(account),
          vendor: "acme",
          now: sandbox.clock.now(),
          lifetimeMs: HOUR_MS,
          contentType,
          maxBytes,
        }),
      ),
    urlOf: (slot) => slotUrl(sandbox, origin, slot),
    stored: () => sandbox.store.uploads.bytesIn(sandbox.rowId),
  };
}

const put = (url: string, body: Buffer, contentType = "video/mp4"): Promise<Response> =>
  fetch(url, { method: "PUT", body: new Uint8Array(body), headers: { "content-type": contentType } });

/** Sends the beginning of an upload and leaves the rest to the test. */
async function beginUpload(url: string, beginning: Buffer): Promise<ClientRequest> {
  const sent = httpRequest(url, { method: "PUT", headers: { "content-type": "video/mp4" } });
  sent.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    sent.write(beginning, () => {
      resolve();
    });
  });
  return sent;
}

/** Waits until a condition is true, one turn of the event loop at a time. */
describe("an upload slot", () => {
  it("stores a PUT file, and serves it without the signature", async () => {
    const { sandbox, origin, open, urlOf } = await listen();
    const slot = open({ contentType: "video/mp4" });
    const content = mebibytes(3).subarray(0, 2 * CHUNK_BYTES + 17);

    const stored = await put(urlOf(slot), content);
    expect([stored.status, await stored.text()]).toEqual([200, ""]);

    const url = uploadedFileUrl(sandbox, origin, slot.token, slot.contentType);
    expect(url).toBe(`${origin}/_media/world/uploads/${slot.token}.mp4`);
    const read = await fetch(url);
    expect(read.status).toBe(200);
    expect(read.headers.get("content-type")).toBe("video/mp4");
    expect(read.headers.get("content-length")).toBe(String(content.length));
    expect(Buffer.from(await read.arrayBuffer()).equals(content)).toBe(true);
    expect(findUpload(sandbox, slot.token)).toMatchObject({
      size: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
    });
  });

  it("answers HEAD, byte ranges and If-None-Match as a storage service does", async () => {
    const { sandbox, origin, open, urlOf } = await listen();
    const slot = open();
    const content = mebibytes(1).subarray(0, CHUNK_BYTES + 1000);
    await put(urlOf(slot), content);
    const url = uploadedFileUrl(sandbox, origin, slot.token);

    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(content.length)]);

    const ranged = async (range: string) => {
      const response = await fetch(url, { headers: { range } });
      return {
        status: response.status,
        contentRange: response.headers.get("content-range"),
        bytes: Buffer.from(await response.arrayBuffer()),
      };
    };
    const across = await ranged(`bytes=${CHUNK_BYTES - 5}-${CHUNK_BYTES + 4}`);
    expect(across.status).toBe(206);
    expect(across.contentRange).toBe(`bytes ${CHUNK_BYTES - 5}-${CHUNK_BYTES + 4}/${content.length}`);
    expect(across.bytes.equals(content.subarray(CHUNK_BYTES - 5, CHUNK_BYTES + 5))).toBe(true);
    const tail = await ranged("bytes=-10");
    expect(tail.bytes.equals(content.subarray(-10))).toBe(true);
    expect(await ranged(`bytes=${content.length}-`)).toMatchObject({
      status: 416,
      contentRange: `bytes */${content.length}`,
    });

    const etag = head.headers.get("etag") ?? "";
    const again = await fetch(url, { headers: { "if-none-match": etag, "cache-control": "max-age=0" } });
    expect(again.status).toBe(304);
  });

  it("accepts a body without a content type, and an empty body", async () => {
    const { sandbox, open, urlOf } = await listen();
    const [untyped, empty] = [open(), open()];
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(urlOf(untyped), { method: "PUT" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on("error", reject).end("bytes");
    });
    expect(status).toBe(200);
    expect(findUpload(sandbox, untyped.token)).toMatchObject({ size: 5, contentType: "application/octet-stream" });
    expect((await fetch(urlOf(empty), { method: "PUT" })).status).toBe(200);
    const upload = findUpload(sandbox, empty.token);
    expect(upload?.size).toBe(0);
    expect((await buffer(readUpload(sandbox, upload ?? { id: 0, size: 1 }))).length).toBe(0);
  });

  it("lets a second PUT replace its file until the slot expires on the sandbox's clock", async () => {
    const { sandbox, open, urlOf, stored } = await listen();
    const slot = open();
    await put(urlOf(slot), Buffer.from("first"));
    expect((await put(urlOf(slot), Buffer.from("second"))).status).toBe(200);
    expect(findUpload(sandbox, slot.token)).toMatchObject({ size: 6 });
    expect(stored()).toBe(6);
    await advance(sandbox, (now) => now + HOUR_MS);
    const late = await put(urlOf(slot), Buffer.from("third"));
    expect([late.status, await late.json()]).toMatchObject([403, { code: "upload-expired" }]);
    expect(findUpload(sandbox, slot.token)).toMatchObject({ size: 6 });
  });

  it("refuses another content type, a wrong signature and an unknown token", async () => {
    const { sandbox, origin, open, urlOf } = await listen();
    const slot = open({ contentType: "video/mp4" });
    const codeOf = async (response: Response) => [response.status, (await response.json()) as unknown];
    expect(await codeOf(await put(urlOf(slot), Buffer.from("x"), "audio/wav"))).toMatchObject([
      403,
      { code: "upload-content-type" },
    ]);
    const unsigned = uploadedFileUrl(sandbox, origin, slot.token);
    expect(await codeOf(await put(unsigned, Buffer.from("x")))).toMatchObject([403, { code: "upload-signature" }]);
    expect(await codeOf(await put(`${origin}/_media/world/uploads/nothing`, Buffer.from("x")))).toMatchObject([
      404,
      { code: "no-such-upload" },
    ]);
    expect(await codeOf(await fetch(unsigned))).toMatchObject([404, { code: "no-such-upload" }]);
    expect(await codeOf(await fetch(unsigned.replace("/world/", "/nowhere/")))).toMatchObject([404, {}]);
  });

  it("has its PUT journaled under the account that opened the slot", async () => {
    const { app, sandbox, open, urlOf } = await listen();
    await put(urlOf(open({ account: "other" })), Buffer.from("bytes"));
    expect(app.httpContext.journals.of(sandbox).entries().at(-1)).toMatchObject({
      operation: "uploadBytes",
      vendor: "acme",
      account: "other",
      requestBytes: 5,
      requestBody: undefined,
    });
  });
});

describe("a fault", () => {
  it("applies to uploads of the vendor and the account in its rule", async () => {
    const { app, open, urlOf } = await listen();
    const rule = (match: Readonly<Record<string, string>>, status: number) => ({
      when: { operation: "uploadBytes", ...match },
      fault: { status },
      times: 1,
    });
    for (const body of [rule({ vendor: "bolt" }, 599), rule({ account: "free" }, 598), rule({ vendor: "acme" }, 503)])
      expect((await app.inject({ method: "POST", url: "/_fauxgen/sandboxes/world/rules", body })).statusCode).toBe(201);
    const slot = open();
    const statuses = [];
    for (let sent = 0; sent < 2; sent += 1) statuses.push((await put(urlOf(slot), mebibytes(1))).status);
    expect(statuses).toEqual([503, 200]);
  });
});

describe("the upload limits", () => {
  it("refuse a file by its announced size before reading it, and by its real size", async () => {
    const { open, urlOf, stored } = await listen({ uploadBytes: "1MiB" });
    const announced = await put(urlOf(open()), mebibytes(2));
    expect([announced.status, await announced.json()]).toMatchObject([413, { code: "upload-too-large" }]);
    const streamed = await fetch(urlOf(open()), {
      method: "PUT",
      body: Readable.toWeb(Readable.from([mebibytes(1), mebibytes(1)])),
      duplex: "half",
    } as RequestInit);
    expect(streamed.status).toBe(413);
    expect(stored()).toBe(0);
    expect((await put(urlOf(open()), mebibytes(1))).status).toBe(200);
  });

  it("apply to a slot and to all files of a sandbox, and can be set per sandbox", async () => {
    const { sandbox, open, urlOf } = await listen();
    expect((await put(urlOf(open({ maxBytes: 10 })), Buffer.alloc(11))).status).toBe(413);
    sandbox.saveSettings(sandboxSettings.parse({ uploadLimits: { perFile: 1000, total: 1500 } }));
    expect((await put(urlOf(open()), Buffer.alloc(1001))).status).toBe(413);
    expect((await put(urlOf(open()), Buffer.alloc(1000))).status).toBe(200);
    expect((await put(urlOf(open()), Buffer.alloc(501))).status).toBe(413);
    expect((await put(urlOf(open()), Buffer.alloc(500))).status).toBe(200);
  });

  it("count the bytes of unfinished uploads", async () => {
    const { sandbox, open, stored } = await listen({ uploadTotalBytes: 2 * CHUNK_BYTES });
    const from = { accountId: open().accountId, vendor: "acme", contentType: "video/mp4" };
    const first = new Readable({ read: () => undefined });
    const receiving = receiveUpload(sandbox, first, from);
    first.push(Buffer.alloc(CHUNK_BYTES + 1));
    await until(() => stored() === CHUNK_BYTES);
    const second = receiveUpload(sandbox, Readable.from([Buffer.alloc(CHUNK_BYTES + 1)]), from);
    await expect(second).rejects.toThrow(UploadTooLarge);
    first.push(null);
    expect((await receiving).size).toBe(CHUNK_BYTES + 1);
  });
});

describe("an interrupted upload", () => {
  it("leaves nothing in the store if its client disconnects", async () => {
    const { app, sandbox, open, urlOf, stored } = await listen();
    const slot = open();
    const sent = await beginUpload(urlOf(slot), mebibytes(1));
    await until(() => stored() > 0);
    sent.destroy();
    await until(() => stored() === 0);
    expect(findUpload(sandbox, slot.token)).toBeUndefined();
    await until(() => app.httpContext.journals.of(sandbox).entries().at(-1)?.state === "gone");
  });

  it("keeps the earlier file of its slot", async () => {
    const { sandbox, open, urlOf, stored } = await listen();
    const slot = open();
    await put(urlOf(slot), Buffer.from("first"));
    const sent = await beginUpload(urlOf(slot), mebibytes(1));
    await until(() => stored() > 5);
    sent.destroy();
    await until(() => stored() === 5);
    expect(findUpload(sandbox, slot.token)).toMatchObject({ size: 5 });
  });

  it.each(["reset", "delete"] as const)("writes no bytes after the %s of its sandbox", async (ending) => {
    const { app, sandbox, open, urlOf, stored } = await listen();
    const kept = open();
    await put(urlOf(kept), Buffer.from("kept"));
    const sent = await beginUpload(urlOf(open()), mebibytes(1));
    const closed = new Promise((resolve) => sent.on("close", resolve));
    await until(() => stored() > 4);
    app.httpContext.sandboxes[ending](sandbox);
    await closed;
    expect(stored()).toBe(0);
    expect(findUpload(sandbox, kept.token)).toBeUndefined();
    expect((await put(urlOf(kept), Buffer.from("again"))).status).toBe(404);
  });

  it("does not delay the closing of the server", async () => {
    const { app, open, urlOf, stored } = await listen();
    const sent = await beginUpload(urlOf(open()), mebibytes(1));
    await until(() => stored() > 0);
    const closed = new Promise((resolve) => sent.on("close", resolve));
    await app.close();
    await closed;
    expect(app.server.listening).toBe(false);
  });

  it("is deleted by a restart, which keeps complete uploads", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const data = join(folder, "data.sqlite");
    const before = await listen({ data });
    const slot = before.open();
    const content = mebibytes(1);
    await put(before.urlOf(slot), content);
    const sent = await beginUpload(before.urlOf(before.open()), content);
    await until(() => before.stored() > content.length);
    await before.app.close();
    sent.destroy();
    const after = await listen({ data });
    expect(after.stored()).toBe(content.length);
    const read = await fetch(uploadedFileUrl(after.sandbox, after.origin, slot.token));
    expect(Buffer.from(await read.arrayBuffer()).equals(content)).toBe(true);
  });
});

describe("the URL of an upload", () => {
  it("yields its token only to the sandbox that it belongs to", async () => {
    const { app, sandbox } = await listen();
    const other = app.httpContext.sandboxes.obtain("elsewhere");
    const url = "https://media.test/_media/world/uploads/abc123.mp4?signature=1";
    expect(uploadTokenOf(sandbox, url)).toBe("abc123");
    expect(uploadTokenOf(other, url)).toBeUndefined();
    expect(uploadTokenOf(sandbox, "https://media.test/speaker.mp4")).toBeUndefined();
    expect(uploadTokenOf(sandbox, "no URL")).toBeUndefined();
  });
});
