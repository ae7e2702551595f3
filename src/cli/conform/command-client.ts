/** Runs a user's client as a process of its own for one case of `fauxgen conform`. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { exchange } from "../../client/exchange.ts";
import type { SandboxHandle } from "../../client/sandbox-handle.ts";
import type { Client, Ending, Place, RunningClient } from "../../conformance/client.ts";
import { packageRoot } from "../../platform/package-root.ts";
import { environmentFor } from "../environment.ts";
import { Failure } from "../failure.ts";

export interface CommandSettings {
  readonly url: string;
  readonly inherited: NodeJS.ProcessEnv;
  readonly assignments: readonly string[];
  readonly authority: string | undefined;
  /** Whether Node.js clients with a hard-coded host are redirected. */
  readonly intercepts: boolean;
}

interface NamedCommand {
  readonly name: string;
  /** A line for the shell, or a program with its arguments. */
  readonly command: string | { readonly program: string; readonly args: readonly string[] };
}

/** How much of what a client prints is kept, from its end. */
const PRINTED_CHARACTERS = 4000;

export function commandClient({ name, command }: NamedCommand, settings: CommandSettings): Client {
  return {
    name,
    start: async (place) => {
      const env = environmentOf(place, settings);
      const options = { env, detached: true, stdio: ["ignore", "pipe", "pipe"] as const };
      const child =
        typeof command === "string"
          ? spawn(command, { ...options, stdio: ["ignore", "pipe", "pipe"], shell: true })
          : spawn(command.program, command.args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
      let printed = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => {
          printed = (printed + text).slice(-PRINTED_CHARACTERS);
        });
      const ended = new Promise<Ending>((resolve, reject) => {
        child.once("error", (error: NodeJS.ErrnoException) => {
          reject(unrunnable(typeof command === "string" ? command : command.program, error));
        });
        child.once("exit", (code, signal) => {
          resolve({ code: code ?? undefined, signal: signal ?? undefined });
        });
      });
      // A rejection is handled where the end is awaited; the client may be ended before that.
      ended.catch(() => undefined);
      const running: RunningClient = {
        ended,
        printed: () => printed,
        kill: () => {
          killGroup(child.pid);
        },
      };
      return running;
    },
  };
}

/** Ends a process and all that it started, which are one group because it was started detached. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has ended by itself.
  }
}

function unrunnable(program: string, error: NodeJS.ErrnoException): Failure {
  if (error.code === "ENOENT") return new Failure(127, `conform: command not found: ${program}`, { cause: error });
  return new Failure(126, `conform: cannot run ${program}: ${error.message}`, { cause: error });
}

function environmentOf(place: Place, settings: CommandSettings): NodeJS.ProcessEnv {
  const { url, inherited, assignments, authority, intercepts } = settings;
  const { conformanceCase, sandbox, account, webhookUrl, folder } = place;
  const holder = { sandbox: sandbox.name, account };
  const own = environmentFor(url, holder, { assignments, inherited, authority });
  return {
    ...inherited,
    // A proxy for the vendors' hosts, for clients that name them; it opens no tunnel to other hosts.
    ...(authority !== undefined && { HTTPS_PROXY: url, https_proxy: url, NODE_USE_ENV_PROXY: "1" }),
    ...own,
    ...(intercepts && { NODE_OPTIONS: `${inherited["NODE_OPTIONS"] ?? ""} --import ${preload()}`.trim() }),
    FAUXGEN_CASE: conformanceCase.id,
    FAUXGEN_SANDBOX: sandbox.name,
    ...(folder !== undefined && { FAUXGEN_CASE_FOLDER: folder }),
    ...(webhookUrl !== undefined && {
      FAUXGEN_WEBHOOK_URL: webhookUrl,
      FAUXGEN_WEBHOOK_PORT: new URL(webhookUrl).port,
    }),
  };
}

/** Returns the built module that redirects a Node.js client's connections. */
function preload(): string {
  const file = join(packageRoot, "dist/intercept.js");
  if (!existsSync(file)) throw new Failure(2, "--intercept: the package is not built; run npm run build");
  return pathToFileURL(file).href;
}

/** Returns a port that nothing uses. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });
}

/** Returns what tells whether the file that a client wrote equals a file that its jobs made. */
export function artifactReader(file: string): (sandbox: SandboxHandle) => Promise<boolean> {
  return async (sandbox) => {
    if (!existsSync(file)) return false;
    const written = digestOf(readFileSync(file));
    const urls = (await sandbox.generations.list()).flatMap(({ outputs }) => outputs.flatMap(({ url }) => url ?? []));
    for (const url of urls) if ((await digestAt(url)) === written) return true;
    return false;
  };
}

async function digestAt(url: string): Promise<string> {
  const answer = await exchange(new URL(url), { method: "GET", headers: {}, text: undefined, signal: undefined });
  const hash = createHash("sha256");
  for await (const part of answer.body()) hash.update(part);
  return hash.digest("hex");
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
