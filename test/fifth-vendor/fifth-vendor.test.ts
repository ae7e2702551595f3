/** Follows the recipe of docs/contributing.md, and tests that the added vendor works beside the others. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type * as Library from "../../src/index.ts";
import type * as VendorList from "../../src/vendors/index.ts";
import type * as Matching from "../contract/matching.ts";
import { run, type Ended } from "../support/run.ts";
import type * as TestApp from "../support/app.ts";
import type * as Provoke from "../support/provoke.ts";
import { addVendorByRecipe, type Copy } from "./recipe.ts";

/** Code that a user's test can contain after the vendor was added. */
const USES = `
import type { NewRule, SandboxHandle } from "./src/index.ts";
export const keyOf = (sandbox: SandboxHandle): string => sandbox.acme.apiKey;
export const rule: NewRule = { when: { vendor: "acme", operation: "getInk" }, fault: { status: 500 } };
`;

const COMPILER = { extends: "./tsconfig.json", include: ["src", "test/contract/published", "test/client", "uses.ts"] };

/** Tests that run for each vendor; of these, the tests of the added vendor. */
const OF_EACH_VENDOR = [
  "test/vendors/conformance.test.ts",
  "test/vendors/folders.test.ts",
  "test/contract/shapes.test.ts",
  "test/security/ownership.test.ts",
  "test/fidelity.test.ts",
  "test/fuzz/requests.test.ts",
];

/** Tests that use all vendors at once, or check files that list them. */
const OF_ALL_VENDORS = [
  "test/generated.test.ts",
  "test/module-state.test.ts",
  "test/repository/templates.test.ts",
  "test/container/compose.test.ts",
  "test/store/version-files.test.ts",
  "test/security/reflection.test.ts",
];

/** The parts of vitest's report that a failing test shows. */
const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

let copy: Copy;
let loaded: Awaited<ReturnType<typeof load>>;
let compiled: Promise<Ended>;
beforeAll(async () => {
  copy = await addVendorByRecipe();
  loaded = await load(copy.root);
  writeFileSync(join(copy.root, "uses.ts"), USES);
  writeFileSync(join(copy.root, "tsconfig.uses.json"), JSON.stringify(COMPILER));
  // Runs during the other tests, because it takes longer than all of them.
  compiled = run("node", ["node_modules/.bin/tsc", "-p", "tsconfig.uses.json"], copy.root);
  return async () => {
    await compiled;
    copy.remove();
  };
}, 180_000);

const textOf = (file: string): string => readFileSync(join(copy.root, file), "utf8");

/** Loads the modules of the copy, with the types of the repository's modules. */
async function load(root: string) {
  const moduleOf = async (file: string): Promise<unknown> => import(pathToFileURL(join(root, file)).href);
  const { vendors } = (await moduleOf("src/vendors/index.ts")) as typeof VendorList;
  const { startFauxgen } = (await moduleOf("src/index.ts")) as typeof Library;
  const { buildTestWorld } = (await moduleOf("test/support/app.ts")) as typeof TestApp;
  const { provoke } = (await moduleOf("test/support/provoke.ts")) as typeof Provoke;
  const matching = (await moduleOf("test/contract/matching.ts")) as typeof Matching;
  const acme = vendors.find(({ name }) => name === "acme");
  if (acme === undefined) throw new Error("The recipe adds no vendor.");
  return { acme, startFauxgen, buildTestWorld, provoke, ...matching };
}

