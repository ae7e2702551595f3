/** Tests what `fauxgen exec` says and keeps of a run: conduct, coverage, what was left over, minimum and artifacts. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { endOf } from "../../support/command.ts";
import { folderOf } from "../../support/folder.ts";

/** A client that uses vivix well, then does `more`. */
const client = (more = ""): string[] => [
  "--",
  process.execPath,
  "--input-type=module",
  "-e",
  `
  const { FAUXGEN_URL: server, FAUXGEN_VIVIX_URL: base, FAUXGEN_VIVIX_KEY: key } = process.env;
  const headers = { authorization: "Bearer " + key, "content-type": "application/json" };
  const ask = (path, options) => fetch(base + path, { headers, ...options });
  const tell = (path, body) => fetch(server + "/_fauxgen" + path, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  await ask("/api/v1/credits");
  ${more}`,
];

const leftOver = `
  await tell("/sandboxes/default/rules", { when: { vendor: "vivix", account: "other" }, fault: { status: 500 } });
  await ask("/api/v1/nothing");
  await fetch(base + "/api/v1/credits");`;

const failing = "process.exitCode = 3;";

const outputOf = async (options: readonly string[], more?: string, env?: Readonly<Record<string, string>>) =>
  endOf(["exec", ...options, ...client(more)], { env: { GITHUB_STEP_SUMMARY: "", ...env } });

