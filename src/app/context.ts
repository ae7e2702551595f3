/** Creates the context that all requests of a server share: the store, the sandboxes, the journals and the limits. */
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import type { Webhooks } from "../delivery/create-webhooks.ts";
import { replaceListedEndpoints } from "../delivery/endpoints.ts";
import type { WallClock } from "../engine/base/clock.ts";
import type { SandboxDefaults } from "../engine/sandbox/effective-settings.ts";
import type { World } from "../engine/sandbox/sandbox.ts";
import { Sandboxes } from "../engine/sandbox/sandboxes.ts";
import type { Template } from "../fixtures/template.ts";
import { AnswerCounts } from "../http/journal/answer-counts.ts";
import { Journals } from "../http/journal/journal.ts";
import { ExchangeOrder } from "../http/journal/exchange-order.ts";
import { OutcomeTable } from "../http/errors/outcome-table.ts";
import { RequestCounts } from "../http/journal/request-counts.ts";
import { UnassignedRequests, type UnassignedRequest } from "../http/journal/unassigned.ts";
import { BodyRoom } from "../http/bodies/body-room.ts";
import { Capacity } from "../http/request/capacity.ts";
import type { HttpContext } from "../http/request/vendor-http.ts";
import { clientSideReader } from "../http/server/forwarded.ts";
import { UnreadEvents } from "../http/server/unread-events.ts";
import { isOwnHost, ownNames } from "../http/server/own-hosts.ts";
import { MemoryBudget } from "../platform/memory-budget.ts";
import { checkStored } from "./check-stored.ts";
import { Store } from "../store/store.ts";
import type { Vendor } from "../vendors/vendor.ts";

/** How long shutdown waits for webhooks that are being sent. */
const DELIVERY_GRACE_MS = 1000;

/** The longest time between two searches for idle sandboxes. */
const IDLE_LOOK_MS = 60_000;

/** How often the server looks for memory of deleted rows. */
const FREED_LOOK_MS = 500;

/** How often the server checks that the --data file is still there. */
const FILE_LOOK_MS = 2000;

export interface ContextOptions {
  /** The server whose closing also closes the context. */
  readonly app: FastifyInstance;
  readonly config: Config;
  readonly vendors: readonly Vendor[];
  readonly wall: WallClock;
  readonly webhooks: Webhooks;
  readonly template: Template;
  readonly checksResponses: boolean;
}

/** Opens the store and its sandboxes. Throws `StoreUnusable`. */
export function createContext(options: ContextOptions): HttpContext {
  const { app, config, wall } = options;
  const vendors = new Map(options.vendors.map((vendor) => [vendor.name, vendor]));
  const budget = new MemoryBudget(config.memory);
  const store = new Store(config.data, budget);
  const journals = new Journals(
    { maxEntries: config.journalEntries, maxBytes: config.journalBytes, maxBodyBytes: 64 * 1024 },
    budget,
  );
  const sandboxes = new Sandboxes(worldOf(options, { vendors, store, journals, budget }), {
    unknownKeys: config.unknownKeys,
    maxSandboxes: config.maxSandboxes,
  });
  // Sandboxes in a file are kept, however long they are idle.
  if (config.data === undefined) dropIdleSandboxes({ app, sandboxes, wall, idleMs: config.sandboxTtl });
  else watchFile({ app, store, wall });
  if (config.data === undefined) releaseFreedMemory({ app, store, wall });
  app.addHook("preClose", async () => {
    await options.webhooks.dispatcher.stop(DELIVERY_GRACE_MS);
    sandboxes.close();
  });
  app.addHook("onClose", async () => {
    store.close();
  });
  return {
    sandboxes,
    budget,
    bodies: new BodyRoom(budget, wall),
    unread: new UnreadEvents(budget),
    journals,
    scenarios: options.template.scenarios,
    vendors,
    startedAt: wall.now(),
    unassigned: new UnassignedRequests((added) => {
      publishUnassigned(sandboxes, added);
    }),
    routes: [],
    held: new Capacity(config.maxHeld),
    followers: new Capacity(config.maxFollowers),
    requestCounts: new RequestCounts(),
    exchangeOrder: new ExchangeOrder(),
    coverage: { table: new OutcomeTable(options.vendors), run: new AnswerCounts(), since: wall.now() },
    clientSideOf: clientSideReader(config.trustProxy),
    isOwnHost: ownHostsOf(options),
    maxBodyBytes: config.maxBodyBytes,
    explains: config.explain,
    checksResponses: options.checksResponses,
  };
}

function publishUnassigned({ events }: Sandboxes, { id, reason, sandbox, entry }: UnassignedRequest): void {
  if (!events.isFollowed) return;
  const { id: request, vendor, method, url, at } = entry;
  events.publish({ kind: "request.unassigned", at, unassigned: id, reason, sandbox, request, vendor, method, url });
}

