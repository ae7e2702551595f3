/** Runs clients that were written after the known clients of docs/clients.md, each as that page says. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SyncClient } from "@sync.so/sdk";
import { SyncClient as OlderSyncClient } from "sync-sdk-0-2";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import type { ConfigInput } from "../../src/config.ts";
import { vendors } from "../../src/vendors/index.ts";
import { run } from "../support/run.ts";
import { listenForTest } from "../support/server.ts";

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const PAGE = readFileSync(path("../../docs/clients.md"), "utf8");
const HARD_CODED = path("clients/hard_coded.py");

/** Returns the row of the page's table about a client, so that each test fails when its row goes. */
function rowOf(client: string): string {
  const row = PAGE.split("\n").find((line) => line.startsWith(`| ${client} `));
  if (row === undefined) throw new Error(`docs/clients.md has no row about ${client}.`);
  return row;
}

async function startServer(values: ConfigInput = {}, document: object = {}): Promise<string> {
  const { url } = await listenForTest({ timing: "instant", ...values });
  const response = await fetch(`${url}/_fauxgen/sandboxes/default`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(document),
  });
  if (!response.ok) throw new Error(await response.text());
  return url;
}

async function call<Schema extends z.ZodType>(
  schema: Schema,
  url: string,
  { body, ...init }: { readonly body?: unknown; readonly method?: string; readonly headers: Record<string, string> },
): Promise<z.infer<Schema>> {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const headers = { "content-type": "application/json", ...init.headers };
  return schema.parse(await (await fetch(url, { ...sent, ...init, headers })).json());
}

/**
 * A script for a new network namespace, whose hosts file gives the vendors' names to the emulator. $1 is the hosts
 * file, $2 the authority, $3 the sandbox's document, $4 the client.
 */
const BY_ALIAS = `
set -eu
ip link set lo up
mount --bind "$1" /etc/hosts
ready=$(mktemp -u); mkfifo "$ready"
node ${path("../../src/cli.ts")} --host 127.0.0.1 --port 80 --tls --tls-port 443 --tls-authority "$2" --unknown-keys default --timing instant --json > "$ready" 2>&1 &
read -r _ < "$ready"
rm "$ready"
curl -sf -X PUT http://127.0.0.1/_fauxgen/sandboxes/default -H 'content-type: application/json' -d "$3" > /dev/null
export SSL_CERT_FILE="$2" CURL_CA_BUNDLE="$2" NODE_EXTRA_CA_CERTS="$2"
export SYNC_API_KEY=a-real-looking-key OXEN_API_KEY=another-key RENDERNET_API_KEY=a-third-key
eval "$4" && code=0 || code=$?
kill %1
exit $code
`;

async function runByAlias(client: string, document: object = {}): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), "fauxgen-clients-"));
  onTestFinished(() => {
    rmSync(scratch, { recursive: true });
  });
  const hosts = join(scratch, "hosts");
  writeFileSync(hosts, `127.0.0.1 localhost ${vendors.map(({ realHosts }) => realHosts[0]).join(" ")}\n`);
  const args = [hosts, join(scratch, "ca.pem"), JSON.stringify(document), client];
  const { code, stdout, stderr } = await run(
    "unshare",
    ["--net", "--mount", "bash", "-c", BY_ALIAS, "run", ...args],
    scratch,
  );
  if (code !== 0)
    throw new Error(`This needs unshare, ip, curl and python3, and the rights to use them.\n${stdout}${stderr}`);
  return stdout;
}

const python = (client: string): string => `python3 ${HARD_CODED} ${client}`;

it("the ComfyUI node reaches api.sync.so by name, and gets a video with sound", async () => {
  expect(rowOf("ComfyUI node")).toContain("`SSL_CERT_FILE`");
  expect(JSON.parse(await runByAlias(python("node_of_sync")))).toEqual(["COMPLETED", "video/mp4", true]);
});

it("the command line tool for Oxen reaches hub.oxen.ai by name", async () => {
  expect(rowOf("`bin/oxen`")).toContain("`--unknown-keys default`");
  expect(JSON.parse(await runByAlias(python("command_of_oxen")))).toEqual(["succeeded", "succeeded", "image/png"]);
});

it("the Flask app for headshots needs two switches: an upload that answers 200, and data.images", async () => {
  const switches = { vendors: { affogato: { uploadStatus: 200, dataImages: true } } };
  expect(rowOf("Flask headshots")).toContain("`uploadStatus: 200`");
  expect(rowOf("Flask headshots")).toContain("`dataImages`");
  expect(JSON.parse(await runByAlias(python("headshots_of_affogato"), switches))).toEqual([202, 1]);
  expect(JSON.parse(await runByAlias(python("headshots_of_affogato")))).toEqual(["upload answered 201"]);
});

it("curl, as the pages of Vivix write it, reaches the vendor's name with CURL_CA_BUNDLE", async () => {
  expect(rowOf("curl")).toContain("`CURL_CA_BUNDLE`");
  const command = `curl -sf https://vivix-atelier.vercel.app/api/v1/credits -H 'Authorization: Bearer vvx_live_mine'`;
  expect(JSON.parse(await runByAlias(command))).toMatchObject({ balance: expect.any(Number) });
});

