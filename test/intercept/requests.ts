/** Sends requests to a vendor's hard-coded host by the parts of Node.js, for the clients that another file lists. */
import type { ChildProcess } from "node:child_process";
import type http from "node:http";
import type https from "node:https";
import type net from "node:net";
import { text } from "node:stream/consumers";

export const HOST = "vivix-atelier.vercel.app";
export const headers = { authorization: "Bearer vvx_live_fx_intercepted_main" } as const;
export const ADDRESS = "203.0.113.9";
export const PROXY = `http://${ADDRESS}:3128`;
export const pathOf = (client: string): string => `/api/v1/credits?by=${encodeURIComponent(client)}`;
export const urlOf = (client: string): string => `https://${HOST}${pathOf(client)}`;

export function viaCore(
  core: typeof http | typeof https,
  url: string,
  options: https.RequestOptions = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    core
      .get(url, { headers, ...options }, (response) => {
        response.resume().once("end", () => {
          resolve(response.statusCode ?? 0);
        });
      })
      .once("error", reject);
  });
}

export const rawRequest = (client: string, target = pathOf(client)): string =>
  `GET ${target} HTTP/1.1\r\nhost: ${HOST}\r\nauthorization: ${headers.authorization}\r\nconnection: close\r\n\r\n`;

/** Writes a request on a socket, and returns the status. */
export async function viaSocket(socket: net.Socket, request: string): Promise<number> {
  socket.write(request);
  return statusIn(await text(socket));
}

export function statusIn(answer: string): number {
  const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
  if (status === undefined) throw new Error(`No status in ${JSON.stringify(answer)}`);
  return Number(status);
}

export function opened<Opened extends net.Socket>(socket: Opened, event = "connect"): Promise<Opened> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => {
      resolve(socket);
    });
    socket.once("error", reject);
  });
}

/** A program for another process or worker. */
export const program = (client: string, tell: string): string =>
  `fetch(${JSON.stringify(urlOf(client))}, { headers: ${JSON.stringify(headers)} })` +
  `.then(({ status }) => status, (error) => String(error.cause ?? error)).then((answer) => { ${tell} });`;
export const PRINT = "process.stdout.write(String(answer))";

export async function outputOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("The child has no output.");
  return Number(await text(child.stdout));
}

/** The variables that a child needs in this test, without those by which the preload is inherited. */
export const bare = Object.fromEntries(
  ["PATH", "RECORDER_PORT", "NODE_EXTRA_CA_CERTS"].map((name) => [name, process.env[name]]),
);
/** What makes a child of such an environment believe in the outside world. */
export const world = ["--require", process.env["OUTSIDE"] ?? ""];
