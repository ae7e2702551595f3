/** The peers of a run: installed on demand, each into a folder of its own, and started as {@link KINDS} say. */
import { join } from "node:path";
import { install, type Installed } from "./packages.ts";
import { KINDS, type Kind } from "./peers/kinds.ts";
import { findPort, startServer, type Request, type Server } from "./process.ts";
import { progress } from "./report.ts";

export interface Peer {
  /** With its version. */
  readonly name: string;
  readonly spec: string;
  readonly note: string;
  /** Undefined for one that could not be installed. */
  readonly installed: Installed | undefined;
  readonly request: Request;
  /** Undefined, and a line in the report, when it does not start; for a peer that the bench cannot do without it throws. */
  readonly start: () => Promise<Server | undefined>;
  /** Why it was left out, once it was. */
  failure: string | undefined;
}

/** Installs all. Throws when one fails that the bench cannot do without. */
export async function installPeers(folder: string): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const kind of KINDS) peers.push(await installPeer(join(folder, kind.name), kind));
  return peers;
}

async function installPeer(folder: string, kind: Kind): Promise<Peer> {
  progress(`installing ${kind.spec}`);
  const { spec, note, request } = kind;
  const name = `${kind.name} ${spec.slice(spec.lastIndexOf("@") + 1)}`;
  try {
    const installed = await install(folder, spec);
    const command = await kind.configure(folder, installed.name);
    const peer: Peer = { name, spec, note, installed, request, failure: undefined, start };
    async function start(): Promise<Server | undefined> {
      if (peer.failure !== undefined) return undefined;
      const port = await findPort(kind.ports);
      try {
        const launch = { name, command: command(port), port, firstRequest: kind.firstRequest ?? request, cwd: folder };
        return await startServer(launch);
      } catch (error) {
        peer.failure = give(error, kind);
        return undefined;
      }
    }
    return peer;
  } catch (error) {
    const failure = give(error, kind);
    return { name, spec, note, installed: undefined, request, failure, start: async () => undefined };
  }
}

/** Why a peer is left out, in one line; throws it again for one that the bench cannot do without. */
function give(error: unknown, { isNeeded, spec }: Kind): string {
  if (isNeeded === true || !(error instanceof Error)) throw error;
  const reason = error.message.replace(/\s+/g, " ").slice(0, 200);
  progress(`left out ${spec}: ${reason}`);
  return reason;
}
