/** Tests `fauxgen conform` as a command, with a small client that is sound in some ways and not in others. */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { endOf } from "../../support/command.ts";

/** Renders one picture: reads a job until it has ended, survives errors of reads, and repeats no create. */
const CLIENT = `
import { setTimeout as pause } from "node:timers/promises";
const { FAUXGEN_VIVIX_URL: url, FAUXGEN_VIVIX_KEY: key, BROKEN } = process.env;
const headers = { authorization: "Bearer " + key, "content-type": "application/json" };
const body = JSON.stringify({ model: "grok-imagine-image-quality", prompt: "a lighthouse" });
const made = await fetch(url + "/api/v1/generate", { method: "POST", headers, body });
if (!made.ok) { console.log("refused", made.status); process.exit(1); }
const { generation_id: id } = await made.json();
for (;;) {
  await pause(100);
  const read = await fetch(url + "/api/v1/generations/" + id, { headers }).catch(() => undefined);
  if (read === undefined || (!read.ok && BROKEN === undefined)) continue;
  const job = await read.json().catch(() => ({}));
  if (job.status === "failed" && BROKEN !== "loops") process.exit(1);
  if (job.status !== "completed") continue;
  const file = await fetch(job.output_url);
  await file.arrayBuffer();
  process.exit(file.ok ? 0 : 1);
}
`;

function folderWithClient(): string {
  const folder = mkdtempSync(join(tmpdir(), "conform-"));
  writeFileSync(join(folder, "client.mjs"), CLIENT);
  return folder;
}

async function conform(args: readonly string[], { cwd = folderWithClient(), env = {} } = {}) {
  const ended = await endOf(["conform", "--vendor", "vivix", ...args], { cwd, env });
  return { ...ended, cwd };
}

const CLIENT_COMMAND = ["--", process.execPath, "client.mjs"] as const;

