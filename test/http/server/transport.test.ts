/** Tests the transport below the routes, over HTTP and HTTPS: framing, headers, slow clients and closing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readConfig, type ConfigInput } from "../../../src/config.ts";
import { listen, type RunningServer } from "../../../src/start.ts";
import { headersOf, madeUpVendors, picture, postGenerationTo } from "../../support/acme.ts";
import { openRaw, sendRaw, statusesOf } from "../../support/raw.ts";

const KEY = "authorization: Bearer acme_fx_raw_main\r\n";
const HOST = "host: localhost\r\n";
const get = (path: string, headers = ""): string => `GET ${path} HTTP/1.1\r\n${HOST}${KEY}${headers}\r\n`;
const CLOSE = "connection: close\r\n";

/** Long enough for a test, and too short for a client that is slow on purpose. */
const SHORT: ConfigInput = { headerTimeout: 120, requestTimeout: 240, maxHeaders: 50, maxHeaderBytes: 8192 };

let folder = "";
let server: RunningServer;
let hasty: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fauxgen-transport-"));
  const listenWith = async (values: ConfigInput): Promise<RunningServer> => {
    const own = { port: 0, tlsPort: 0, tls: true, tlsAuthority: join(folder, "ca.pem"), logLevel: "silent", ...values };
    return listen(readConfig([{ values: own, nameOf: String }]), madeUpVendors);
  };
  server = await listenWith({});
  hasty = await listenWith(SHORT);
});

afterAll(async () => {
  await Promise.all([server.close(), hasty.close()]);
  rmSync(folder, { recursive: true });
});

const urlOf = ({ url, tlsUrl }: RunningServer, protocol: string): string =>
  protocol === "https" ? (tlsUrl ?? "") : url;

