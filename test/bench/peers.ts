/** Installs the peers of a run, each into its own folder, and starts them as {@link KINDS} describe. */
import { join } from "node:path";
import { install, type Installed } from "./packages.ts";
import { KINDS, type Kind } from "./peers/kinds.ts";
import { findPort, startServer, type Request, type Server } from "./process.ts";
import { progress } from "./report.ts";

export interface Peer {
  /** The peer's name with its version. */
  readonly name: string;
  readonly spec: string;
  readonly note: string;
  /** The installed package; undefined if the installation failed. */
  readonly installed: Installed | undefined;
  readonly request: Request;
  /** Starts the peer. If it does not start, returns undefined for an optional peer and throws for a required one. */
  readonly start: () => Promise<Server | undefined>;
  /** The reason why the peer was left out. */
  failure: string | undefined;
}

/** Installs all peers. Throws if a required peer cannot be installed. */
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

/** Returns the reason for leaving out a peer, in one line. Rethrows the error of a required peer. */
function give(error: unknown, { isNeeded, spec }: Kind): string {
  if (isNeeded === true || !(error instanceof Error)) throw error;
  const reason = error.message.replace(/\s+/g, " ").slice(0, 200);
  progress(`left out ${spec}: ${reason}`);
  return reason;
}