describe("the end of fauxgen exec", () => {
  it("is silent about a command that succeeds", async () => {
    expect(await outputOf([], leftOver)).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });

  it("has the report, conduct, what was left over and coverage of a command that fails", async () => {
    const { code, stderr } = await outputOf([], leftOver + failing);
    expect(code).toBe(3);
    const parts = [
      /^\nsandbox default: clock running /,
      /^sandbox default: 1 finding about the conduct of its clients\n {2}warning vivix undocumented-path: .*\n {4}fix: /m,
      /^sandbox default: left over\n {2}rule-1 was never used: .*\n {2}GET \/api\/v1\/nothing matched no route/m,
      /^1 request reached no sandbox or no route:\n {2}GET \/api\/v1\/credits \(401, no-sandbox\)$/m,
      /^coverage of the run: 2 of 6 /m,
      /^vivix getCredits: 2 of 6 \(33\.3 %\), 2 answers\n {2}met 1 time: 200\n {2}met 1 time: 401 UNAUTHORIZED\n {2}missing: /m,
      /\n {2}and 1 more missing\n/,
    ];
    for (const part of parts) expect(stderr).toMatch(part);
    expect(parts.map((part) => stderr.search(part))).toEqual(
      parts.map((part) => stderr.search(part)).toSorted((a, b) => a - b),
    );
  });

  it("has conduct, what was left over and coverage of a command that succeeds with --summary", async () => {
    const clean = await outputOf(["--summary"]);
    expect(clean).toMatchObject({ code: 0, stdout: "" });
    expect(clean.stderr).toMatch(
      /^no findings about the conduct of clients, and nothing left over, in 1 sandbox\ncoverage of the run: 1 of 6 /,
    );
    const { stderr } = await outputOf(["--summary"], leftOver);
    expect(stderr).toMatch(
      /^sandbox default: 1 finding about[\s\S]*^sandbox default: left over[\s\S]*^coverage of the run/m,
    );
  });

  it("tells a kind of finding once, however many requests show it, so that it hides no other", async () => {
    const { stderr } = await outputOf(
      ["--summary"],
      `await ask("/api/v1/credits?page=2");
      for (let n = 0; n < 14; n += 1) await (await ask("/api/v1/unknown" + n)).text();`,
    );
    expect(stderr).toMatch(/^sandbox default: 15 findings about/);
    expect(stderr).toMatch(/^ {2}warning vivix undocumented-path: .* And 13 more of this kind\.\n {4}fix: /m);
    expect(stderr).toMatch(/^ {2}note vivix undocumented-query: .*\n {4}fix: /m);
  });

  it("says that nothing can be told of the requests that had left the journal", async () => {
    const more = 'for (let n = 0; n < 5; n += 1) await (await ask("/api/v1/credits")).text();';
    const { stderr } = await outputOf(["--summary", "--journal-entries", "2"], more);
    expect(stderr).toMatch(
      /^sandbox default: left over\n {2}4 requests had left the journal; what they would have shown cannot be told$/m,
    );
    expect(stderr).not.toContain("no findings");
  });

  it("names a webhook that failed and a sandbox other than that of the keys", async () => {
    const { stderr } = await outputOf(
      ["--summary"],
      `
      await fetch(server + "/_fauxgen/sandboxes/other", { method: "PUT", headers, body: JSON.stringify({
        timing: "instant", accounts: { main: { endpoints: { vivix: [{ url: "http://127.0.0.1:9/hook" }] } } } }) });
      await tell("/sandboxes/other/generations", { vendor: "vivix" });
      await tell("/sandboxes/other/clock/advance", { by: "48h" });
      await fetch(server + "/_fauxgen/sandboxes/other/webhooks/deliveries?status=failed&count=1&within=10s");`,
    );
    expect(stderr).toMatch(
      /^sandbox other: left over\n {2}The webhook \S+ to http:\/\/127\.0\.0\.1:9\/hook failed after \d+ attempts?$/m,
    );
  });

  it("says that no client came", async () => {
    const none = await endOf(["exec", "--summary", "--", process.execPath, "-e", ""], {
      env: { GITHUB_STEP_SUMMARY: "" },
    });
    expect(none.stderr).toBe(
      "no client used this server; clients find it by FAUXGEN_URL and the variables that fauxgen env lists\n" +
        "coverage of the run: no operation was used\n",
    );
  });

  it("tells and keeps what sandboxes showed that the command reset or deleted, as tests do", async () => {
    const folder = join(folderOf({}), "kept");
    const { stderr } = await outputOf(
      ["--summary", "--artifacts", folder],
      `
      const other = { authorization: "Bearer vvx_live_fx_other_main" };
      for (const end of ["reset", "delete", "nothing"]) {
        await fetch(base + "/api/v1/" + end, { headers: other });
        if (end === "reset") await tell("/sandboxes/other/reset");
        if (end === "delete") await fetch(server + "/_fauxgen/sandboxes/other", { method: "DELETE" });
      }
      await fetch(server + "/_fauxgen/sandboxes/unused", { method: "PUT" });
      await fetch(server + "/_fauxgen/sandboxes/unused", { method: "DELETE" });`,
    );
    for (const end of ["reset", "delete", "nothing"])
      expect(stderr).toMatch(new RegExp(`^sandbox other: left over\\n {2}GET /api/v1/${end} matched no route`, "m"));
    expect(readdirSync(folder).filter((name) => !name.includes("."))).toEqual([
      "default",
      "other",
      "other-2",
      "other-3",
    ]);
    const journals = ["other", "other-2", "other-3"].map((name) =>
      readFileSync(join(folder, name, "journal.json"), "utf8"),
    );
    expect(journals.map((text) => /api\/v1\/(\w+)/.exec(text)?.[1])).toEqual(["reset", "delete", "nothing"]);
  });

  it("says nothing of secrets in URLs", async () => {
    const { stderr } = await outputOf(["--summary"], 'await ask("/api/v1/nothing?api_key=sk-secret-1");');
    expect(stderr).toContain("/api/v1/nothing?");
    expect(stderr).not.toContain("sk-secret-1");
  });
});

