/** The peers that a user would pick instead, installed at pinned versions into a folder that is thrown away. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startServer, type Request, type Server } from "./process.ts";

export interface Peer {
  readonly name: string;
  readonly server: Server;
  readonly request: Request;
}

const AIMOCK = "1.43.0";
const WIREMOCK = "3.13.2";

const job = {
  id: "job_1",
  object: "generation",
  status: "succeeded",
  model: "video-gen",
  progress: 100,
  input: { prompt: "a red fox running through snow", duration: 5, aspect_ratio: "16:9" },
  output: { url: "http://127.0.0.1/files/job_1.mp4", width: 1280, height: 720 },
  error: null,
};

export async function startPeers(folder: string): Promise<Peer[]> {
  execFileSync(
    "npm",
    ["install", "--prefix", folder, "--no-audit", "--no-fund", `@copilotkit/aimock@${AIMOCK}`, `wiremock@${WIREMOCK}`],
    { stdio: "inherit" },
  );
  return [await startAimock(folder), await startWiremock(folder)];
}

/** Starts the peer that starts soonest, once {@link startPeers} has installed it. */
export async function startAimock(folder: string): Promise<Peer> {
  const fixtures = join(folder, "aimock.json");
  writeFileSync(
    fixtures,
    JSON.stringify({
      fixtures: [
        {
          match: { endpoint: "video" },
          response: { video: { id: "vid_1", status: "completed", url: "http://127.0.0.1/x.mp4" } },
        },
      ],
    }),
  );
  const port = 4711;
  const cli = join(folder, "node_modules/@copilotkit/aimock/dist/cli.js");
  const server = await startServer(
    "aimock",
    [process.execPath, cli, "--port", String(port), "--fixtures", fixtures, "--log-level", "silent"],
    { port },
  );
  const headers = { authorization: "Bearer key", "content-type": "application/json" };
  const created = await fetch(`http://127.0.0.1:${port}/api/v1/videos`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "video-gen", prompt: "a red fox" }),
  });
  const { id } = (await created.json()) as { id: string };
  return {
    name: `aimock ${AIMOCK}`,
    server,
    request: { method: "GET", path: `/api/v1/videos/${id}`, headers: { authorization: "Bearer key" } },
  };
}

async function startWiremock(folder: string): Promise<Peer> {
  const mappings = join(folder, "wiremock", "mappings");
  mkdirSync(mappings, { recursive: true });
  const stub = {
    request: { method: "GET", urlPathPattern: "/v1/jobs/[^/]+", headers: { Authorization: { matches: "^Bearer .+" } } },
    response: { status: 200, headers: { "Content-Type": "application/json" }, jsonBody: job },
  };
  writeFileSync(join(mappings, "job.json"), JSON.stringify(stub));
  const port = 4712;
  const jar =
    execFileSync("find", [join(folder, "node_modules/wiremock"), "-name", "*.jar"], { encoding: "utf8" })
      .trim()
      .split("\n")[0] ?? "";
  const server = await startServer(
    "WireMock",
    ["java", "-jar", jar, "--port", String(port), "--root-dir", join(folder, "wiremock"), "--disable-banner"],
    { port },
  );
  return {
    name: `WireMock ${WIREMOCK}`,
    server,
    request: { method: "GET", path: "/v1/jobs/job_1", headers: { authorization: "Bearer key" } },
  };
}
