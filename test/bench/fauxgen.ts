/** Starts an installed fauxgen, and sends it the requests of clients. */
import { join } from "node:path";
import { findPort, startServer, type Request, type Server } from "./process.ts";

/** The key of the sandbox `bench`, which needs no registration. */
export const KEY = { "x-api-key": "fx_bench_main" };

/** The path of that sandbox in the control API. */
export const SANDBOX = "/_fauxgen/sandboxes/bench";

/** A timing so long that no generation ends during a measurement of creates or reads. */
export const PENDING = ["--timing", "queued=20d,processing=20d"];

const body = {
  model: "lipsync-2",
  input: [
    { type: "video", url: "https://media.test/video.mp4" },
    { type: "audio", url: "https://media.test/audio.wav" },
  ],
};

export const create: Request = { method: "POST", path: "/v2/generate", headers: KEY, body };
export const list: Request = { method: "GET", path: "/v2/generations?limit=50", headers: KEY };

export function readOf(id: string): Request {
  return { method: "GET", path: `/v2/generate/${id}`, headers: KEY };
}

/** Returns a read that is held until the generation ends. */
export function waitOf(id: string): Request {
  return { method: "GET", path: `/v2/generate/${id}?wait=true`, headers: KEY };
}

/** Starts a server of an installed package. */
export type StartFauxgen = (
  name: string,
  options?: readonly string[],
  nodeOptions?: readonly string[],
) => Promise<Server>;

export function fauxgenIn(folder: string, temporary: string): StartFauxgen {
  const cli = join(folder, "node_modules/fauxgen/dist/cli.js");
  return async (name, options = PENDING, nodeOptions = []) => {
    const port = await findPort();
    return startServer({
      name,
      command: [process.execPath, ...nodeOptions, cli, "--port", String(port), "--json", ...options],
      port,
      firstRequest: create,
      // The folder of the cache of compiled code.
      env: { TMPDIR: temporary },
    });
  };
}

/** Creates a generation in the measured sandbox, and returns its id. */
export async function createOne(server: Server): Promise<string> {
  const { id } = (await askJson(server, create)) as { id: string };
  return id;
}

/** Sends a request and returns the parsed response. Throws if the request is refused. */
export async function askJson({ port, name }: Server, request: Request): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${request.path}`, {
    method: request.method,
    headers: { ...request.headers, ...(request.body !== undefined && { "content-type": "application/json" }) },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${name}: ${request.method} ${request.path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