/** Makes the check of hosts that pages may use: those of the settings, and the vendors' own. */
function ownHostsOf({ config, vendors }: ContextOptions): (host: string) => boolean {
  if (config.cors === "any") return () => true;
  const names = ownNames(
    config,
    vendors.flatMap(({ realHosts }) => realHosts),
  );
  return (asked) => isOwnHost(asked, names);
}

interface WorldParts {
  readonly vendors: ReadonlyMap<string, Vendor>;
  readonly store: Store;
  readonly journals: Journals;
  readonly budget: MemoryBudget;
}

/** Connects the engine to the configuration, the vendors, the webhooks and the journals. */
function worldOf(
  { app, config, wall, webhooks: { outbox }, template }: ContextOptions,
  { vendors, store, journals, budget }: WorldParts,
): World {
  return {
    wall,
    store,
    budget,
    defaults: sandboxDefaultsOf(config),
    defaultState: (vendor, account) => ({
      ...vendors.get(vendor)?.defaultState(account),
      ...template.ofSandboxes.accounts[account]?.vendors?.[vendor],
    }),
    template: () => template.ofSandboxes,
    onAccountsListed: (sandbox, accounts) => {
      for (const [name, { endpoints = {} }] of Object.entries(accounts))
        for (const [vendor, listed] of Object.entries(endpoints))
          replaceListedEndpoints(
            { sandbox, account: sandbox.account(name), vendor },
            listed,
            vendors.get(vendor)?.webhooks?.defaultSecret ?? "",
          );
    },
    onTransition: (sandbox, transition) => {
      vendors.get(transition.generation.vendor)?.onTransition?.(sandbox, transition);
      return outbox.announce(sandbox, transition);
    },
    onResume: (sandbox) => {
      outbox.resume(sandbox);
    },
    onReset: (sandbox) => {
      journals.forget(sandbox);
      template.scenarios.forget(sandbox);
    },
    onDropped: (sandbox) => {
      journals.forget(sandbox);
    },
    checkStored: (sandbox) => checkStored(sandbox, { vendors, scenarios: template.scenarios, outbox }),
    onError: (error) => {
      app.log.error(error, "an action that was due in a sandbox failed and will be retried");
    },
  };
}

function sandboxDefaultsOf(config: Config): SandboxDefaults {
  return {
    seed: config.seed,
    timing: config.timing,
    progression: "time",
    scenario: config.scenario,
    mediaUrl: config.publicUrl,
    vintages: config.vintages,
    catalogue: config.catalogue,
    uploadLimits: { perFile: config.uploadBytes, total: config.uploadTotalBytes },
    unknownAccounts: config.unknownAccounts,
    maxGenerations: config.maxGenerations,
    hasSound: config.sound,
  };
}

interface WatchOptions {
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly wall: WallClock;
}

/**
 * Looks after the --data file until the server closes. It takes the reserve again when there is room, and logs once when
 * the file is removed or replaced, and once when it is back.
 */
function watchFile({ app, store, wall }: WatchOptions): void {
  let isThere = true;
  const look = (): void => {
    stop = wall.after(FILE_LOOK_MS, look);
    try {
      store.fillReserve();
      store.checkFile();
      if (!isThere) app.log.warn("the --data file is back; writes are accepted again");
      isThere = true;
    } catch (error) {
      if (isThere) app.log.error(error, "the --data file was removed or replaced; writes are refused until it is back");
      isThere = false;
    }
  };
  let stop = wall.after(FILE_LOOK_MS, look);
  app.addHook("preClose", (done) => {
    stop();
    done();
  });
}

/** Gives the memory of deleted rows back in slices, until the server closes. */
function releaseFreedMemory({ app, store, wall }: WatchOptions): void {
  const release = (): void => {
    stop = wall.after(store.releaseMemory() ? 1 : FREED_LOOK_MS, release);
  };
  let stop = wall.after(FREED_LOOK_MS, release);
  app.addHook("preClose", (done) => {
    stop();
    done();
  });
}

interface IdleOptions {
  readonly app: FastifyInstance;
  readonly sandboxes: Sandboxes;
  readonly wall: WallClock;
  readonly idleMs: number;
}

/** Drops sandboxes once they have been idle for `idleMs`, until the server closes. */
function dropIdleSandboxes({ app, sandboxes, wall, idleMs }: IdleOptions): void {
  const everyMs = Math.max(1000, Math.min(IDLE_LOOK_MS, idleMs / 4));
  const look = (): void => {
    stop = wall.after(everyMs, look);
    void sandboxes.dropIdle(idleMs);
  };
  let stop = wall.after(everyMs, look);
  app.addHook("preClose", (done) => {
    stop();
    done();
  });
}