describe.each(["http", "https"])("over %s,", (protocol) => {
  const post = (framing: string, body: string): string =>
    `POST /acme/jobs HTTP/1.1\r\n${HOST}${KEY}content-type: application/json\r\n${framing}\r\n${body}`;
  const smuggled = get("/_fauxgen/sandboxes");

  it.each([
    ["two lengths", post("content-length: 2\r\ncontent-length: 44\r\n", `{}${smuggled}`)],
    ["one length twice", post("content-length: 2\r\ncontent-length: 2\r\n", `{}${smuggled}`)],
    ["a list of lengths", post("content-length: 2, 2\r\n", `{}${smuggled}`)],
    ["a length with a sign", post("content-length: +2\r\n", `{}${smuggled}`)],
    ["a length in hexadecimal", post("content-length: 0x2\r\n", `{}${smuggled}`)],
    ["a length and chunks", post("content-length: 5\r\ntransfer-encoding: chunked\r\n", `0\r\n\r\n${smuggled}`)],
    ["chunks and a length", post("transfer-encoding: chunked\r\ncontent-length: 5\r\n", `0\r\n\r\n${smuggled}`)],
    ["a chunked encoding that is not last", post("transfer-encoding: chunked, identity\r\n", `0\r\n\r\n${smuggled}`)],
    ["an unknown encoding", post("transfer-encoding: xchunked\r\n", `0\r\n\r\n${smuggled}`)],
    ["a space before the colon", post("transfer-encoding : chunked\r\n", `0\r\n\r\n${smuggled}`)],
    ["a folded header", post("x: a\r\n transfer-encoding: chunked\r\n", `0\r\n\r\n${smuggled}`)],
    ["a bare carriage return", post("x: a\rtransfer-encoding: chunked\r\n", `0\r\n\r\n${smuggled}`)],
    ["bare line feeds", `GET /acme/credits HTTP/1.1\n${HOST}\n${smuggled}`],
    ["a NUL in a header", get("/acme/credits", "x: a\0b\r\n") + smuggled],
    ["two hosts", get("/acme/credits", "Host: other.example\r\n") + smuggled],
    ["one host twice", post(`${HOST}content-type: text/plain\r\ncontent-length: 2\r\n`, `{}${smuggled}`)],
    ["no host", `GET /acme/credits HTTP/1.1\r\n${KEY}\r\n${smuggled}`],
  ])("%s gets a bare 400 and a close, and the bytes after it are not read as a request", async (_what, bytes) => {
    const received = await sendRaw(urlOf(server, protocol), bytes);
    expect(statusesOf(received)).toEqual([400]);
    expect(received).toMatch(/\r\nconnection: close\r\n/i);
    expect(received).not.toContain("default");
  });

  it("a chunk with a wrong length cannot smuggle a second request", async () => {
    for (const body of ["2\r\n{}X\r\n0\r\n\r\n", "fffffffffffffffff\r\n{}", "2;\n{}\n0\n\n"]) {
      const received = await sendRaw(urlOf(server, protocol), post("transfer-encoding: chunked\r\n", body) + smuggled);
      expect(statusesOf(received).every((status) => status === 400)).toBe(true);
      expect(received).not.toContain("default");
    }
  });

  it("pipelined requests are answered in order", async () => {
    const create = JSON.stringify(picture);
    const received = await sendRaw(
      urlOf(server, protocol),
      get("/acme/credits") +
        post(`content-length: ${create.length}\r\n`, create) +
        `GET /acme/credits HTTP/1.1\r\n${HOST}\r\n` +
        get("/acme/no/such/route", CLOSE),
    );
    expect(statusesOf(received)).toEqual([200, 201, 401, 404]);
  });

  it.each([
    ["an answer", get("/acme/credits", CLOSE)],
    ["a vendor's error", get("/acme/no/such/route", CLOSE)],
    ["a refused key", `GET /acme/credits HTTP/1.1\r\n${HOST}${CLOSE}\r\n`],
    ["a refused body", post(`${CLOSE}content-length: 1\r\n`, "{")],
    ["an event stream that is refused", get("/acme/no/such/events", CLOSE)],
    ["a path of no vendor", get("/nowhere", CLOSE)],
    ["a refused control request", get("/_fauxgen/sandboxes/-", CLOSE)],
    ["a missing file", get("/_media/raw/acme/none.png", CLOSE)],
    ["a preflight", get("/acme/credits", CLOSE).replace("GET", "OPTIONS")],
    ["an answer to HTTP/1.0", get("/acme/no/such/route").replace("HTTP/1.1", "HTTP/1.0")],
  ])("%s says that it closes the connection, to a client that asks for it", async (_what, request) => {
    const received = await sendRaw(urlOf(server, protocol), request);
    expect(statusesOf(received)).toHaveLength(1);
    expect(received).toMatch(/\r\nconnection: close\r\n/i);
  });

  it("a refused body leaves the connection open", async () => {
    const received = await sendRaw(
      urlOf(server, protocol),
      post("content-length: 1\r\n", "{") + get("/acme/credits", CLOSE),
    );
    expect(statusesOf(received)).toEqual([400, 200]);
  });

  it("an upgrade offer is ignored, and the request is answered as usual", async () => {
    for (const offer of [
      "upgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n",
      "upgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
    ]) {
      const upgrade = get("/acme/credits", `connection: Upgrade, HTTP2-Settings\r\n${offer}`);
      const connection = await openRaw(urlOf(server, protocol), upgrade);
      await expect.poll(() => statusesOf(connection.received())).toEqual([200]);
      connection.socket.write(get("/acme/credits", CLOSE));
      expect(statusesOf(await connection.closed)).toEqual([200, 200]);
    }
    const tunnel = await sendRaw(urlOf(server, protocol), `CONNECT localhost:1 HTTP/1.1\r\n${HOST}\r\n`);
    expect(statusesOf(tunnel)).toEqual([403]);
  });

  it("request headers are limited in number and in bytes", async () => {
    const url = urlOf(hasty, protocol);
    const named = (count: number): string =>
      get("/acme/credits", CLOSE + Array.from({ length: count - 3 }, (_, index) => `x-${index}: y\r\n`).join(""));
    expect(statusesOf(await sendRaw(url, named(50)))).toEqual([200]);
    expect(statusesOf(await sendRaw(url, named(51)))).toEqual([431]);
    expect(statusesOf(await sendRaw(url, named(2500)))).toEqual([431]);
    const padded = (bytes: number): string => get("/acme/credits", `${CLOSE}x: ${"y".repeat(bytes)}\r\n`);
    expect(statusesOf(await sendRaw(url, padded(7500)))).toEqual([200]);
    const refused = await sendRaw(url, padded(8192));
    expect(statusesOf(refused)).toEqual([431]);
    expect(refused).toMatch(/\r\ncontent-length: 0\r\n/i);
  });

  it.each([
    ["sends nothing", ""],
    ["dribbles its headers", `GET /acme/credits HTTP/1.1\r\n${HOST}x-slow: `],
    ["never sends the body it announced", post("content-length: 100\r\n", "{")],
    ["never sends the rest of a file", `PUT /_media/raw/uploads/x HTTP/1.1\r\n${HOST}content-length: 100\r\n\r\nx`],
  ])("a client that %s is disconnected, while a held request stays open", async (_how, bytes) => {
    const url = urlOf(hasty, protocol);
    const sandbox = `slow-${protocol}`;
    const made = await postGenerationTo(hasty.url, headersOf(sandbox));
    const { id } = (await made.json()) as { id: string };
    const control = `${hasty.url}/_fauxgen/sandboxes/${sandbox}`;
    await fetch(`${control}/generations/${id}/hold`, { method: "POST" });
    const held = await openRaw(
      url,
      `GET /acme/jobs/${id}?wait=true HTTP/1.1\r\n${HOST}authorization: Bearer acme_fx_${sandbox}_main\r\n${CLOSE}\r\n`,
    );
    await fetch(`${control}/waiters?count=1&within=5s`);
    const slow = await openRaw(url, bytes);
    // eslint-disable-next-line no-restricted-syntax -- the client sends slowly, in real time
    const dribble = bytes === "" ? undefined : setInterval(() => slow.socket.write("y"), 50);
    const received = await slow.closed;
    clearInterval(dribble);
    // An upload without a slot is refused before its time-out.
    expect([[408], [404, 408], [404]]).toContainEqual(statusesOf(received));
    expect(held.received()).toBe("");
    await fetch(`${control}/reset`, { method: "POST" });
    expect(statusesOf(await held.closed)).toEqual([200]);
  });

  it("garbage after a request does not cause an error in the middle of its answer", async () => {
    const url = urlOf(server, protocol);
    const connection = await openRaw(url, get("/acme/events"));
    await expect.poll(connection.received).toContain("text/event-stream");
    connection.socket.write("no request\r\n\r\n");
    expect(statusesOf(await connection.closed)).toEqual([200]);
  });
});