describe("a vendor that the recipe adds", { timeout: 60_000 }, () => {
  it("has the files that npm run gen generates for it", () => {
    expect(JSON.parse(textOf("openapi/acme.json"))).toMatchObject({
      info: { title: "Acme Pictures, emulated by fauxgen" },
      components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "authorization" } } },
      paths: { "/acme/v1/pictures": { post: expect.any(Object) }, "/acme/v1/ink": { get: expect.any(Object) } },
    });
    expect(textOf("docs/fidelity.md")).toContain("[Acme Pictures](fidelity/acme.md)");
    expect(textOf("docs/fidelity/acme.md")).toContain("# Fidelity: Acme Pictures (`acme`)\n");
    expect(textOf("src/vendors/real-hosts.ts")).toContain('acme: ["api.acme.test"]');
    expect(textOf("docker/compose.yaml")).toContain("          - api.acme.test\n");
    expect(textOf(".github/ISSUE_TEMPLATE/vendor-differs.yml")).toContain("        - acme\n");
    expect(existsSync(join(copy.root, "openapi/vivix.json"))).toBe(true);
  });

  it("changes only the files that the recipe names", () => {
    const page = textOf("docs/contributing.md");
    const [, generated = ""] = /^### 4\. .*?$(.*?)^### 5\. /ms.exec(page) ?? [];
    const named = [...generated.matchAll(/`([.\w-]+\/[^` ]+\.\w+)`/g)].map(([, file = ""]) => file);
    const byHand = ["src/vendors/index.ts", "test/contract/published/lookup.ts", "test/contract/published/acme.ts"];
    const changed = copy.changedFiles().filter((file) => !file.startsWith("src/vendors/acme/"));
    expect(changed.sort()).toEqual([...named, ...byHand].sort());
  });

  it("gives every listed response in its published shape", async () => {
    const { acme, provoke, findPublished, differencesOf, isPublishedVendor } = loaded;
    for (const outcome of acme.outcomes) {
      const { operation, status, code, provoke: request } = outcome;
      const response = await provoke(acme, outcome);
      expect({ status: response.statusCode, body: response.body }).toMatchObject({ status });
      if (code !== undefined) expect(response.body).toContain(code);
      if (!isPublishedVendor(acme.name)) throw new Error("The vendor has no published responses.");
      const published = findPublished(acme.name, { operation, path: request.path, state: code }, response);
      if (published === undefined) throw new Error(`${operation} ${status} ${code ?? ""} is not published.`);
      expect(differencesOf(published, response)).toEqual([]);
    }
  });

  it("supports scenarios, held requests, media and its own errors in a sandbox", async () => {
    const { acme, buildTestWorld } = loaded;
    const world = await buildTestWorld();
    const { app, sandbox, send } = world;
    const draw = (prompt: string) => send(acme, "main", { method: "POST", url: "/acme/v1/pictures", body: { prompt } });
    const get = (url: string, account: string | undefined = "main") => send(acme, account, { method: "GET", url });

    const created = await draw("a hat");
    expect([created.statusCode, created.json()]).toEqual([201, { id: expect.any(String), state: "waiting" }]);
    const url = `/acme/v1/pictures/${created.json<{ id: string }>().id}`;
    const waiting = get(`${url}?wait=true`);
    await new Promise<void>((resolve) => {
      const stop = sandbox.events.follow(() => {
        stop();
        resolve();
      });
    });
    await world.advance("5s");
    const done = (await waiting).json<{ state: string; image: { url: string } }>();
    expect(done.state).toBe("done");
    const picture = await app.inject({ method: "GET", url: new URL(done.image.url).pathname });
    expect([picture.statusCode, picture.headers["content-type"]]).toEqual([200, "image/png"]);

    const failing = await draw("fauxgen:fail=smudged a hat");
    await world.advance("5s");
    const broken = await get(`/acme/v1/pictures/${failing.json<{ id: string }>().id}`);
    expect(broken.json()).toMatchObject({ state: "broken" });
    expect((await get("/acme/v1/ink")).json()).toEqual({ ink: 995 });

    expect((await get(url, "other")).statusCode).toBe(404);
    expect((await app.inject({ method: "GET", url })).json()).toEqual({ code: "bad_key" });
    expect((await get("/acme/v1/nowhere")).json()).toEqual({ code: "no_such_route" });
    expect((await send(acme, "main", { method: "POST", url: "/acme/v1/pictures", body: {} })).json()).toEqual({
      code: "bad_request",
    });
    expect((await app.inject({ method: "GET", url: "/_fauxgen/openapi/acme.json" })).json()).toMatchObject({
      paths: { "/acme/v1/pictures": { post: expect.any(Object) } },
    });
  });

  it("charges the cost that a scenario names", async () => {
    const { acme, buildTestWorld } = loaded;
    const { app, send, advance } = await buildTestWorld();
    const settings = { scenarios: { priced: { cost: 2 } }, scenario: "priced" };
    await app.inject({ method: "PUT", url: "/_fauxgen/sandboxes/world", payload: settings });
    await send(acme, "main", { method: "POST", url: "/acme/v1/pictures", body: { prompt: "a hat" } });
    await advance("5s");
    expect((await send(acme, "main", { method: "GET", url: "/acme/v1/ink" })).json()).toEqual({ ink: 998 });
  });

  it("can be used through a sandbox handle, and matched by a rule", async () => {
    const { startFauxgen } = loaded;
    await using fauxgen = await startFauxgen();
    const sandbox = await fauxgen.sandbox("fifth");
    expect(sandbox).toMatchObject({ acme: { baseUrl: fauxgen.url, apiKey: "fx_fifth_main" } });
    await sandbox.rules.add(
      JSON.parse('{ "when": { "vendor": "acme", "operation": "getInk" }, "fault": { "status": 503 } }'),
    );
    const answer = await fetch(`${fauxgen.url}/acme/v1/ink`, { headers: { authorization: "Token fx_fifth_main" } });
    expect(answer.status).toBe(503);
  });

  it("is shown by fauxgen scenarios with its status responses", async () => {
    const { stdout } = await run("node", ["src/cli.ts", "scenarios", "--vendor", "acme"], copy.root);
    expect(stdout).toMatch(/^ *succeed +200 state=done$/m);
  });

  it("is listed by fauxgen operations", async () => {
    const { stdout } = await run("node", ["src/cli.ts", "operations", "--vendor", "acme"], copy.root);
    expect(stdout).toMatch(/^ {2}acme +getInk +GET +\/acme\/v1\/ink$/m);
  });

  it.each([
    ["of each vendor", OF_EACH_VENDOR, ["-t", "acme"]],
    ["of all vendors", OF_ALL_VENDORS, []],
  ])(
    "passes the repository's tests %s, with no change that the recipe does not name",
    async (_kind, files, options) => {
      const vitest = [
        "node_modules/vitest/vitest.mjs",
        "run",
        "--reporter=json",
        "--outputFile=report.json",
        ...options,
        ...files,
      ];
      await run("node", vitest, copy.root);
      const { testResults } = report.parse(JSON.parse(textOf("report.json")));
      const outcomes = testResults.map(({ name, assertionResults }) => ({
        file: relative(copy.root, name),
        isTested: assertionResults.some(({ status }) => status === "passed"),
        failures: assertionResults.filter(({ status }) => status === "failed"),
      }));
      expect(outcomes.sort((left, right) => left.file.localeCompare(right.file))).toEqual(
        files.toSorted().map((file) => ({ file, isTested: true, failures: [] })),
      );
    },
    180_000,
  );

  it("compiles, and is part of the library's types", async () => {
    const { code, stdout } = await compiled;
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  }, 180_000);
});