describe("--min-coverage", () => {
  it("fails a command that succeeds below it, and keeps the exit code of one that fails", async () => {
    const below = await outputOf(["--min-coverage", "80"]);
    expect(below).toMatchObject({
      code: 1,
      stderr: "fauxgen: coverage is 16.6 % (1 of 6 answers), less than the 80 % of --min-coverage\n",
    });
    expect(await outputOf(["--min-coverage", "80"], failing)).toMatchObject({ code: 3 });
    expect(await outputOf(["--min-coverage", "16.6"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("may be given for vendors and classes of status, together", async () => {
    const met = ["--min-coverage", "vivix=10,2xx=100", "--min-coverage", "3xx=100"];
    expect(await outputOf(met)).toMatchObject({ code: 0, stderr: "" });
    const { code, stderr } = await outputOf(["--min-coverage", "4xx=1,sync=1"]);
    expect(code).toBe(1);
    expect(stderr.split("\n")).toEqual([
      "fauxgen: coverage of 4xx is 0 % (0 of 5 answers), less than the 1 % of --min-coverage",
      "fauxgen: coverage of sync is 0 % (0 of 0 answers), less than the 1 % of --min-coverage",
      "",
    ]);
  });

  it("is refused before the command runs if it is not a percentage or names no vendor", async () => {
    expect(await outputOf(["--min-coverage", "lots"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Write a percentage from 0 to 100"),
    });
    expect(await outputOf(["--min-coverage", "vivx=1"])).toMatchObject({
      code: 2,
      stderr: 'fauxgen: --min-coverage: no vendor "vivx". Did you mean vivix?\n',
    });
  });
});

describe("GITHUB_STEP_SUMMARY", () => {
  it("gets the summary as Markdown after what it has, and the command sees the variable too", async () => {
    const folder = folderOf({ "step.md": "# Before\n" });
    const file = join(folder, "step.md");
    const { stderr } = await outputOf([], leftOver, { GITHUB_STEP_SUMMARY: file });
    expect(stderr).toBe("");
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/^# Before\n## fauxgen\n\n```text\nsandbox default: 1 finding/);
    expect(text).toContain("| vivix | getCredits | 2 | 2 of 6 (33.3 %) |  |");
  });

  it("that cannot be written fails a command that succeeds, and is said after one that fails", async () => {
    const env = { GITHUB_STEP_SUMMARY: join(folderOf({}), "missing", "step.md") };
    const said = expect.stringContaining("GITHUB_STEP_SUMMARY cannot be written: ENOENT");
    const kept = join(folderOf({}), "kept");
    expect(await outputOf(["--artifacts", kept], "", env)).toMatchObject({ code: 1, stderr: said });
    // The rest is done all the same.
    expect(readdirSync(kept)).toContain("coverage.json");
    expect(await outputOf([], failing, env)).toMatchObject({ code: 3, stderr: said });
  });
});

describe("--artifacts", () => {
  it("keeps the coverage of the run, and report, bundle, journal, conduct and coverage of each used sandbox", async () => {
    const folder = join(folderOf({}), "kept", "here");
    expect(await outputOf(["--artifacts", folder], leftOver)).toMatchObject({ code: 0 });
    expect(readdirSync(folder).sort()).toEqual([
      "coverage.html",
      "coverage.json",
      "coverage.md",
      "coverage.txt",
      "default",
      "unassigned.json",
    ]);
    const own = join(folder, "default");
    expect(readdirSync(own).sort()).toEqual([
      "bundle.json",
      "conduct.json",
      "coverage.json",
      "journal.json",
      "report.json",
      "report.txt",
    ]);
    const read = (name: string): unknown => JSON.parse(readFileSync(join(own, name), "utf8"));
    expect(read("journal.json")).toMatchObject({ items: { length: 3 }, evicted: 0 });
    expect(read("bundle.json")).toMatchObject({ format: "fauxgen-bundle", sandbox: "default" });
    expect(read("conduct.json")).toMatchObject({ findings: [{ id: "undocumented-path" }] });
    expect(read("coverage.json")).toMatchObject({ sandbox: "default", met: 2 });
    expect(readFileSync(join(own, "report.txt"), "utf8")).toMatch(/^sandbox default: /);
  });

  it("is refused before the command runs if the folder cannot be made", async () => {
    const folder = folderOf({ file: "" });
    const marker = join(folder, "ran");
    const ended = await outputOf(
      ["--artifacts", join(folder, "file", "x")],
      `(await import("node:fs")).writeFileSync(${JSON.stringify(marker)}, "");`,
    );
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("--artifacts") });
    expect(existsSync(marker)).toBe(false);
  });
});
