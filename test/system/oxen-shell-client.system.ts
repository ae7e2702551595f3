/** Runs the shell client of oxen's documentation: curl follows the events, and awk selects the expected event. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { listenForTest } from "../support/server.ts";

const run = promisify(execFile);

/**
 * The steps of the documented script: follow, enqueue, wait for the line after the event's name, remove `data: ` and
 * search for the id. Only the way to wait for the event differs.
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

/**
 * The awk programs of Debian. The documented client runs unmodified on gawk and original-awk. mawk waits for 4,096
 * bytes of a pipe before it processes the first byte, unless it runs with `-W interactive`.
 */
const AWKS = ["gawk", "original-awk", "mawk -W interactive"];

async function follow(url: string, awk: string, prompt: string): Promise<Record<string, unknown>> {
  const [program = ""] = awk.split(" ");
  if (spawnSync(program, ["1"], { input: "" }).error !== undefined) throw new Error(`${program} is needed.`);
  const env = { ...process.env, HOST: url, OXEN_API_KEY: "fx_shell_main", PROMPT: prompt, AWK: awk };
  // Starts a new process group, so that the curl that still follows the events is killed too.
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

it.each(AWKS)("the shell client with %s gets the URL of its generation, and downloads the output", async (awk) => {
  const { url } = await listenForTest();
  const told = await follow(url, awk, "an ox at dawn");
  expect(told).toMatchObject({ status: "succeeded", media_type: "image", model: "flux-3-image" });
  const { stdout } = await run("curl", ["-sf", "-o", "/dev/null", "-w", "%{content_type}", String(told.url)]);
  expect(stdout).toMatch(/^image\//);
});

it.each(AWKS)("the shell client with %s gets the error of a failed generation", async (awk) => {
  const { url } = await listenForTest();
  expect(await follow(url, awk, "fauxgen:fail an ox")).toMatchObject({ status: "failed", error: expect.any(String) });
});
