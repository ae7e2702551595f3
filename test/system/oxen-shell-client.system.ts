/** The shell client of oxen's documentation: curl follows the events, awk picks the one that is waited for. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { listenForTest } from "../support/server.ts";

const run = promisify(execFile);

/**
 * The steps of the documented script: follow, enqueue, wait for the line after the event's name, cut `data: ` off and
 * look for the id. Only the signal to go on and the awk's own switch for unbuffered input are ours.
 */
const SCRIPT = `
set -eu
events=$(mktemp)
curl -sN -H "Authorization: Bearer $OXEN_API_KEY" "$HOST/api/events" |
  $AWK '/^event: media_generation_completed$/ { getline; print substr($0, 7); fflush() }' > "$events" &
sleep 0.5
id=$(curl -s -X POST "$HOST/api/ai/queue" -H "Authorization: Bearer $OXEN_API_KEY" -H "Content-Type: application/json" \\
  -d "{\\"model\\":\\"flux-3-image\\",\\"prompt\\":\\"$PROMPT\\"}" | sed -E 's/.*"generation_id":"([^"]+)".*/\\1/')
until grep "\\"generation_id\\":\\"$id\\"" "$events"; do sleep 0.05; done
rm "$events"
`;

/** mawk reads in blocks unless it is told not to; other awks read lines. */
function awk(): string {
  const version = spawnSync("awk", ["-W", "version"], { encoding: "utf8", input: "" });
  if (version.error !== undefined) throw new Error(`awk is needed: ${version.error.message}`);
  return /mawk/.test(`${version.stdout}${version.stderr}`) ? "awk -W interactive" : "awk";
}

async function follow(url: string, prompt: string): Promise<Record<string, unknown>> {
  const env = { ...process.env, HOST: url, OXEN_API_KEY: "fx_shell_main", PROMPT: prompt, AWK: awk() };
  // A process group of its own, so that the curl which still follows can be ended with it.
  const child = spawn("bash", ["-c", SCRIPT], { env, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const { pid } = child;
  if (pid === undefined) throw new Error("bash is needed.");
  onTestFinished(() => {
    process.kill(-pid, "SIGKILL");
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await once(child, "close");
  return JSON.parse(output) as Record<string, unknown>;
}

it("gets the URL of what it enqueued, and downloads it", async () => {
  const { url } = await listenForTest();
  const told = await follow(url, "an ox at dawn");
  expect(told).toMatchObject({ status: "succeeded", media_type: "image", model: "flux-3-image" });
  const { stdout } = await run("curl", ["-sf", "-o", "/dev/null", "-w", "%{content_type}", String(told.url)]);
  expect(stdout).toMatch(/^image\//);
});

it("gets the error of what failed", async () => {
  const { url } = await listenForTest();
  expect(await follow(url, "fauxgen:fail an ox")).toMatchObject({ status: "failed", error: expect.any(String) });
});
