/** Defines what a reference client needs around it, so that a test can replace its time and its connections. */
import { setTimeout as realSleep } from "node:timers/promises";

export interface Surroundings {
  /** The vendor's origin, without a path. */
  readonly origin: string;
  readonly apiKey: string;
  /** The folder for the results. */
  readonly folder: string;
  /** How long the client waits for its job at most. */
  readonly deadlineMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** Resolves after so many milliseconds, or once the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Returns a number from 0 to below 1, for jitter. */
  readonly random: () => number;
  /** Returns a text that was never returned before. */
  readonly unique: () => string;
  /** What the client's own receiver of webhooks needs; absent for a client without one. */
  readonly webhook?: {
    readonly port: number;
    readonly secret?: string;
    /** Enters the receiver's URL in the vendor's settings, where requests do not name it. */
    readonly register?: (url: string) => Promise<void>;
  };
}

const DEADLINE_MS = 10 * 60_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the surroundings from the environment: the vendor's variables, and `CLIENT_FOLDER`, `CLIENT_DEADLINE_MS`,
 * `WEBHOOK_PORT` and `WEBHOOK_SECRET`.
 */
export function surroundingsOf(vendor: string, environment: Environment): Surroundings {
  const prefix = vendor === "affogato" ? "RENDERNET" : vendor.toUpperCase();
  const base = environment[`${prefix}_BASE_URL`];
  const apiKey = environment[`${prefix}_API_KEY`];
  if (base === undefined || apiKey === undefined)
    throw new Error(`The client needs ${prefix}_BASE_URL and ${prefix}_API_KEY.`);
  const { WEBHOOK_PORT: port, WEBHOOK_SECRET: secret } = environment;
  return {
    // The variable of Oxen.ai has the path of the API; the client needs its events too, which are outside of it.
    origin: new URL(base).origin,
    apiKey,
    folder: environment["CLIENT_FOLDER"] ?? ".",
    deadlineMs: Number(environment["CLIENT_DEADLINE_MS"] ?? DEADLINE_MS),
    fetch,
    now: Date.now,
    sleep: async (ms, signal) => {
      await realSleep(ms, undefined, { ...(signal !== undefined && { signal }) }).catch(() => undefined);
    },
    random: Math.random,
    unique: () => crypto.randomUUID(),
    ...(port !== undefined && { webhook: { port: Number(port), ...(secret !== undefined && { secret }) } }),
  };
}
