/** fauxgen as a user has it: packed, installed into a folder of its own, and asked as clients ask it. */
import { join } from "node:path";
import { findPort, startServer, type Request, type Server } from "./process.ts";

/** A sandbox of its own, `bench`, whose keys need not be made first. */
export const KEY = { "x-api-key": "fx_bench_main" };

/** Where the control API has that sandbox. */
export const SANDBOX = "/_fauxgen/sandboxes/bench";

/** So long that nothing ends while it is measured: what is measured is a create or a read, not what becomes of it. */
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

/** A read that is held until the generation has ended. */
export function waitOf(id: string): Request {
  return { method: "GET", path: `/v2/generate/${id}?wait=true`, headers: KEY };
}

/** Starts servers of the package that was installed under `folder`. */
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
      // Where it keeps compiled code.
      env: { TMPDIR: temporary },
    });
  };
}

/** Makes one generation in the sandbox that is measured, and answers its id. */
export async function createOne(server: Server): Promise<string> {
  const { id } = (await askJson(server, create)) as { id: string };
  return id;
}

/** Asks one request, of the control API, say. Throws when it is refused. */
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
