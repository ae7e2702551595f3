/** Tests that the preload sends clients with hard-coded hosts to the emulator and never to the real host. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
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

it("redirects the real hosts of every vendor", () => {
  expect(Object.entries(realHosts)).toEqual(vendors.map(({ name, realHosts: own }) => [name, own]));
});
