/** Runs the cases of the packed package as tests of node:test and of Jest, with a sound client and a careless one. */
import { beforeAll, describe, expect, inject, it } from "vitest";
import { makeProject } from "./packed.ts";
import { run, type Ended } from "../support/run.ts";

const CLIENT = `
  export const render = (settles) => async ({ baseUrl, apiKey }) => {
    const headers = { authorization: "Bearer " + apiKey, "content-type": "application/json" };
    const json = async (path, init) => {
      const response = await fetch(baseUrl + path, { ...init, headers });
      if (!response.ok) throw new Error("Answered " + response.status);
      return response.json();
    };
    const body = JSON.stringify({ model: "grok-imagine-image-quality", prompt: "a lighthouse" });
    const { generation_id } = await json("/api/v1/generate", { method: "POST", body });
    for (;;) {
      const state = await json("/api/v1/generations/" + generation_id);
      if (state.status === "completed") return (await fetch(state.output_url)).arrayBuffer();
      if (state.status === "failed") return settles(state);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  export const sound = render((state) => { throw new Error(state.message); });
  export const careless = render(() => undefined);`;

const IMPORTS = `
  import { startFauxgen } from "fauxgen";
  import { cases } from "fauxgen/conformance";
  import { sound, careless } from "./client.js";
  const client = process.env.CLIENT === "careless" ? careless : sound;
  const match = ["vivix/lifecycle/fails", "vivix/lifecycle/already-over", "vivix/evolution/other-ids"];
  const found = await cases("vivix", { match });`;

const LOOP = `
  for (const each of found)
    test(each.title, async () => {
      await using sandbox = await fauxgen.sandbox("conformance");
      const { verdict } = await each.run(sandbox, () => client(sandbox.vivix));
      if (verdict !== "pass") throw new Error(each.id + " is " + verdict);
    });`;

const files = {
  "package.json": `{ "type": "module" }`,
  "client.js": CLIENT,
  "node.test.mjs": `
    import test from "node:test";${IMPORTS}
    const fauxgen = await startFauxgen();
    test.after(() => fauxgen.close());${LOOP}`,
  // Jest's parser does not know \`await using\`.
  "jest.test.js": `${IMPORTS}
    let fauxgen;
    beforeAll(async () => { fauxgen = await startFauxgen(); });
    afterAll(() => fauxgen.close());${LOOP.replace("await using sandbox", "const sandbox")}`,
};

const packed = inject("packed");

describe("the loop over the cases, in a project with the packed package", { timeout: 240_000 }, () => {
  let project: string;
  beforeAll(async () => {
    project = await makeProject(packed, "conformance", files, ["jest"]);
  }, 240_000);

  const underNode = (client: string): Promise<Ended> =>
    run(process.execPath, ["--test", "--test-reporter", "tap", "node.test.mjs"], project, { CLIENT: client });
  const underJest = (client: string): Promise<Ended> =>
    run("npx", ["--no-install", "jest", "jest.test.js"], project, {
      CLIENT: client,
      NODE_OPTIONS: "--experimental-vm-modules",
    });

  it("passes under node:test with a sound client, and fails the case of a failed job with a careless one", async () => {
    const sound = await underNode("sound");
    expect(sound.code, sound.stdout + sound.stderr).toBe(0);
    expect(sound.stdout).toMatch(/^# pass 3$/m);
    const careless = await underNode("careless");
    expect(careless.code).toBe(1);
    expect(careless.stdout).toMatch(/^# pass 2$/m);
    expect(careless.stdout).toMatch(/^# fail 1$/m);
    expect(careless.stdout).toMatch(/fail +vivix\/lifecycle\/fails/);
  });

  it("passes under Jest with a sound client, and fails the case of a failed job with a careless one", async () => {
    const sound = await underJest("sound");
    expect(sound.code, sound.stdout + sound.stderr).toBe(0);
    expect(sound.stderr).toMatch(/3 passed, 3 total/);
    const careless = await underJest("careless");
    expect(careless.code).toBe(1);
    expect(careless.stderr).toMatch(/1 failed, 2 passed, 3 total/);
    expect(careless.stderr).toMatch(/fail +vivix\/lifecycle\/fails/);
  });
});
