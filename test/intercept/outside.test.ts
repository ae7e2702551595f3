/**
 * Tests that nothing leaves a process with the preload for a vendor, whichever client sends it. A recorder poses as the
 * outside world; the same clients without the preload are seen by it, which shows that it would notice.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { folderOf } from "../support/folder.ts";
import { run } from "../support/run.ts";
import { listenForTest } from "../support/server.ts";
import { startRecorder, type Recorder } from "./recorder.ts";

const here = (file: string): string => new URL(file, import.meta.url).href;
const path = (file: string): string => fileURLToPath(here(file));
const REFUSED = /^fauxgen\/intercept refused a connection to /;

/** The clients whose connections cannot be redirected. */
const REFUSED_CLIENTS = [
  "https without verification",
  "http with an agent for the environment's proxy",
  "http2",
  "https with a SOCKS proxy",
  "a tunnel without TLS",
  "a TLS socket made by hand",
  "a TLS socket made by hand without a server name",
  "a request to an address",
  "a request in pieces",
  "a request by a proxy",
  "another host of a vendor",
  "HTTP/2 to an address",
  "HTTP/2 to an address with a Host header",
  "HTTP/2 with a server name",
  "HTTP/2 with a given connection",
  "HTTP/2 by a promise",
  "TLS on a stream of the app",
  "the module of TLS sockets",
  "a request after another in one write",
  "a request after a body",
  "a request after chunks",
  "a request line in pieces",
  "a request with two hosts",
  "a kept connection to a proxy",
];

/** What a recorder sees of clients that send something else first: to a proxy, or to another host. */
const INNOCENT = /^TLS proxy\.test$|^POST example\.test \/earlier$|^GET example\.test http:\/\/example\.test\/$/;

async function runClients(recorder: Recorder, preloads: readonly string[], environment: Record<string, string>) {
  const authority = join(folderOf({ "outside.pem": recorder.authority }), "outside.pem");
  const flags = preloads.flatMap((preload) => ["--import", preload]);
  const { stdout, stderr } = await run("node", [...flags, path("./clients.ts")], path("."), {
    RECORDER_PORT: String(recorder.port),
    OUTSIDE: path("./outside.ts"),
    NODE_EXTRA_CA_CERTS: authority,
    NODE_OPTIONS: `--require=${path("./outside.ts")}`,
    ...(process.env["ONLY"] !== undefined && { ONLY: process.env["ONLY"] }),
    ...environment,
  });
  if (stdout === "") throw new Error(stderr);
  return { answers: JSON.parse(stdout) as Record<string, unknown>, stderr };
}

it("nothing reaches a vendor from a process with the preload, and everything does without it", async () => {
  const [outside, inside] = [await startRecorder(), await startRecorder()];
  const server = await listenForTest();
  const [without, withPreload] = await Promise.all([
    runClients(outside, [], {}),
    runClients(inside, [here("../../src/intercept/preload.ts")], { FAUXGEN_URL: server.url }),
  ]);

  const names = Object.keys(without.answers);
  const paths = outside.seen.map((line) => decodeURIComponent(line));
  const unseen = names.filter((name) => !paths.some((path) => path.endsWith(`?by=${name}`)));
  expect({ unseen, answers: without.answers }, without.stderr).toEqual({
    unseen: [],
    answers: Object.fromEntries(names.map((name) => [name, 200])),
  });

  expect(inside.seen.filter((line) => !INNOCENT.test(line))).toEqual([]);
  const expected = names.map((name) => [name, REFUSED_CLIENTS.includes(name) ? expect.stringMatching(REFUSED) : 200]);
  expect(withPreload.answers, withPreload.stderr).toEqual(Object.fromEntries(expected));

  const sandbox = server.app.httpContext.sandboxes.obtain("intercepted");
  const journaled = server.app.httpContext.journals.of(sandbox).entries();
  const redirected = names.filter((name) => !REFUSED_CLIENTS.includes(name));
  expect(new Set(journaled.map(({ url }) => decodeURIComponent(url.split("by=")[1] ?? "")))).toEqual(
    new Set(redirected),
  );
}, 120_000);
