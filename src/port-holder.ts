/** Describes the process that already listens on a port, for the error message when the port is not free. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { get } from "./platform/node-http.ts";
import { reachableHost } from "./platform/origin.ts";

/** State of a listening socket in /proc/net/tcp. */
const LISTENING = "0A";
/** How long to wait for the health response. The first control request makes a server load control first. */
const ANSWER_WITHIN_MS = 2000;

/** Returns `another fauxgen (0.1.0, process 123)`, `process 123 (nginx)`, or `another process` if nothing is known. */
export async function describePortHolder(host: string, port: number): Promise<string> {
  const version = await fauxgenVersionAt(host, port);
  const holder = processListeningOn(port);
  if (version !== undefined)
    return `another fauxgen (${[version, holder && `process ${holder.id}`].filter(Boolean).join(", ")})`;
  return holder === undefined ? "another process" : `process ${holder.id} (${holder.name})`;
}

function fauxgenVersionAt(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(
      {
        host: reachableHost(host),
        port,
        path: "/_fauxgen/health",
        agent: false,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => {
          resolve(/"status":"ok","version":"([^"]+)"/.exec(text)?.[1]);
        });
        response.on("error", () => {
          resolve(undefined);
        });
      },
    );
    request.on("error", () => {
      resolve(undefined);
    });
  });
}

/** Finds the process in Linux's /proc, as far as this user may read it; returns undefined on other systems. */
function processListeningOn(port: number): { readonly id: string; readonly name: string } | undefined {
  try {
    const sockets = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeningInodes(table, port)));
    const id = readdirSync("/proc").find((entry) => /^\d+$/.test(entry) && hasOpen(entry, sockets));
    return id === undefined ? undefined : { id, name: readFileSync(`/proc/${id}/comm`, "utf8").trim() };
  } catch {
    return undefined;
  }
}

function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync(table, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(suffix) === true && state === LISTENING)
    .flatMap(([, , , , , , , , , inode]) => (inode === undefined ? [] : [`socket:[${inode}]`]));
}

function hasOpen(processId: string, sockets: ReadonlySet<string>): boolean {
  try {
    const folder = `/proc/${processId}/fd`;
    return readdirSync(folder).some((descriptor) => sockets.has(readlinkSync(`${folder}/${descriptor}`)));
  } catch {
    return false;
  }
}
