/** Tests that the preload sends clients with hard-coded hosts to the emulator and never to the real host. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { realHosts } from "../../src/vendors/real-hosts.ts";
import { vendors } from "../../src/vendors/index.ts";
import { run } from "../support/run.ts";
import { listenForTest } from "../support/server.ts";

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const runClient = (script: string, environment: Readonly<Record<string, string>>) =>
  run("node", ["--import", here("../../src/intercept/preload.ts"), here(script)], here("."), environment);

it("redirects clients with hard-coded hosts to the emulator, for every common HTTP library", async () => {
  const { url } = await listenForTest();
  const { stdout, stderr, code } = await runClient("client.ts", { FAUXGEN_URL: url });
  expect({ stderr, code }).toMatchObject({ code: 0 });
  expect(JSON.parse(stdout)).toEqual({
    sdk: { created: "PENDING", sameId: true },
    fetch: 200,
    undici: 401,
    https: 200,
    http: 404,
  });
  for (const host of ["api.sync.so", "hub.oxen.ai", "api.rendernet.ai", "vivix-atelier.vercel.app"]) {
    expect(stderr.split(`fauxgen/intercept: ${host} -> ${url}\n`)).toHaveLength(2);
  }
});

it("never connects to the real host, even if the emulator is not running", async () => {
  const { url, close } = await listenForTest();
  await close();
  const { stderr, code } = await runClient("client.ts", { FAUXGEN_URL: url });
  expect(code).toBe(1);
  expect(stderr).toContain(`fauxgen/intercept: api.sync.so -> ${url}`);
  expect(stderr).toContain("fetch failed");
});

describe("URLs in the answers to an intercepted client", () => {
  const app = "../system/hard-coded-host/client.ts";

  it("have https and the vendor's host, as from the vendor, and open in the process", async () => {
    const { url } = await listenForTest({ timing: "instant" });
    const { stdout, stderr } = await runClient(app, { FAUXGEN_URL: url });
    expect(stdout, stderr).toBe("COMPLETED https://api.sync.so video/mp4\n");
  });

  it("have an origin that opens anywhere, if the server or the sandbox names one", async () => {
    const { url } = await listenForTest({ timing: "instant" });
    await fetch(`${url}/_fauxgen/sandboxes/hard-coded`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ mediaUrl: url }),
    });
    const { stdout, stderr } = await runClient(app, { FAUXGEN_URL: url });
    expect(stdout, stderr).toBe(`COMPLETED ${url} video/mp4\n`);
  });
});

it("explains that FAUXGEN_URL is not a fauxgen server", async () => {
  const other = createServer((_request, response) => response.end("other")).listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => {
    other.close();
    other.closeAllConnections();
  });
  other.on("connect", (_request, socket) => socket.end("HTTP/1.1 405 Method Not Allowed\r\n\r\n"));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const program = 'fetch("https://api.sync.so/v2/models").catch(({ cause }) => process.stdout.write(cause.message))';
  const preload = here("../../src/intercept/preload.ts");
  const { stdout } = await run("node", ["--import", preload, "-e", program], here("."), { FAUXGEN_URL: url });
  expect(stdout).toBe(`${url} (FAUXGEN_URL) is not a fauxgen server of this version: HTTP/1.1 405 Method Not Allowed`);
});

it("redirects the real hosts of every vendor", () => {
  expect(Object.entries(realHosts)).toEqual(vendors.map(({ name, realHosts: own }) => [name, own]));
});