describe("a client that half-closes its connection", () => {
  it("still gets the answer to its request", async () => {
    const connection = await openRaw(server.url, get("/acme/credits", CLOSE));
    connection.socket.end();
    expect(statusesOf(await connection.closed)).toEqual([200]);
  });

  it("counts as disconnected if its request is held", async () => {
    const made = await postGenerationTo(server.url, headersOf("half"));
    const { id } = (await made.json()) as { id: string };
    const control = `${server.url}/_fauxgen/sandboxes/half`;
    await fetch(`${control}/generations/${id}/hold`, { method: "POST" });
    const wait = `GET /acme/jobs/${id}?wait=true HTTP/1.1\r\n${HOST}authorization: Bearer acme_fx_half_main\r\n\r\n`;
    const connection = await openRaw(server.url, wait);
    await fetch(`${control}/waiters?count=1&within=5s`);
    connection.socket.end();
    expect(await connection.closed).toBe("");
    expect(server.app.httpContext.held.count).toBe(0);
    const journal = (await (await fetch(`${control}/requests?state=gone`)).json()) as { total: number };
    expect(journal.total).toBe(1);
  });
});

it("time-outs of 0, which Node.js reads as no limit, are refused", () => {
  for (const headerTimeout of [0, "0s", "soon"])
    expect(() => readConfig([{ values: { headerTimeout }, nameOf: String }])).toThrow("headerTimeout");
});

describe("a client that speaks TLS to the port of plain HTTP", () => {
  it("is named in the log, because its own error does not say why the handshake failed", async () => {
    const warned = vi.spyOn(server.app.log, "warn");
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(server.url).port), rejectUnauthorized: false });
    await new Promise((resolve) => socket.once("error", resolve));
    expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("http://"));
  });
});
