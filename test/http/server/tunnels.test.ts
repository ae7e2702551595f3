/** Tests CONNECT: tunnels to the vendors' hosts end in the server, and every other target is refused. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect as connectTcp, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { describe, expect, it } from "vitest";
import type { ConfigInput } from "../../../src/config.ts";
import { headersOf, listenWithAcme, postGenerationTo } from "../../support/acme.ts";
import { folderOf } from "../../support/folder.ts";
import { sendRaw, statusesOf } from "../../support/raw.ts";

const GET_HEALTH = "GET /acme/health HTTP/1.1\r\nhost: api.acme.test\r\nconnection: close\r\n\r\n";

async function startWithTls(values: ConfigInput = {}) {
  const file = join(folderOf({}), "ca.pem");
  const server = await listenWithAcme({
    tls: true,
    tlsPort: 0,
    tlsAuthority: file,
    tlsNames: "api.acme.test",
    ...values,
  });
  return { ...server, authority: readFileSync(file, "utf8") };
}

/** Asks a proxy for a tunnel, and returns its answer, its body and the socket. */
function askTunnel(
  url: string,
  target: string,
): Promise<{ status: number | undefined; body: string; type: string | undefined; socket: Socket }> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: "127.0.0.1", port: new URL(url).port, method: "CONNECT", path: target, agent: false })
      .once("connect", (response, socket: Socket, head) => {
        const type = response.headers["content-type"];
        if (response.statusCode === 200) resolve({ status: 200, body: "", type, socket });
        else
          void readAll(socket, head.toString()).then((body) => {
            resolve({ status: response.statusCode, body, type, socket });
          });
      })
      .once("error", reject)
      .end();
  });
}

async function readAll(socket: AsyncIterable<unknown>, begun = ""): Promise<string> {
  let text = begun;
  for await (const part of socket) text += String(part);
  return text;
}

describe("CONNECT to a vendor's host", () => {
  it.each(["api.acme.test:443", "API.Acme.Test:443", "api.acme.test.:443", "api.bolt.test:443"])(
    "reaches the emulator for %s by TLS, with the vendor's host in its URLs",
    async (target) => {
      const { url, authority } = await startWithTls();
      const { status, socket } = await askTunnel(url, target);
      expect(status).toBe(200);
      const secure = connectTls({ socket, servername: "api.acme.test", ca: authority });
      secure.write(GET_HEALTH);
      expect(await readAll(secure)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\{"state":"well"\}$/s);
    },
  );

  it("takes plain HTTP too, and bytes that come with the request", async () => {
    const { url } = await listenWithAcme();
    const socket = connectTcp(Number(new URL(url).port), "127.0.0.1");
    socket.write(`CONNECT api.acme.test:80 HTTP/1.1\r\nhost: api.acme.test:80\r\n\r\n${GET_HEALTH}`);
    const received = await readAll(socket);
    expect(received).toMatch(/^HTTP\/1\.1 200 Connection established\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(received.endsWith('{"state":"well"}')).toBe(true);
  });

  it("keeps a connection of plain HTTP open between requests, and takes its URLs as https if a client says so", async () => {
    const { url } = await listenWithAcme();
    const created = await postGenerationTo(url, headersOf("tunnelled"));
    const { id } = (await created.json()) as { id: string };
    for (const [scheme, header] of [
      ["http", ""],
      ["https", "x-fauxgen-scheme: https\r\n"],
    ] as const) {
      const socket = connectTcp(Number(new URL(url).port), "127.0.0.1");
      const ask = async (request: string, end: RegExp): Promise<string> => {
        let received = "";
        socket.write(request);
        for await (const part of socket.iterator({ destroyOnReturn: false })) {
          received += String(part);
          if (end.test(received)) break;
        }
        return received;
      };
      await ask(
        `CONNECT api.acme.test:${scheme === "https" ? 443 : 80} HTTP/1.1\r\nhost: x\r\n${header}\r\n`,
        /\r\n\r\n$/,
      );
      const get = (path: string): string =>
        `GET ${path} HTTP/1.1\r\nhost: api.acme.test\r\nauthorization: Bearer acme_fx_tunnelled_main\r\n\r\n`;
      expect(await ask(get("/acme/health"), /\}$/)).toContain('{"state":"well"}');
      expect(await ask(get(`/acme/jobs/${id}/result`), /\r\n\r\n$/)).toContain(`location: ${scheme}://api.acme.test/`);
      socket.destroy();
    }
  });

  it("works on the HTTPS port as well", async () => {
    const { tlsUrl = "", authority } = await startWithTls();
    const proxy = connectTls({ host: "127.0.0.1", port: Number(new URL(tlsUrl).port), ca: authority });
    proxy.write("CONNECT api.acme.test:443 HTTP/1.1\r\nhost: api.acme.test:443\r\n\r\n");
    const [established] = (await new Promise((resolve) => proxy.once("data", (part) => resolve([part])))) as [Buffer];
    expect(established.toString()).toContain("200 Connection established");
    const secure = connectTls({ socket: proxy, servername: "api.acme.test", ca: authority });
    secure.write(GET_HEALTH);
    expect(await readAll(secure)).toContain('{"state":"well"}');
  });

  it("is refused for port 443 without --tls, with the flag to add", async () => {
    const { url } = await listenWithAcme();
    expect(await askTunnel(url, "api.acme.test:443")).toMatchObject({
      status: 403,
      body: "fauxgen: A tunnel to api.acme.test:443 needs HTTPS. Start fauxgen with --tls, and trust its authority.\n",
    });
  });

  it("is closed if no byte comes within --header-timeout, and when the server closes", async () => {
    const { url, close } = await startWithTls({ headerTimeout: "1s" });
    const { socket } = await askTunnel(url, "api.acme.test:443");
    await readAll(socket);
    const { socket: open } = await askTunnel(url, "api.acme.test:80");
    await close();
    await readAll(open).catch(() => "");
    expect(open.closed || open.readableEnded).toBe(true);
  });

  it.each([
    ["nothing came through", ""],
    ["a handshake stopped half-way", "\x16\x03\x01"],
    ["a request stopped half-way", "GET / HTTP/1.1\r\n"],
  ])("does not delay the server's end if %s, with time-outs of minutes", async (_what, bytes) => {
    const { url, tlsUrl = "", close, authority } = await startWithTls();
    const { socket } = await askTunnel(url, "api.acme.test:443");
    const secure = connectTls({ host: "127.0.0.1", port: Number(new URL(tlsUrl).port), ca: authority });
    secure.write("CONNECT api.acme.test:443 HTTP/1.1\r\nhost: x\r\n\r\n");
    await once(secure, "data");
    const ended = [socket, secure].map((each) => readAll(each.on("error", () => undefined)).catch(() => ""));
    for (const each of [socket, secure]) if (bytes !== "") each.write(bytes, "latin1");
    await close();
    await Promise.all(ended);
  });

  it("is closed when its client leaves before the first byte", async () => {
    const { url } = await startWithTls();
    const { socket } = await askTunnel(url, "api.acme.test:443");
    const closed = once(socket, "close");
    socket.resume().end();
    await closed;
    expect(socket.readableEnded).toBe(true);
  });
});

