/** Runs the installed package while Jest fakes its timers, with a server in the process of the test and beside it. */
import { beforeAll, describe, expect, inject, it } from "vitest";
import { makeProject } from "../package/packed.ts";
import { run } from "../support/run.ts";
import { listenForTest } from "../support/server.ts";

/** A user's tests. Jest gives a CommonJS file its `jest` without an import. */
const TESTS = `
let fauxgen;
beforeAll(async () => {
  const { SERVER } = process.env;
  fauxgen = SERVER ? await connectFauxgen(SERVER) : await startFauxgen();
});
afterAll(() => fauxgen.close());
afterEach(() => {
  jest.useRealTimers();
});

test.each([{}, { legacyFakeTimers: true }])("the library works, waits and deliveries included: %j", async (options) => {
  jest.useFakeTimers(options);
  const sandbox = await fauxgen.sandbox("jest-" + (options.legacyFakeTimers ?? false), { clock: { mode: "frozen" } });
  await sandbox.reset();

  const received = [];
  const receiver = createServer((request, response) => {
    received.push(request.headers["sync-signature"]);
    response.end();
  });
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const answer = await fetch(sandbox.sync.baseUrl + "/v2/generate", {
    method: "POST",
    headers: { "x-api-key": sandbox.sync.apiKey, "content-type": "application/json" },
    body: JSON.stringify({
      model: "lipsync-2",
      input: [
        { type: "video", url: "https://app.example/in.mp4" },
        { type: "audio", url: "https://app.example/in.wav" },
      ],
      webhookUrl: "http://127.0.0.1:" + receiver.address().port,
    }),
  });
  expect(answer.status).toBe(201);
  const { id } = await answer.json();

  await sandbox.clock.advance("1h");
  expect((await sandbox.generations.get(id)).phase).toBe("succeeded");
  expect(received).toEqual([expect.stringMatching(/^t=/)]);
  await expect(sandbox.requests.atLeast(5, {}, { within: "100ms" })).rejects.toThrow("Expected at least 5 requests");
  await sandbox.settled();
  expect(jest.getTimerCount()).toBe(0);
  await sandbox.dispose();
  receiver.close();
});
`;

const files = {
  "package.json": '{"type": "module"}',
  "imported.test.mjs": `import { createServer } from "node:http";
    import { jest } from "@jest/globals";
    import { connectFauxgen, startFauxgen } from "fauxgen";${TESTS}`,
  "required.test.cjs": `const { createServer } = require("node:http");
    const { connectFauxgen, startFauxgen } = require("fauxgen");${TESTS}`,
};

describe("under Jest's fake timers", { timeout: 120_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await makeProject(inject("packed"), "jest-timers", files, ["jest@30", "@jest/globals@30"]);
  }, 240_000);

  /** Runs the user's tests, and expects that they pass and that Jest exits by itself. */
  async function expectPasses(fakeTimers: object, env: Readonly<Record<string, string>>): Promise<void> {
    const config = JSON.stringify({ transform: {}, testTimeout: 30_000, fakeTimers });
    const args = ["--no-install", "jest", "--ci", "--config", config];
    const { code, stderr } = await run("npx", args, folder, { NODE_OPTIONS: "--experimental-vm-modules", ...env });
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/Tests: +4 passed, 4 total/);
    expect(stderr).not.toContain("did not exit");
  }

  it("the library works with a server in the process", async () => {
    await expectPasses({}, {});
  });

  it("the library works with a server beside the process", async () => {
    const { url } = await listenForTest();
    await expectPasses({}, { SERVER: url });
  });

  it("the library works if Jest's settings fake the timers before the library is loaded", async () => {
    await expectPasses({ enableGlobally: true }, {});
  });
});
