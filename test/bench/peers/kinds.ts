/**
 * The servers that a user would pick instead, each at a pinned version and configured for the same work: read one job's
 * status by id with an API key, about 400 bytes of JSON. Where a peer can check the key, it does.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Request } from "../process.ts";
import { EMULATE_CONFIG, EMULATOR, job, mockoonEnvironment, openapi } from "./documents.ts";

export interface Kind {
  readonly name: string;
  /** For npm. */
  readonly spec: string;
  /** Whether the bench fails without it. */
  readonly isNeeded?: true;
  /** What is not as with the others. */
  readonly note: string;
  /** What is measured. */
  readonly request: Request;
  /** What is asked first, where that is another request. */
  readonly firstRequest?: Request;
  /** How many ports in a row it takes; one unless given. */
  readonly ports?: number;
  /** Writes what it is configured with into its folder, and answers the command that starts it. */
  readonly configure: (folder: string, packageName: string) => (port: number) => string[];
}

const headers = { authorization: "Bearer key" };
const request: Request = { method: "GET", path: `/v1/jobs/${job.id}`, headers };

export const KINDS: readonly Kind[] = [
  {
    name: "aimock",
    spec: "@copilotkit/aimock@1.43.0",
    isNeeded: true,
    note: "a video job of its OpenAI emulation, made by the first request; its journal as by default",
    request: { method: "GET", path: "/v1/videos/vid_1", headers },
    firstRequest: { method: "POST", path: "/v1/videos", headers, body: { model: "sora-2", prompt: "a red fox" } },
    configure: (folder) => {
      const url = `https://media.test/vid_1.mp4?signature=${"0123456789abcdef".repeat(20)}`;
      const fixture = {
        match: { endpoint: "video" },
        response: { video: { id: "vid_1", status: "completed", url } },
      };
      const fixtures = write(folder, "fixtures.json", { fixtures: [fixture] });
      const options = ["--fixtures", fixtures, "--log-level", "silent"];
      return (port) => node(folder, "llmock", "--port", String(port), ...options);
    },
  },
  {
    name: "WireMock",
    spec: "wiremock@3.13.2",
    isNeeded: true,
    note: "on Java, which is not counted as installed; without its journal of requests",
    request,
    configure: (folder) => {
      const mapping = {
        request: {
          method: "GET",
          urlPathPattern: "/v1/jobs/[^/]+",
          headers: { Authorization: { matches: "^Bearer .+" } },
        },
        response: { status: 200, headers: { "Content-Type": "application/json" }, jsonBody: job },
      };
      mkdirSync(join(folder, "mappings"));
      write(folder, "mappings/job.json", mapping);
      const build = join(folder, "node_modules/wiremock/build");
      const jar = readdirSync(build).find((file) => file.endsWith(".jar")) ?? "";
      const options = ["--root-dir", folder, "--disable-banner", "--no-request-journal"];
      return (port) => ["java", "-jar", join(build, jar), "--port", String(port), ...options];
    },
  },
  {
    name: "Prism",
    spec: "@stoplight/prism-cli@5.16.0",
    note: "an example of an OpenAPI document; without its log",
    request,
    configure: (folder) => {
      const document = write(folder, "openapi.json", openapi);
      return (port) => node(folder, "prism", "mock", "-v", "silent", "--port", String(port), document);
    },
  },
  {
    name: "Mockoon",
    spec: "@mockoon/cli@9.9.0",
    note: "a constant body; without its log and its admin API",
    request,
    configure: (folder) => {
      const environment = write(folder, "mockoon.json", mockoonEnvironment);
      const options = ["--disable-log-to-file", "--disable-admin-api", "--max-transaction-logs", "0"];
      return (port) => node(folder, "mockoon-cli", "start", "--data", environment, "--port", String(port), ...options);
    },
  },
  {
    name: "json-server",
    spec: "json-server@1.0.0-beta.15",
    note: "does not authenticate",
    request: { ...request, path: `/jobs/${job.id}` },
    configure: (folder) => {
      const file = write(folder, "db.json", { jobs: [job] });
      return (port) => node(folder, "json-server", "--port", String(port), "--host", "127.0.0.1", file);
    },
  },
  {
    name: "emulate",
    spec: "emulate@0.12.2",
    note: "a custom emulator, whose reads its rate limits do not count, beside all of its own services",
    request,
    ports: 20,
    configure: (folder) => {
      writeFileSync(join(folder, "jobs.mjs"), EMULATOR);
      writeFileSync(join(folder, "emulate.config.mjs"), EMULATE_CONFIG);
      return (port) => node(folder, "emulate", "start", "--config", "emulate.config.mjs", "--port", String(port));
    },
  },
];

function node(folder: string, bin: string, ...options: readonly string[]): string[] {
  return [process.execPath, join(folder, "node_modules/.bin", bin), ...options];
}

function write(folder: string, name: string, document: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
}
