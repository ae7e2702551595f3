/** Tests that the preload sends clients with hard-coded hosts to the emulator and never to the real host. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { realHosts } from "../../src/vendors/real-hosts.ts";
import { vendors } from "../../src/vendors/index.ts";
import { folderOf } from "../support/folder.ts";
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

const ASK_CREDITS = `
  const headers = { authorization: "Bearer vvx_live_fx_intercepted_main" };
  const url = "https://vivix-atelier.vercel.app/api/v1/credits";
  const { get } = require("node:http");
  const ask = async () => (await fetch(url, { headers })).status;
  const askPlainly = () => new Promise((resolve) => get(url.replace("https", "http"), { headers })
    .once("response", (response) => resolve(response.resume().statusCode)).once("error", ({ message }) => resolve(message)));
  Promise.all([ask(), ask(), askPlainly()]).then((answers) => process.stdout.write(JSON.stringify(answers)));
`;

const runProgram = (program: string, environment: Readonly<Record<string, string>>) =>
  run("node", ["--import", here("../../src/intercept/preload.ts"), "-e", program], here("."), environment);

it("redirects to an https FAUXGEN_URL whose authority is trusted, and refuses plain HTTP with the reason", async () => {
  const authority = join(folderOf({}), "ca.pem");
  const { tlsUrl = "" } = await listenForTest({ tls: true, tlsPort: 0, tlsAuthority: authority });
  const environment = { FAUXGEN_URL: tlsUrl, NODE_EXTRA_CA_CERTS: authority };
  const { stdout, stderr } = await runProgram(ASK_CREDITS, environment);
  const why = `the client uses no TLS, and FAUXGEN_URL is ${tlsUrl}; name its http URL`;
  expect(stdout, stderr).toBe(
    JSON.stringify([200, 200, `fauxgen/intercept refused a connection to vivix-atelier.vercel.app: ${why}`]),
  );
  expect(await runProgram(ASK_CREDITS, { FAUXGEN_URL: tlsUrl })).toMatchObject({ code: 1, stdout: "" });
});

it("redirects a client whose proxy is the emulator itself, without --tls too", async () => {
  const { url } = await listenForTest();
  const { stdout, stderr } = await runProgram(ASK_CREDITS, {
    FAUXGEN_URL: url,
    HTTPS_PROXY: url,
    NODE_USE_ENV_PROXY: "1",
  });
  expect(stdout, stderr).toBe("[200,200,200]");
});

it.each([
  ["localhost:4600", '"localhost:4600" is not a URL such as http://127.0.0.1:4600.'],
  ["4600", '"4600" is not a URL such as http://127.0.0.1:4600.'],
  ["ftp://127.0.0.1:4600", '"ftp://127.0.0.1:4600" is not a URL such as http://127.0.0.1:4600.'],
  ["https://API.sync.so/", "api.sync.so is a vendor's host. Name the URL of a fauxgen server."],
  ["http://assets.sync.so", "assets.sync.so is a vendor's host. Name the URL of a fauxgen server."],
])("starts no program while FAUXGEN_URL is %s", async (url, why) => {
  const { code, stdout, stderr } = await runProgram("process.stdout.write('started')", { FAUXGEN_URL: url });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(`TypeError: FAUXGEN_URL: ${why}`);
});

it("redirects the real hosts of every vendor", () => {
  expect(Object.entries(realHosts)).toEqual(vendors.map(({ name, realHosts: own }) => [name, own]));
});
