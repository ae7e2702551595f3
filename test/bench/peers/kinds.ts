/**
 * Lists the alternative servers that the bench compares, each at a pinned version and configured for the same work:
 * read one job's status by id with an API key, about 400 bytes of JSON. A peer checks the key if it can.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Request } from "../process.ts";
import { EMULATE_CONFIG, EMULATOR, job, mockoonEnvironment, openapi } from "./documents.ts";

export interface Kind {
  readonly name: string;
  /** The package for npm. */
  readonly spec: string;
  /** Whether the bench fails without the peer. */
  readonly isNeeded?: true;
  /** The differences from the other peers. */
  readonly note: string;
  /** The measured request. */
  readonly request: Request;
  /** The first request, if it is another one. */
  readonly firstRequest?: Request;
  /** The number of consecutive ports that the peer uses, by default one. */
  readonly ports?: number;
  /** Writes the peer's configuration into its folder, and returns the command that starts the peer. */
  readonly configure: (folder: string, packageName: string) => (port: number) => string[];
}

const headers = { authorization: "Bearer key" };
const request: Request = { method: "GET", path: `/v1/jobs/${job.id}`, headers };

export const KINDS: readonly Kind[] = [
  {
    name: "aimock",
    spec: "@copilotkit/aimock@1.43.0",
    isNeeded: true,
    note: "reads a video job of its OpenAI emulation, which the first request creates; keeps its journal as by default",
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
    note: "runs on Java, which is not counted as installed; without its journal of requests",
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
    note: "returns the example of an OpenAPI document; without its log",
    request,
    configure: (folder) => {
      const document = write(folder, "openapi.json", openapi);
      return (port) => node(folder, "prism", "mock", "-v", "silent", "--port", String(port), document);
    },
  },
  {
    name: "Mockoon",
    spec: "@mockoon/cli@9.9.0",
    note: "returns a constant body; without its log and its admin API",
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
    note: "runs a custom emulator beside all of its own services; its rate limits do not count the reads",
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
