/** Starts the minimal reference servers. */
import { fileURLToPath } from "node:url";
import { findPort, startServer, type Launch, type Request, type Server } from "./process.ts";

const program = fileURLToPath(new URL("references/bare.ts", import.meta.url));

/** The A/A pair of the sections that compare with bare Fastify: two processes of bare Fastify. */
export const BARE_PAIR = { reference: "bare Fastify", twin: "bare Fastify again" } as const;

/** Starts bare `node:http` or bare Fastify. */
export async function startReference(
  kind: "node:http" | "Fastify",
  nodeOptions: readonly string[] = [],
): Promise<Server> {
  return startServer(await referenceLaunch(kind, nodeOptions));
}

async function referenceLaunch(kind: "node:http" | "Fastify", nodeOptions: readonly string[]): Promise<Launch> {
  const port = await findPort();
  const firstRequest: Request = { method: "GET", path: "/v2/generate/x" };
  const which = kind === "node:http" ? "http" : "fastify";
  const command = [process.execPath, ...nodeOptions, program, which, String(port)];
  return { name: `bare ${kind}`, command, port, firstRequest };
}
