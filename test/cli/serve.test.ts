/** Tests what `fauxgen serve` prints, how it reads its settings, and how it reports a start that fails. */
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { vendors } from "../../src/vendors/index.ts";
import { endOf, runCommand } from "../support/command.ts";
import { folderOf } from "../support/folder.ts";

const access = z.strictObject({
  baseUrl: z.url(),
  apiKey: z.string().min(1),
  webhookSecret: z.string().nullable(),
  env: z.record(z.string(), z.string()),
});
const ready = z.strictObject({
  url: z.url(),
  tlsUrl: z.url().optional(),
  port: z.number().int().positive(),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  vendors: z.record(z.string(), access),
});

async function startServer(
  args: readonly string[] = [],
  options: Parameters<typeof runCommand>[1] = {},
): Promise<{ command: ReturnType<typeof runCommand>; ready: z.output<typeof ready> }> {
  const command = runCommand(["--port", "0", "--json", ...args], options);
  return { command, ready: ready.parse(JSON.parse(await command.firstLine())) };
}

describe("fauxgen serve", () => {
  it("prints one line of JSON when it is ready, with a working base URL and key for each vendor", async () => {
    const { command, ready } = await startServer();
    expect(Object.keys(ready.vendors)).toEqual(vendors.map(({ name }) => name));
    expect(new URL(ready.url).port).toBe(String(ready.port));
    const health = await fetch(`${ready.url}/_fauxgen/health`);
    expect(await health.json()).toMatchObject({ status: "ok" });
    const answer = await fetch(`${ready.vendors["vivix"]?.baseUrl ?? ""}/api/v1/credits`, {
      headers: { authorization: `Bearer ${ready.vendors["vivix"]?.apiKey ?? ""}` },
    });
    expect(answer.status).toBe(200);
    command.child.kill("SIGTERM");
    const { stdout, stderr, code } = await command.ended;
    expect({ lines: stdout.trimEnd().split("\n").length, stderr, code }).toEqual({ lines: 1, stderr: "", code: 0 });
  });

  it.each(["::1", "[::1]", "0:0:0:0:0:0:0:1"])("listens on the IPv6 address %s, and its URLs open", async (host) => {
    const { command, ready } = await startServer(["--host", host, "--timing", "instant"]);
    expect(ready.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    const { baseUrl = "", apiKey = "" } = ready.vendors["vivix"] ?? {};
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const body = '{"model":"grok-imagine-image-quality","prompt":"a lighthouse"}';
    const created = await fetch(`${baseUrl}/api/v1/generate`, { method: "POST", headers, body });
    const { generation_id: id } = (await created.json()) as { generation_id: string };
    const read = await fetch(`${baseUrl}/api/v1/generations/${id}`, { headers });
    const { output_url: file } = (await read.json()) as { output_url: string };
    expect(file).toContain(ready.url);
    expect((await fetch(file)).status).toBe(200);
    command.child.kill("SIGTERM");
    expect(await command.ended).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    ["[::1", /^fauxgen: --host: write an address or a name without a port/],
    ["localhost:4600", /^fauxgen: --host: write an address or a name without a port/],
    ["no-such-host.invalid", /^fauxgen: no-such-host\.invalid is not a name of this machine\./],
  ])("explains in one line why it cannot listen on %s", async (host, line) => {
    const { code, stderr } = await endOf(["--port", "0", "--host", host]);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(host.endsWith(".invalid") ? 1 : 2);
  });

  it("prints its HTTPS URL, also when --tls-port is 0", async () => {
    const tls = ["--tls", "--tls-port", "0", "--tls-authority", join(folderOf({}), "ca.pem")];
    const { command, ready } = await startServer(tls);
    expect(ready.tlsUrl).toMatch(/^https:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(ready.tlsUrl).not.toContain(`:${ready.port}`);
    command.child.kill("SIGTERM");
    await command.ended;
    const shown = runCommand(["--port", "0", ...tls]);
    expect(await shown.firstLine()).toMatch(/ is ready at http:\/\/127\.0\.0\.1:\d+ and https:\/\/127\.0\.0\.1:\d+$/);
    shown.child.kill("SIGTERM");
    await shown.ended;
  });

  it("prints a table of vendors and environment variables without --json", async () => {
    const command = runCommand(["--port", "0"]);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(await command.firstLine())?.[0] ?? "";
    command.child.kill("SIGINT");
    const { stdout, code } = await command.ended;
    for (const vendor of vendors) {
      const key = vendor.keyFrom("fx_default_main");
      expect(stdout).toMatch(new RegExp(`${vendor.name} +https://${vendor.realHosts[0]} +${url} +${key}\\n`));
      for (const [name, value] of Object.entries(vendor.environment(url, key)))
        expect(stdout).toContain(`  ${name}=${value}\n`);
    }
    expect(code).toBe(0);
  });

  it("prefers a flag to an environment variable, and a variable to the settings file", async () => {
    const cwd = folderOf({ "fauxgen.config.yaml": "json: true\nport: 1\nhost: 127.0.0.1\nexplain: false\n" });
    const command = runCommand(["--port", "0"], { cwd, env: { FAUXGEN_PORT: "2", FAUXGEN_HOST: "127.0.0.2" } });
    const { url } = ready.parse(JSON.parse(await command.firstLine()));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d{4,}$/);
    const answer = await fetch(`${url}/api/v1/credits`);
    expect(answer.headers.has("x-fauxgen-diagnostic")).toBe(false);
  });

  it.each([
    { args: ["--port", "70000"], said: '--port: write a whole number from 0 to 65535 (got "70000")' },
    { args: ["--port", ""], said: '--port: write a whole number from 0 to 65535 (got "")' },
    { args: ["--timing", "soon"], said: "--timing: write fast, instant, realistic, or queued=1s,processing=10s" },
    { env: { FAUXGEN_MAX_SANDBOXES: "many" }, said: "FAUXGEN_MAX_SANDBOXES: write a whole number" },
    { files: { "fauxgen.config.json": '{"port": true}' }, said: "fauxgen.config.json: port: write a whole number" },
    {
      files: { "fauxgen.config.yml": "prot: 1" },
      said: "fauxgen.config.yml:1: prot is not a setting. Did you mean port?",
    },
    { args: ["--config", "none.yaml"], said: "none.yaml: there is no such file" },
    { args: ["--prot", "1"], said: "fauxgen: unknown option '--prot'\n(Did you mean --port?)\nfauxgen --help" },
    { args: ["--scenario", "fial"], said: '--scenario: no scenario "fial". Did you mean fail?' },
    { env: { FAUXGEN_SCENARIO: "slow-jbo" }, said: 'FAUXGEN_SCENARIO: no scenario "slow-jbo". Did you mean slow-job?' },
    { args: ["--scenario", "fail=PROVIDER-ERROR"], said: '--scenario: no code "PROVIDER-ERROR". Did you mean ' },
    {
      files: { "fauxgen.config.yaml": "scenario: stukc" },
      said: 'fauxgen.config.yaml:1: scenario: no scenario "stukc". Did you mean stuck',
    },
    {
      files: { "fauxgen.config.yaml": "json: true\nport: *p\n" },
      said: "fauxgen.config.yaml:2: the alias *p has no anchor &p before it",
    },
    {
      files: { "fauxgen.config.yaml": "port: 0", "fauxgen.config.json": "{}" },
      said: "fauxgen.config.yaml and fauxgen.config.json both have settings; keep one of them",
    },
    {
      args: ["--log-level", "wran"],
      said: '--log-level: is "wran"; give silent, error, warn, info or debug. Did you mean warn?',
    },
    {
      args: ["--public-url", "localhost:4600"],
      said: "--public-url: the scheme is missing; write http://localhost:4600",
    },
    { args: ["--public-url", "ftp://x"], said: "--public-url: write an http or https URL, such as https://" },
    {
      args: ["--public-url", "http://x/a?b=1"],
      said: "with a query or a fragment cannot have paths below it; write http://x/a",
    },
    {
      args: ["--webhook-host-rewrite", "a"],
      said: '"a=" is not a pair of hosts; write localhost=host.docker.internal',
    },
    { args: ["--webhook-host-rewrite", "=x"], said: '"=x" is not a pair of hosts' },
    { args: ["--webhook-host-rewrite", "localhost="], said: '"localhost=" is not a pair of hosts' },
    {
      args: ["--webhooks-allow", "http://hooks.example.com"],
      said: '--webhooks-allow: "http://hooks.example.com" is not a host; write hooks.example.com',
    },
    { args: ["--vintages", "snyc=2026-11"], said: '--vintages: no vendor "snyc". Did you mean sync?' },
    { args: ["--vintages", "sync=2025-01"], said: '--vintages: sync has no version "2025-01".' },
    { args: ["--tls", "--port", "4643"], said: "--tls-port: HTTP listens on 4643 already; write another port" },
    { args: ["--tls-names", "fauxgen"], said: "--tls-names: is used only with --tls; add it, or leave this out" },
    { env: { FAUXGEN_TLS_PORT: "0" }, said: "FAUXGEN_TLS_PORT: is used only with --tls" },
    {
      args: ["--upload-bytes", "1GiB", "--upload-total-bytes", "1MiB"],
      said: "--upload-bytes: is more than --upload-total-bytes, and one file cannot",
    },
    {
      args: ["--header-timeout", "10m"],
      env: { FAUXGEN_REQUEST_TIMEOUT: "1m" },
      said: "--header-timeout: is more than FAUXGEN_REQUEST_TIMEOUT, and a request's headers are a part",
    },
    { args: ["--public-url", "http://x:0"], said: "--public-url: nothing can be opened on port 0" },
    { args: ["--max-header-bytes", "10"], said: "--max-header-bytes: write at least 1KiB" },
    { args: ["--journal-bytes", "0"], said: "--journal-bytes: write at least 1KiB" },
    { args: ["--sandbox-ttl", "0"], said: "--sandbox-ttl: write more than 0, such as 30s" },
    { args: ["--seed", ""], said: "--seed: write at least one character" },
    { env: { FAUXGEN_SOUND: "yes" }, said: 'FAUXGEN_SOUND: write true or false (got "yes")' },
    { args: ["--control-token", "schlüssel"], said: "--control-token: write ASCII without spaces" },
    { args: ["--cors", "https://a.test/"], said: '--cors: "https://a.test/" is not an origin; write https://a.test' },
    { args: ["--cors", "a.test"], said: '"a.test" is not an origin; write https://a.test' },
    { args: ["--timing", "fats"], said: 'there is no "fats". Did you mean fast?' },
    { args: ["--timing", "queued=1s,procesing=2s"], said: 'there is no "procesing". Did you mean processing?' },
    { args: ["--timing", "queued=1s,queued=2s"], said: "queued has two values" },
    { args: ["--webhook-host-rewrite", "a=b,a=c"], said: "a has two values; keep one of them" },
    { files: { "fauxgen.config.yaml": "json: true\nseed:\n" }, said: "fauxgen.config.yaml:2: seed: has no value" },
    { args: ["srve"], said: 'no command "srve". Did you mean serve?' },
  ])("refuses a wrong setting or command with: $said", async ({ args = [], env = {}, files = {}, said }) => {
    const { code, stdout, stderr } = await endOf(args, { env, cwd: folderOf(files) });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
  });

  it("says that --data names a folder", async () => {
    const folder = folderOf({});
    const { stderr } = await endOf(["--data", folder]);
    expect(stderr).toBe(`fauxgen: ${folder} is a folder; name a file in it, such as ${join(folder, "fauxgen.db")}.\n`);
  });

  it("warns of unknown environment variables that begin with FAUXGEN_", async () => {
    const { command } = await startServer([], {
      env: { FAUXGEN_PROT: "1", FAUXGEN_NOTHING_OF_OURS: "1", FAUXGEN_URL: "http://x", FAUXGEN_VIVIX_KEY: "k" },
    });
    command.child.kill("SIGTERM");
    const { stderr } = await command.ended;
    expect(stderr.trimEnd().split("\n").sort()).toEqual([
      "fauxgen: FAUXGEN_NOTHING_OF_OURS is not a setting and is ignored.",
      "fauxgen: FAUXGEN_PROT is not a setting and is ignored. Did you mean FAUXGEN_PORT?",
    ]);
  });

  it("names the process that uses its port, in one line", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await endOf(["--port", String(port)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^fauxgen: 127\\.0\\.0\\.1:${port} is in use by .*${process.pid}.*\\n$`));
  });

  it("says that another fauxgen uses its port", async () => {
    const { ready } = await startServer();
    const { code, stderr } = await endOf(["--port", String(ready.port)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^fauxgen: 127\\.0\\.0\\.1:${ready.port} is in use by another fauxgen .*\\n$`));
  });
});
