/** Tests the origin of the URLs that an answer has. */
import type { FastifyRequest } from "fastify";
import { describe, expect, it } from "vitest";
import { originOf, publicOrigin } from "../../../src/http/parsing/public-url.ts";
import { createEngine } from "../../support/engine.ts";

const requestOf = (host: string, prefix = "", localAddress = "127.0.0.1"): FastifyRequest => {
  const request = {
    server: { httpContext: { clientSideOf: () => ({ address: "10.0.0.1", protocol: "http", host, prefix }) } },
    socket: { localAddress, localPort: 4600 },
  };
  return request as unknown as FastifyRequest;
};

describe("the origin of a request", () => {
  it.each(["localhost:4600", "127.0.0.1", "[::1]:4600", "api.sync.so", "my_service"])("has the host %s", (host) => {
    expect(originOf(requestOf(host))).toBe(`http://${host}`);
  });

  it("has the path that proxies cut off", () => {
    expect(originOf(requestOf("proxy.test", "/emulator"))).toBe("http://proxy.test/emulator");
  });

  it.each(["", "a b", "evil.test/path", "a<b", "x".repeat(256), "user@host"])(
    "is the server's own address for the host %j",
    (host) => {
      expect(originOf(requestOf(host))).toBe("http://127.0.0.1:4600");
      expect(originOf(requestOf(host, "", "::1"))).toBe("http://[::1]:4600");
    },
  );
});

describe("the origin of URLs in answers", () => {
  it("is the sandbox's own, if its document names one", () => {
    const { sandboxes } = createEngine();
    const plain = sandboxes.obtain("plain");
    const own = sandboxes.create("own", { mediaUrl: "https://cdn.test/files/" });
    expect(publicOrigin(plain, "http://localhost:1")).toBe("http://localhost:1");
    expect(publicOrigin(own, "http://localhost:1")).toBe("https://cdn.test/files");
  });
});
