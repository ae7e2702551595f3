/** Tests where webhooks may be sent: the address of the connection decides. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { DestinationRefused, Destinations, type DestinationSettings } from "../../src/delivery/destinations.ts";
import { WebhookSender } from "../../src/delivery/sender.ts";
import { createWallClock } from "../../src/engine/base/clock.ts";
import { startReceiver } from "../support/receiver.ts";
import { buildWebhookWorld } from "../support/acme-webhooks.ts";

const nothing: DestinationSettings = { allow: [], rewrite: {} };

const post = async (url: string, settings: Partial<DestinationSettings> = {}, isContained = false) =>
  new WebhookSender(new Destinations({ ...nothing, ...settings }), createWallClock(), isContained).send(
    {
      url,
      headers: [["Host", new URL(url).host]],
      body: Buffer.from("{}"),
      timeoutMs: 3000,
      sendOverMs: 0,
      onWritten: () => undefined,
    },
    new AbortController().signal,
  );

describe("for a receiver's address,", () => {
  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[fd00:ec2::254]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::a9fe:a9fe]/",
    "http://[::169.254.169.254]/",
    "http://[::ffff:0:169.254.169.254]/",
    "http://[2002:a9fe:a9fe::]/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://224.0.0.1/",
    // Other notations of 169.254.169.254, which the URL parser resolves.
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://0xa9.254.0251.0xfe/",
    "http://169.254.43518/",
    "http://169.254.169.254./",
    "http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/",
  ])("%s is never called, even if every host is allowed", async (url) => {
    const reception = await post(url, { allow: ["*"] });
    expect(reception).toMatchObject({ ending: "refused", error: { code: "DESTINATION_REFUSED" } });
    expect(reception.error?.message).toContain("never");
  });

  it.each(["http://93.184.216.34/", "http://100.64.0.1/", "http://[2606:2800:220:1::1]/", "http://172.32.0.1/"])(
    "%s is only called if it is allowed",
    (url) => {
      expect(() => new Destinations(nothing).targetOf(url)).toThrow(DestinationRefused);
      const host = new URL(url).hostname;
      expect(() => new Destinations({ ...nothing, allow: [host] }).targetOf(url)).not.toThrow();
    },
  );

  it.each(["http://127.0.0.1/", "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.1.1/", "http://[fd12::1]/"])(
    "%s is called without permission",
    (url) => {
      expect(() => new Destinations(nothing).targetOf(url)).not.toThrow();
    },
  );
});

describe("for a receiver's name,", () => {
  const resolve = (name: string, allow: readonly string[] = []) =>
    new Promise((answer) => {
      new Destinations({ ...nothing, allow }).lookup(name, { all: true }, (error, addresses) => {
        answer(error ?? addresses);
      });
    });

  it("a name is checked by the address that it resolves to", async () => {
    expect(await resolve("localhost")).toEqual(
      expect.arrayContaining([expect.objectContaining({ address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) })]),
    );
    // Resolvers return an address for its own text, so the text stands for a name with that address.
    expect(await resolve("169.254.169.254", ["*"])).toBeInstanceOf(DestinationRefused);
    expect(await resolve("93.184.216.34")).toBeInstanceOf(DestinationRefused);
    expect(await resolve("93.184.216.34", ["93.184.216.34"])).toHaveLength(1);
  });

  it.each([
    "app",
    "app.localhost",
    "host.docker.internal",
    "hooks.test",
    "db.ns.svc.cluster.local",
    "app.shop_default",
  ])("%s belongs to this machine or a private network, and is looked up", (name) => {
    expect(new Destinations(nothing).targetOf(`http://${name}:3000/`)).toMatchObject({ host: name });
  });

  it.each(["example.com", "hooks.example.com.", "müller.example", "169.254.169.254.nip.io", "internal.example.com"])(
    "%s is not looked up unless it is allowed",
    (name) => {
      const url = `http://${name}/hook`;
      const { hostname } = new URL(url);
      const ask = (settings: Partial<DestinationSettings>) => () =>
        new Destinations({ ...nothing, ...settings }).targetOf(url);
      expect(ask({})).toThrow(`--webhooks-allow ${hostname}`);
      expect(ask({ allow: [hostname] })).not.toThrow();
      expect(ask({ rewrite: { [hostname]: "app:3000" } })()).toMatchObject({ host: "app", port: 3000 });
    },
  );

  it("a name in the hosts file is looked up, even if its ending is public", () => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const hosts = join(folder, "hosts");
    writeFileSync(hosts, "127.0.0.1 localhost\n127.0.0.1\tApp.example.com shop.example.com # not.example.com\n");
    const destinations = new Destinations(nothing, hosts);
    for (const name of ["app.example.com", "shop.example.com"])
      expect(destinations.targetOf(`http://${name}/`)).toMatchObject({ host: name });
    expect(() => destinations.targetOf("http://not.example.com/")).toThrow(DestinationRefused);
  });

  it("a host is allowed by its exact name or by a wildcard", () => {
    const allowed = (allow: string, url: string): boolean => {
      try {
        new Destinations({ ...nothing, allow: [allow] }).targetOf(url);
        return true;
      } catch {
        return false;
      }
    };
    expect(allowed("*", "http://93.184.216.34/")).toBe(true);
    expect(allowed("93.184.216.34", "http://93.184.216.34/")).toBe(true);
    expect(allowed("*.216.34", "http://93.184.216.34/")).toBe(true);
    expect(allowed("216.34", "http://93.184.216.34/")).toBe(false);
  });

  it.each(["localhost", "app.localhost"])("%s reaches a receiver on this machine", async (name) => {
    const receiver = await startReceiver();
    const reception = await post(receiver.url.replace("127.0.0.1", name));
    expect(reception).toMatchObject({ ending: "answered", status: 200 });
    expect(receiver.received[0]?.headers.host).toBe(new URL(receiver.url).host.replace("127.0.0.1", name));
  });
});

describe("for a webhook URL,", () => {
  it.each(["ftp://127.0.0.1/", "file:///etc/passwd", "javascript:alert(1)", "nonsense"])(
    "%s is refused as a webhook URL",
    (url) => {
      expect(() => new Destinations(nothing).targetOf(url)).toThrow(DestinationRefused);
    },
  );

  it.each(["/_fauxgen/sandboxes/default/reset", "/%5Ffauxgen/sandboxes/default/reset", "/_FAUXGEN/"])(
    "the path %s is refused, because the control API of an emulator is not a receiver",
    async (path) => {
      const receiver = await startReceiver();
      expect(await post(`${receiver.url}${path}`)).toMatchObject({ ending: "refused" });
      expect(receiver.received).toHaveLength(0);
    },
  );

  it("credentials in the URL are sent as Basic authorization", async () => {
    const receiver = await startReceiver();
    const { submitTo, pass } = await buildWebhookWorld();
    await submitTo(receiver.url.replace("://", "://user:p%40ss@"));
    await pass("2s");
    expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from("user:p@ss").toString("base64")}`);
  });
});

describe("for a host rewrite,", () => {
  it("a rewrite changes the connection and not the request", async () => {
    const receiver = await startReceiver();
    const { host } = new URL(receiver.url);
    const { submitTo, pass } = await buildWebhookWorld({ webhookHostRewrite: `hooks.test=${host}` });
    await submitTo("http://hooks.test/here?a=1");
    await pass("2s");
    expect(receiver.received).toMatchObject([{ path: "/here?a=1", headers: { host: "hooks.test" } }]);
  });

  it("a rewrite without a port keeps the port of the URL", () => {
    const rewrite = { localhost: "127.0.0.2", "a.test:81": "127.0.0.3:9" };
    const destinations = new Destinations({ allow: [], rewrite });
    expect(destinations.targetOf("http://localhost:3000/x")).toMatchObject({ host: "127.0.0.2", port: 3000 });
    expect(destinations.targetOf("http://a.test:81/")).toMatchObject({ host: "127.0.0.3", port: 9 });
    expect(destinations.targetOf("https://localhost/")).toMatchObject({ port: 443, isTls: true });
  });

  it("a rewrite to a forbidden address is refused", () => {
    const destinations = new Destinations({ allow: ["*"], rewrite: { localhost: "169.254.169.254" } });
    expect(() => destinations.targetOf("http://localhost/")).toThrow(DestinationRefused);
  });
});

describe("for a refused destination,", () => {
  it("the delivery fails at once, and names the option that would allow it", async () => {
    const { submitTo, pass, told } = await buildWebhookWorld();
    await submitTo("http://93.184.216.34/hook");
    await pass("1m");
    expect(told()).toMatchObject([{ status: "failed", attempts: 1 }]);
    expect(told()[0]?.made[0]?.error?.message).toContain("--webhooks-allow 93.184.216.34");
  });
});

describe("for a receiver's answer,", () => {
  it("a redirect is not followed", async () => {
    const elsewhere = await startReceiver();
    const receiver = await startReceiver((response) => response.writeHead(307, { location: elsewhere.url }).end());
    const { submitTo, pass, told } = await buildWebhookWorld();
    await submitTo(receiver.url);
    await pass("2s");
    expect(elsewhere.received).toHaveLength(0);
    expect(told()[0]?.made[0]).toMatchObject({ ending: "answered", status: 307 });
  });

  it("an answer is kept up to a limit, and cut off if it does not end", async () => {
    const receiver = await startReceiver((response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      const pour = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        response.once("drain", pour);
      };
      pour();
    });
    const began = performance.now();
    const reception = await post(receiver.url);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(reception).toMatchObject({ ending: "answered", status: 200, response: { isCut: true } });
    expect(reception.response?.body).toHaveLength(4 * 1024);
  });

  it("an answer counts even if its body never ends", async () => {
    const receiver = await startReceiver((response) => {
      response.writeHead(202);
      response.write("so far");
    });
    const reception = await post(receiver.url);
    expect(reception).toMatchObject({ ending: "answered", status: 202, response: { body: "so far", isCut: true } });
  });

  it("an answer counts even if it arrives before the request body was read", async () => {
    const server = createServer((socket) => {
      socket.once("data", () => {
        socket.end("HTTP/1.1 413 Payload Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      });
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const port = portOf(server);
    const sender = new WebhookSender(new Destinations(nothing), createWallClock(), false);
    const body = Buffer.alloc(8 * 1024 * 1024);
    const headers = [["Content-Length", String(body.length)]] as const;
    const reception = await sender.send(
      { url: `http://127.0.0.1:${port}/`, headers, body, timeoutMs: 3000, sendOverMs: 0, onWritten: () => undefined },
      new AbortController().signal,
    );
    server.close();
    expect(reception).toMatchObject({ ending: "answered", status: 413 });
  });

  it("an answer that is not HTTP is a failed attempt", async () => {
    const server = createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const port = portOf(server);
    const reception = await post(`http://127.0.0.1:${port}/`);
    server.close();
    expect(reception).toMatchObject({ ending: "unreachable", error: { code: "HPE_INVALID_CONSTANT" } });
  });
});

describe("for a refused connection to localhost,", () => {
  it("the error suggests a remedy in a container, and none elsewhere", async () => {
    const contained = await post("http://localhost:1/hook", {}, true);
    expect(contained).toMatchObject({ ending: "unreachable", error: { code: "ECONNREFUSED" } });
    expect(contained.error?.message).toContain("--webhook-host-rewrite localhost=host.docker.internal");
    expect((await post("http://localhost:1/hook")).error?.message).not.toContain("docker");
  });
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

describe("for port 0,", () => {
  it.each(["http://127.0.0.1:0/", "https://localhost:0/hook"])("%s is refused as an invalid port", (url) => {
    expect(() => new Destinations(nothing).targetOf(url)).toThrow(`${url}: no receiver listens on port 0.`);
  });
});
