/**
 * Runs reference clients, sound or broken, inside the test's process: they are functions, so a hundred of them cost
 * little. Their waits are those of the vendors' pages, shortened, but never one that the vendor asked for.
 */
import type { Client, Place, RunningClient } from "../../../src/conformance/client.ts";
import { vendorNames } from "../../../src/client/vendor-names.ts";
import { clients, vendorNamed } from "../clients/clients.ts";
import type { Surroundings } from "../clients/surroundings.ts";
import type { ClientVendor } from "../clients/vendor.ts";

/** When these clients give up by themselves. */
export const DEADLINE_MS = 7000;

/** How long they wait for an answer, unless it is held or streamed. */
const ANSWER_MS = 3000;

/** The waits that the clients choose themselves, by their jitter of half, and what they last here. */
const SHORTER: ReadonlyMap<number, number> = new Map([
  [2250, 1800],
  [4500, 1800],
  [9000, 1800],
  // The poll beside webhooks and events, and that of a batch.
  [11_250, 1000],
  [16_875, 1000],
  [22_500, 1000],
  [33_750, 1000],
  [50_625, 1000],
  [67_500, 1000],
]);

export interface Rendering {
  readonly vendor: ClientVendor;
  readonly around: Surroundings;
  /** Ends the client at once, as an exception that nothing catches does. */
  readonly die: (reason: string) => never;
}

export type Render = (rendering: Rendering) => Promise<void>;

/** Returns a client that renders at the vendor of each case. */
export function inProcess(name: string, render: Render): Client {
  return {
    name,
    start: async (place) => {
      const stop = new AbortController();
      let printed = "";
      const dying = Promise.withResolvers<never>();
      dying.promise.catch(() => undefined);
      const rendering = await renderingOf(place, stop.signal, (reason) => {
        const error = new Error(reason);
        dying.reject(error);
        throw error;
      });
      const over = new Promise<never>((_resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error("The client's deadline is over."));
        }, DEADLINE_MS);
        stop.signal.addEventListener("abort", () => {
          clearTimeout(timer);
        });
      });
      over.catch(() => undefined);
      const ended = Promise.race([render(rendering), dying.promise, over]).then(
        () => ({ code: 0, signal: undefined }),
        (error: unknown) => {
          printed = String(error);
          return { code: 1, signal: undefined };
        },
      );
      void ended.then(() => {
        stop.abort();
      });
      const running: RunningClient = {
        ended,
        printed: () => printed,
        kill: () => {
          stop.abort();
        },
      };
      return running;
    },
  };
}

/** Renders as one of the sound reference clients. */
export function sound(kind: string): Render {
  return async ({ vendor, around }) => {
    const client = clients.get(kind);
    if (client === undefined) throw new Error(`There is no client ${kind}.`);
    await client.render(vendor, around);
  };
}

async function renderingOf(
  { conformanceCase, sandbox, account, webhookUrl, folder = "." }: Place,
  signal: AbortSignal,
  die: Rendering["die"],
): Promise<Rendering> {
  const name = vendorNames.find((each) => each === conformanceCase.vendor);
  const vendor = vendorNamed(conformanceCase.vendor);
  if (name === undefined || vendor === undefined) throw new Error(`There is no client for ${conformanceCase.vendor}.`);
  const access = account === "main" ? sandbox[name] : (await sandbox.account(account))[name];
  const around: Surroundings = {
    origin: new URL(access.baseUrl).origin,
    apiKey: access.apiKey,
    folder,
    // The real deadline is that of the whole client; this one would refuse the long waits that are shortened here.
    deadlineMs: 10 * 60_000,
    fetch: async (url, init = {}) => {
      const isLong = /wait=|\/api\/events/.test(String(url));
      const signals = [
        signal,
        ...(init.signal ? [init.signal] : []),
        ...(isLong ? [] : [AbortSignal.timeout(ANSWER_MS)]),
      ];
      return fetch(url, { ...init, signal: AbortSignal.any(signals) });
    },
    now: Date.now,
    sleep: async (ms, given) => {
      await pause(SHORTER.get(ms) ?? ms, [signal, ...(given === undefined ? [] : [given])]);
      if (signal.aborted) await new Promise(() => undefined);
    },
    random: () => 0.5,
    unique: () => crypto.randomUUID(),
    ...(webhookUrl !== undefined && {
      webhook: {
        port: Number(new URL(webhookUrl).port),
        ...(access.webhookSecret !== null && { secret: access.webhookSecret }),
        register: async (url) => {
          await sandbox.webhooks.endpoints.add({ vendor: name, url }).catch(() => undefined);
        },
      },
    }),
  };
  return { vendor: { ...vendor, gaps: { firstMs: 150, longestMs: 600 } }, around, die };
}

/** Waits in real time, or until one of the signals is aborted. */
function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    for (const signal of signals)
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    if (signals.some(({ aborted }) => aborted)) resolve();
  });
}