describe("CONNECT to another target", () => {
  it.each([
    "example.com:443",
    "127.0.0.1:22",
    "169.254.169.254:80",
    "localhost:4600",
    "[::1]:443",
    "api.acme.test",
    "api.acme.test:",
    "evil.api.acme.test:443",
    "api.acme.test.evil.example:443",
    "api.acme.test@evil.example:443",
    "api.acme.test:443:443",
    "http://api.acme.test:443",
    "*:443",
    "api.acme.test:0",
    "api.acme.test:00443",
    "api.acme.test:65536",
  ])("is refused: %s", async (target) => {
    const { url } = await startWithTls();
    const { status, body, type } = await askTunnel(url, target);
    expect(status).toBe(403);
    expect(type).toContain("text/plain");
    expect(body).toBe(
      "fauxgen: This proxy opens tunnels only to api.acme.test, api.bolt.test. For other hosts, set NO_PROXY or use another proxy.\n",
    );
  });
});

describe("a request for a whole URL, as clients send it to a proxy", () => {
  const ask = async (url: string, target: string): Promise<string> =>
    sendRaw(url, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);

  it.each([
    "http://example.com/acme/health",
    "http://example.com:80",
    "https://api.acme.test.example.com/acme/health",
    "http://api.acme.test@example.com/acme/health",
    "http://example.com./_fauxgen/ready",
  ])("is refused with the line of a tunnel if its host is another: %s", async (target) => {
    const { url } = await listenWithAcme();
    const answer = await ask(url, target);
    expect(statusesOf(answer)).toEqual([403]);
    expect(answer).toMatch(/\r\ncontent-type: text\/plain; charset=utf-8\r\n/);
    expect(answer).toMatch(
      /\r\n\r\nfauxgen: This proxy opens tunnels only to api\.acme\.test, api\.bolt\.test\. [^\n]+\n$/,
    );
  });

  it.each([
    "http://api.acme.test/acme/health",
    "HTTP://API.Acme.Test.:80/acme/health",
    "http://someone@127.0.0.1:9/acme/health",
    "http://[::1]:9/acme/health",
    "http://fauxgen:4600/acme/health",
    "http://media.example.com/acme/health",
    "http://named.example.com/acme/health",
  ])("is answered if its host is a vendor's or the server's own: %s", async (target) => {
    const { url } = await startWithTls({ publicUrl: "https://media.example.com", tlsNames: "named.example.com" });
    expect(statusesOf(await ask(url, target))).toEqual([200]);
  });
});
