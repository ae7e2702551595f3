/** Defines what the suite needs of a client under test: it is started once per case, and ends by itself or is ended. */
import type { SandboxHandle } from "../client/sandbox-handle.ts";
import type { ConformanceCase } from "./case.ts";

/** Where a client runs. */
export interface Place {
  readonly conformanceCase: ConformanceCase;
  readonly sandbox: SandboxHandle;
  /** The account whose key the client has. */
  readonly account: string;
  /** Where the client is to receive webhooks; undefined if it takes none. */
  readonly webhookUrl: string | undefined;
  /** An empty folder for what the client writes. */
  readonly folder: string | undefined;
}

/** How a client ended by itself. */
export interface Ending {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

export interface RunningClient {
  readonly ended: Promise<Ending>;
  /** Ends the client and all that it started. */
  readonly kill: () => void;
  /** Returns the end of what it printed. */
  readonly printed: () => string;
}

export interface Client {
  readonly name: string;
  readonly start: (place: Place) => Promise<RunningClient>;
}