describe("fauxgen conform", { timeout: 60_000 }, () => {
  it("lists cases as text and as JSON without running anything", async () => {
    const listed = await conform(["--cases", "vivix/lifecycle/fails*", "--list"]);
    expect(listed.stdout).toMatch(/^vivix\/lifecycle\/fails +vivix ends the job as failed\n/);
    expect(listed.stdout).toMatch(/\n3 cases\n$/);
    const asJson = await conform(["--cases", "vivix/lifecycle/fails", "--list", "--json"]);
    expect(JSON.parse(asJson.stdout)).toMatchObject([{ id: "vivix/lifecycle/fails", family: "lifecycle", needs: [] }]);
  });

  it("runs the command once per case and ends with 0 if nothing fails", async () => {
    const ended = await conform([
      "--cases",
      "vivix/lifecycle/*fails*",
      "--cases",
      "*/read-502-page",
      ...CLIENT_COMMAND,
    ]);
    expect(
      ended.stdout
        .split("\n")
        .slice(0, 4)
        .map((line) => line.split(/ +/).slice(0, 2).join(" "))
        .sort(),
    ).toEqual([
      "pass vivix/lifecycle/fails",
      "pass vivix/lifecycle/fails-at-once",
      "pass vivix/lifecycle/fails-transient",
      "pass vivix/server/read-502-page",
    ]);
    expect(ended.stdout).toMatch(/\n4 cases: 4 pass\n$/);
    expect([ended.code, ended.stderr]).toEqual([0, ""]);
  });

  it("ends with 1 and says what was expected and seen if a case fails or hangs", async () => {
    const args = [
      "--cases",
      "*/read-502-page",
      "--cases",
      "*/lifecycle/fails",
      "--case-timeout",
      "3500ms",
      ...CLIENT_COMMAND,
    ];
    const ended = await conform(args, { env: { BROKEN: "loops" } });
    expect(ended.stdout).toContain("hang          vivix/lifecycle/fails ");
    expect(ended.stdout).toMatch(/expected: the command ends in time; the command was still running after 3\.\d s/);
    expect(ended.stdout).toContain("1 failed that are not listed as known.");
    expect(ended.code).toBe(1);
  });

  it("accepts known failures, and fails for one that passes by now", async () => {
    const cwd = folderWithClient();
    writeFileSync(
      join(cwd, "known.txt"),
      "# our list\nvivix/lifecycle/fails # issue 7\n\nvivix/server/read-502-page\n",
    );
    const args = [
      "--cases",
      "*/read-502-page",
      "--cases",
      "*/lifecycle/fails",
      "--case-timeout",
      "3500ms",
      "--known",
      "known.txt",
    ];
    const ended = await conform([...args, ...CLIENT_COMMAND], { cwd, env: { BROKEN: "loops" } });
    expect(ended.stdout).toContain("(known)");
    expect(ended.stdout).toContain("vivix/server/read-502-page passes; take it off the list of known failures.");
    expect(ended.code).toBe(1);
  });

  it("runs several named clients and writes every report", async () => {
    const node = JSON.stringify(process.execPath);
    const ended = await conform(
      [
        ...["--cases", "*/lifecycle/fails", "--case-timeout", "3500ms"],
        ...["--client", `sound=${node} client.mjs`, "--client", `loops=BROKEN=loops ${node} client.mjs`],
        ...["junit", "html", "json", "markdown"].flatMap((kind) => ["--report", `${kind}=out/report.${kind}`]),
        ...["--artifacts", "kept"],
      ],
      { env: { GITHUB_STEP_SUMMARY: "" } },
    );
    const report = (kind: string): string => readFileSync(join(ended.cwd, `out/report.${kind}`), "utf8");
    expect(JSON.parse(report("json"))).toMatchObject({
      format: "fauxgen-conformance",
      isGood: false,
      clients: ["sound", "loops"],
      cases: [{ id: "vivix/lifecycle/fails" }],
      results: [
        { client: "sound", verdict: "pass" },
        {
          client: "loops",
          verdict: "hang",
          timeline: expect.arrayContaining([expect.objectContaining({ kind: "request" })]),
        },
      ],
    });
    expect(report("junit")).toMatch(/<testsuite name="loops" tests="1" failures="1">/);
    expect(report("markdown")).toContain("| `vivix/lifecycle/fails`<br>vivix ends the job as failed | pass | hang |");
    expect(report("html")).toContain("<!doctype html>");
    expect(readdirSync(join(ended.cwd, "kept"))).toEqual(["loops-vivix-lifecycle-fails.bundle.json"]);
    expect(ended.code).toBe(1);
  });

  it("redirects a client with a hard-coded host by --tls, with a proxy and an authority that it trusts", async () => {
    const cwd = folderWithClient();
    const hard = CLIENT.replace("FAUXGEN_VIVIX_URL: url, ", "").replace(
      "const headers",
      'const url = "https://vivix-atelier.vercel.app";\nconst headers',
    );
    writeFileSync(join(cwd, "client.mjs"), hard);
    const ended = await conform(["--cases", "*/lifecycle/fails", "--tls", ...CLIENT_COMMAND], { cwd });
    expect(ended.stdout).toMatch(/\n1 cases: 1 pass\n$/);
  });

  it("writes the summary of a step in GitHub Actions by itself", async () => {
    const cwd = folderWithClient();
    const summary = join(cwd, "summary.md");
    writeFileSync(summary, "before\n");
    await conform(["--cases", "*/lifecycle/fails", ...CLIENT_COMMAND], { cwd, env: { GITHUB_STEP_SUMMARY: summary } });
    expect(readFileSync(summary, "utf8")).toMatch(/^before\n## Conformance\n\n- \*\*client\*\*: 1 pass\n/);
  });

  it("says what the client printed if it does not even do its main job", async () => {
    const ended = await conform(["--", process.execPath, "-e", "console.log('no key'); process.exit(3)"]);
    expect(ended.stderr).toMatch(
      /client does not pass vivix\/lifecycle\/succeeds, where all goes well: 0 jobs were made/,
    );
    expect(ended.stderr).toContain("It printed:\nno key");
    expect(ended.code).toBe(1);
  });

  it.each([
    [
      ["--cases", "vivix/lifecycle/failz", ...CLIENT_COMMAND],
      /--cases: no case is called vivix\/lifecycle\/failz\. Did you mean vivix\/lifecycle\/fails/,
    ],
    [["--cases", "*/fails"], /write the client's command/],
    [["--client", "a=b", ...CLIENT_COMMAND], /either after -- or with --client/],
    [["--report", "pdf=x", ...CLIENT_COMMAND], /pdf is not a kind of report; use junit, html, json, markdown/],
    [["--known", "nowhere", ...CLIENT_COMMAND], /--known: nowhere cannot be read/],
    [["--case-folder", "nowhere", ...CLIENT_COMMAND], /nowhere: there is no such folder/],
    [["--case-timeout", "soon", ...CLIENT_COMMAND], /Write a duration/],
  ])("refuses %j with 2 and says why", async (args, message) => {
    const ended = await conform(args);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(2);
  });

  it("names a command that is not there", async () => {
    const ended = await conform(["--", "no-such-program"]);
    expect(ended.stderr).toContain("conform: command not found: no-such-program");
    expect(ended.code).toBe(127);
  });
});