it.each([
  ["0.3.0", SyncClient],
  ["0.2.3", OlderSyncClient],
] as const)("the SDK %s of sync. takes a base URL", async (_version, Client) => {
  expect(rowOf("`@sync.so/sdk`")).toContain("`baseUrl`");
  const client = new Client({ baseUrl: await startServer(), apiKey: "fx_default_main" });
  const input = [
    { type: "video" as const, url: "https://media.test/v.mp4" },
    { type: "audio" as const, url: "https://media.test/a.wav" },
  ];
  const { id } = await client.generations.create({ model: "lipsync-2", input });
  const done = await client.generations.get(id);
  expect(done.status).toBe("COMPLETED");
  expect((await fetch(String(done.outputUrl))).headers.get("content-type")).toBe("video/mp4");
});

it("an older tool server of sync. sends timeout=55, which the vintage 2026-06 takes", async () => {
  expect(rowOf("`@sync.so/mcp-server`")).toContain("`2026-06`");
  const url = await startServer();
  const headers = { "x-api-key": "fx_default_main", "x-sync-source": "mcp" };
  const input = [
    { type: "video", url: "https://media.test/v.mp4" },
    { type: "audio", url: "https://media.test/a.wav" },
  ];
  const { id } = await call(z.object({ id: z.string() }), `${url}/v2/generate`, {
    headers,
    body: { model: "lipsync-2", input },
  });
  const wait = `${url}/v2/generate/${id}?wait=true&timeout=55`;
  expect(await call(z.object({ status: z.string() }), wait, { headers })).toEqual({ status: "COMPLETED" });
  const newer = await startServer({ vintages: "sync=2026-11" });
  expect((await fetch(wait.replace(url, newer), { headers })).status).toBe(400);
});

it("Scumble asks Oxen for base64 with a key that begins with test-", async () => {
  expect(rowOf("Scumble")).toContain("`test-fx_");
  const base = await startServer();
  const answer = await call(
    z.object({ images: z.array(z.object({ b64_json: z.string() })) }),
    `${base}/api/ai/images/generate`,
    {
      headers: { authorization: "Bearer test-fx_w1_main" },
      body: { model: "flux-3-image", prompt: "an ox", response_format: "b64_json" },
    },
  );
  expect(Buffer.from(answer.images[0]?.b64_json ?? "", "base64").toString("latin1", 1, 4)).toBe("PNG");
});

it("Oxen-Harness finds the base URL in OXEN_BASE_URL, with /api/ai, or in OXEN_HOST, without it", async () => {
  expect(rowOf("Oxen-Harness")).toContain("`OXEN_BASE_URL`");
  const url = await startServer();
  const cli = path("../../src/cli.ts");
  const { stdout } = await run(process.execPath, [cli, "env", "--format", "dotenv"], tmpdir(), { FAUXGEN_URL: url });
  const read = (name: string): string => new RegExp(`^${name}="?([^"\n]+)"?$`, "m").exec(stdout)?.[1] ?? "";
  const headers = { authorization: `Bearer ${read("OXEN_API_KEY")}` };
  for (const base of [read("OXEN_BASE_URL"), `http://${read("OXEN_HOST")}/api/ai`])
    expect((await fetch(`${base}/models`, { headers })).status).toBe(200);
});

const affogatoMedia = z.object({
  data: z.object({
    generation_id: z.string().optional(),
    result: z.string().optional(),
    media: z.array(z.object({ status: z.string(), url: z.string().nullish() })),
  }),
});

it("SelfAI polls affogato below a base URL with /pub/v1 until all media are successful", async () => {
  expect(rowOf("SelfAI")).toContain("`RenderNetOptions__BaseUrl`");
  const base = `${await startServer()}/pub/v1`;
  const headers = { "x-api-key": "fx_default_main" };
  const body = [{ prompt: { positive: "one" } }, { prompt: { positive: "two" } }];
  const { data } = await call(affogatoMedia, `${base}/generations`, { headers, body });
  const read = await call(affogatoMedia, `${base}/generations/${data.generation_id}`, { headers });
  expect(read.data.media.map(({ status }) => status)).toEqual(["success", "success"]);
});

it("the fork of eliza waits for data.result, which the switch dataResult adds", async () => {
  expect(rowOf("a fork of eliza")).toContain("`dataResult`");
  const url = await startServer({}, { vendors: { affogato: { dataResult: true } } });
  const headers = { "x-api-key": "fx_default_main" };
  const { data } = await call(affogatoMedia, `${url}/pub/v1/generations`, {
    headers,
    body: [{ prompt: { positive: "a" } }],
  });
  const read = await call(affogatoMedia, `${url}/pub/v1/generations/${data.generation_id}`, { headers });
  expect(read.data.result).toBe("completed");
});

it("every row of the page says whether it runs here, and names a test of this file if it does", () => {
  const table = PAGE.split("\n").filter((line) => / (?:here|not here)[^|]*\|$/.test(line));
  expect(table.length).toBeGreaterThan(10);
  const here = table.filter((line) => / here *\|$/.test(line) && !/not here *\|$/.test(line));
  const text = readFileSync(path("clients.system.ts"), "utf8");
  const untested = here.filter((line) => !text.includes(`rowOf("${/^\| (.+?) +\|/.exec(line)?.[1]}")`));
  expect(untested).toEqual([]);
  expect(existsSync(HARD_CODED)).toBe(true);
});
