/** Manages all sandboxes of the server, and finds the sandbox that an API key belongs to. */
import { LRUCache } from "lru-cache";
import type { FoundKey, StoredKey } from "../../store/accounts.ts";
import { UnreadableRow } from "../../store/unreadable-row.ts";
import type { StoredSandbox } from "../../store/sandboxes.ts";
import { hintOf } from "../../wording/key-hint.ts";
import { describeKey, hashKey } from "../base/keys.ts";
import type { Account } from "../generation/accounts.ts";
import { GenerationCache } from "../generation/generation-cache.ts";
import { SandboxEvents, type SandboxEvent } from "../base/events.ts";
import type { Steps } from "../base/turns.ts";
import { Turns } from "../base/turns.ts";
import type { RuleDocument } from "../rule/rule-document.ts";
import { RuleLists } from "../rule/rule-list.ts";
import { BundleUnfit, type SandboxBundle } from "./bundle.ts";
import type { SandboxTemplate } from "./declarations.ts";
import { startingClock } from "./effective-settings.ts";
import { Leftovers } from "./leftovers.ts";
import { Sandbox, type World } from "./sandbox.ts";
import type { SandboxSettings } from "./settings.ts";
import { StoredChecks } from "./stored-checks.ts";
import type { SharedContent } from "./world.ts";

const DEFAULT_SANDBOX = "default";

/** The most keys whose verdict is cached; far above what a suite uses. A dropped verdict only costs a look-up. */
const REMEMBERED_KEYS = 10_000;

/** The owner of a key. */
export interface Principal {
  readonly sandbox: Sandbox;
  readonly account: Account;
  /** A user of the account; sync distinguishes the users of one organisation. */
  readonly user: string;
}

export type KeyVerdict =
  | {
      readonly ok: true;
      readonly principal: Principal;
      /** Whether this use made the account, which was neither listed nor there from the start. */
      readonly isAccountNew?: boolean;
    }
  | { readonly ok: false; readonly reason: "unknown" | "malformed" }
  | { readonly ok: false; readonly reason: "no-account"; readonly sandbox: Sandbox; readonly accountName: string }
  | { readonly ok: false; readonly reason: "revoked"; readonly principal: Principal };

/** Thrown when a key is registered that belongs to another sandbox or account. */
export class KeyTaken extends Error {}

/** Thrown when the configured number of sandboxes is reached. */
export class TooManySandboxes extends Error {}

export interface SandboxesOptions {
  /** How to treat an unregistered key that does not describe itself: refuse it, or use `default`/`main`. */
  readonly unknownKeys: "refuse" | "default";
  readonly maxSandboxes: number;
}

export class Sandboxes {
  /** The events that belong to the server: sandboxes come and go, and requests reach none. */
  readonly events: SandboxEvents;
  readonly #world: World;
  readonly #options: SandboxesOptions;
  readonly #cache: GenerationCache;
  readonly #ruleLists = new RuleLists();
  readonly #live = new Map<string, Sandbox>();
  readonly #verdicts = new LRUCache<string, KeyVerdict>({ max: REMEMBERED_KEYS });
  readonly #followers = new Set<(sandbox: Sandbox) => void>();
  readonly #leftovers: Leftovers;
  readonly #storedChecks: StoredChecks;
  readonly #stopFollowingWall: () => void;
  #isClosed = false;

  constructor(world: World, options: SandboxesOptions) {
    this.#world = world;
    this.events = new SandboxEvents((publish) => {
      world.store.whenEnded(publish);
    });
    this.#options = options;
    this.#leftovers = new Leftovers(world);
    this.#leftovers.clear();
    this.#cache = new GenerationCache(world.store, world.budget);
    this.#storedChecks = new StoredChecks(world);
    for (const stored of world.store.sandboxes.all()) {
      const sandbox = this.#open(stored);
      this.#storedChecks.plan(sandbox);
      sandbox.generations.resume();
      world.onResume?.(sandbox);
    }
    if (!this.#live.has(DEFAULT_SANDBOX)) this.create(DEFAULT_SANDBOX, {});
    // Timers were armed for a time that the host has skipped: work that fell due meanwhile runs now, in order.
    this.#stopFollowingWall = world.wall.onJump(() => {
      for (const sandbox of this.all()) sandbox.scheduler.arm();
    });
  }

  get #shared(): SharedContent {
    return { cache: this.#cache, ruleLists: this.#ruleLists };
  }

  get default(): Sandbox {
    return this.obtain(DEFAULT_SANDBOX);
  }

  all(): Sandbox[] {
    return [...this.#live.values()];
  }

  find(name: string): Sandbox | undefined {
    return this.#live.get(name);
  }

  /** Decodes what an earlier process stored of a sandbox, once and with pauses; its damage is then known. */
  async completeCheck(sandbox: Sandbox): Promise<void> {
    await this.#storedChecks.complete(sandbox);
  }

  /** Returns the sandbox of this name; creates it on first use with server-wide defaults. */
  obtain(name: string): Sandbox {
    return this.#live.get(name) ?? this.create(name, {});
  }

  /**
   * Compiles rules with pauses, so that neither a document nor a template with these rules keeps requests waiting when it
   * is put in force.
   */
  *prepareRules(rules: readonly RuleDocument[] = []): Steps<void> {
    yield* this.#ruleLists.prepare(rules);
  }

  /** Creates a sandbox. Throws {@link TooManySandboxes}, or {@link KeyTaken} for a key that its document lists. */
  create(name: string, settings: SandboxSettings): Sandbox {
    if (this.#live.size >= this.#options.maxSandboxes) {
      throw new TooManySandboxes(
        `There are ${this.#live.size} sandboxes already. Delete some, or raise --max-sandboxes.`,
      );
    }
    let opened: Sandbox | undefined;
    try {
      const created = this.#world.store.transaction(() => {
        const clock = JSON.stringify(startingClock(settings, this.#world.wall));
        const sandbox = this.#open(this.#world.store.sandboxes.insert(name, JSON.stringify(settings), clock), settings);
        opened = sandbox;
        this.#registerListedKeys(sandbox);
        sandbox.applyDeclarations();
        return sandbox;
      });
      this.events.publish({ kind: "sandbox.created", at: created.clock.now(), sandbox: name });
      return created;
    } catch (error) {
      if (opened !== undefined) this.#drop(opened);
      throw error;
    }
  }

  /**
   * Replaces a sandbox's document and applies the parts that need no reset: settings and clock mode at once, listed
   * accounts and keys as additions. `changed` holds the parts to apply, the whole document by default. Throws {@link
   * KeyTaken} and `ClockBusy`, and then changes nothing.
   */
  configure(sandbox: Sandbox, settings: SandboxSettings, changed?: SandboxSettings): void {
    sandbox.write(() => {
      sandbox.configure(settings, changed);
      this.#registerListedKeys(sandbox);
    });
  }

  /**
   * Applies a template to every existing sandbox, in one transaction that `complete` ends; `previous` was in force until
   * now. Literal keys are unique server-wide, so `default` gets them. Throws {@link KeyTaken}, and then changes nothing.
   */
  applyTemplate(template: SandboxTemplate, previous?: SandboxTemplate, complete = (): void => undefined): void {
    const undo: (() => void)[] = [];
    try {
      this.#world.store.transaction(() => {
        for (const sandbox of this.all()) {
          // A damaged sandbox gets the template with its reset.
          if (sandbox.damage !== undefined) continue;
          undo.push(sandbox.remember());
          this.#applyTemplateTo(sandbox, template, previous);
        }
        complete();
      });
    } catch (error) {
      for (const readAnew of undo) readAnew();
      throw error;
    }
  }

  #applyTemplateTo(sandbox: Sandbox, template: SandboxTemplate, previous: SandboxTemplate | undefined): void {
    sandbox.applyTemplate(template, previous);
    if (sandbox.name !== DEFAULT_SANDBOX) return;
    const kept = new Set(listedKeys(template.accounts).map(({ key }) => key));
    for (const { account, key } of listedKeys(previous?.accounts ?? {}))
      if (!kept.has(key)) this.#forgetKey(sandbox, account, key);
    this.#registerListedKeys(sandbox, template);
  }

  /** Resets a sandbox to its seeded state and registers its listed keys again. */
  reset(sandbox: Sandbox): void {
    this.#world.store.deleteFromReserve(() => {
      this.#resetTo(sandbox, sandbox.document);
    });
  }

  #resetTo(sandbox: Sandbox, document: SandboxSettings): void {
    try {
      sandbox.reset(document, () => {
        this.#registerListedKeys(sandbox);
      });
    } finally {
      // The verdicts hold accounts, which the reset has loaded again.
      this.#verdicts.clear();
    }
    this.#leftovers.clear();
  }

  /**
   * Replaces a sandbox's data with a bundle, with pauses: the bundle is stored and checked under a name that nothing
   * reads, and then takes the sandbox's place in one transaction. Throws `BundleUnfit`, and {@link KeyTaken} for another
   * sandbox's key, and then changes nothing.
   */
  *restore(sandbox: Sandbox, bundle: SandboxBundle): Steps<void> {
    const { store } = this.#world;
    this.#refuseTakenKeys(sandbox, bundle);
    const settings = JSON.stringify(bundle.settings);
    const clock = JSON.stringify(bundle.clock);
    const prepared = store.sandboxes.prepare(settings, clock);
    try {
      yield* store.bundles.restore(prepared, bundle.tables);
      yield* this.prepareRules(bundle.settings.rules);
      const stored = { id: prepared, name: sandbox.name, document: settings, clock, epoch: 0, latest: 0 };
      yield* this.#checkPrepared(stored, bundle.settings);
      this.#refuseTakenKeys(sandbox, bundle);
      sandbox.adopt(prepared, bundle, () => {
        store.bundles.restoreKeys(prepared, bundle.tables);
      });
    } catch (error) {
      // The numbers of its rows may be used again.
      this.#cache.clear();
      store.deleteFromReserve(() => {
        store.sandboxes.retire(prepared);
      });
      throw error instanceof UnreadableRow ? new BundleUnfit(`${error.message}.`) : error;
    } finally {
      this.#verdicts.clear();
      this.#leftovers.clear();
    }
  }

  /** Decodes everything in a prepared row, as the sandbox that it will be. Throws `UnreadableRow`. */
  *#checkPrepared(stored: StoredSandbox, settings: SandboxSettings): Steps<void> {
    const candidate = new Sandbox(stored, this.#world, this.#shared, settings);
    try {
      if (candidate.damage !== undefined) throw candidate.damage;
      yield* this.#world.checkStored?.(candidate) ?? [];
    } finally {
      candidate.close();
    }
  }

  #refuseTakenKeys(sandbox: Sandbox, { tables }: SandboxBundle): void {
    const { columns, rows } = tables.keys ?? { columns: [], rows: [] };
    for (const row of rows) {
      const hash = row[columns.indexOf("hash")];
      const taken = typeof hash === "string" ? this.#world.store.accounts.findKey(hash) : undefined;
      if (taken !== undefined && taken.sandboxId !== sandbox.rowId)
        throw new KeyTaken(`The key ${taken.hint} belongs to sandbox ${taken.sandbox} here.`);
    }
  }

  /**
   * Deletes a sandbox and all its data; it is gone at once, and its rows are deleted in the background. The `default`
   * sandbox is reset instead, since it always exists.
   */
  delete(sandbox: Sandbox): void {
    if (sandbox.name === DEFAULT_SANDBOX) {
      this.#world.store.deleteFromReserve(() => {
        this.#resetTo(sandbox, {});
      });
      return;
    }
    this.#world.store.deleteFromReserve(() => {
      this.#world.store.sandboxes.retire(sandbox.rowId);
    });
    const { name, clock } = sandbox;
    sandbox.heldRequests.releaseAll("shutdown");
    this.#drop(sandbox);
    this.#leftovers.clear();
    this.events.publish({ kind: "sandbox.deleted", at: clock.now(), sandbox: name });
  }

  /** Drops a sandbox from memory, after its row was deleted or undone. */
  #drop(sandbox: Sandbox): void {
    sandbox.closeDeleted();
    this.#world.onDropped?.(sandbox);
    this.#cache.clear();
    this.#live.delete(sandbox.name);
    this.#verdicts.clear();
  }

  /** Finds the owner of a key at `vendor`; creates the sandbox and account of a self-describing key on first use. */
  judgeKey(key: string, vendor: string): KeyVerdict {
    const remembered = this.#verdicts.get(`${vendor} ${key}`);
    if (remembered !== undefined) return remembered;
    const verdict = this.#judge(key, vendor);
    // Refusals are not cached: unknown keys are unlimited in number, and a key may be registered later.
    if (verdict.ok) this.#verdicts.set(`${vendor} ${key}`, { ok: true, principal: verdict.principal });
    return verdict;
  }

  /** Returns a registered key, whether or not it may be used. It never creates a sandbox. */
  findKey(key: string): FoundKey | undefined {
    return this.#world.store.accounts.findKey(hashKey(key));
  }

  /** Registers a literal key. Throws {@link KeyTaken} when it belongs to another account. */
  registerKey(
    sandbox: Sandbox,
    account: string,
    key: string,
    options: { vendor?: string | undefined; user?: string | undefined } = {},
  ): StoredKey {
    const described = describeKey(key);
    if (typeof described === "object" && (described.sandbox !== sandbox.name || described.account !== account)) {
      throw new KeyTaken(
        `The key ${hintOf(key)} describes itself as account ${described.account} of sandbox ${described.sandbox}.`,
      );
    }
    const hash = hashKey(key);
    const taken = this.#world.store.accounts.findKey(hash);
    if (taken !== undefined && (taken.sandboxId !== sandbox.rowId || taken.account !== account)) {
      throw new KeyTaken(`The key ${hintOf(key)} belongs to account ${taken.account} of sandbox ${taken.sandbox}.`);
    }
    const registered: StoredKey = {
      hash,
      sandboxId: sandbox.rowId,
      account: sandbox.account(account).name,
      vendor: options.vendor ?? null,
      user: options.user ?? "owner",
      hint: hintOf(key),
      revokedAt: null,
    };
    this.#world.store.accounts.saveKey(registered);
    this.#verdicts.clear();
    return registered;
  }

  /** Revokes a key, registered or self-describing, from now on. Throws {@link KeyTaken} for another account's key. */
  revokeKey(sandbox: Sandbox, account: string, key: string): StoredKey {
    const known = this.#world.store.accounts.findKey(hashKey(key));
    const isOwn = known?.sandboxId === sandbox.rowId && known.account === account;
    // Registration refuses a key of another account, so no sandbox can revoke another's key.
    const own = isOwn ? known : this.registerKey(sandbox, account, key);
    const revoked: StoredKey = { ...own, revokedAt: sandbox.clock.now() };
    this.#world.store.accounts.saveKey(revoked);
    this.#verdicts.clear();
    return revoked;
  }

  /**
   * Deletes every sandbox except `default` that was idle for `idleMs` of real time. An error with one sandbox does not
   * stop the deletion of the others.
   */
  async dropIdle(idleMs: number): Promise<void> {
    const limit = this.#world.wall.now() - idleMs;
    const turns = new Turns(this.#world.wall);
    for (const sandbox of this.all()) {
      // It may have been used or deleted between two turns.
      const isGone = this.#isClosed || this.#live.get(sandbox.name) !== sandbox;
      if (isGone || sandbox.name === DEFAULT_SANDBOX || !sandbox.isIdleSince(limit)) continue;
      try {
        this.delete(sandbox);
      } catch (error) {
        this.#world.onError(error);
      }
      await turns.pause();
    }
  }

  /** Follows the events of every sandbox, including those created later; call the result to stop. */
  followAll(listener: (sandbox: Sandbox, event: SandboxEvent) => void): () => void {
    const stops: (() => void)[] = [];
    const watch = (sandbox: Sandbox): void => {
      stops.push(
        sandbox.events.follow((event) => {
          listener(sandbox, event);
        }),
      );
    };
    this.#followers.add(watch);
    for (const sandbox of this.all()) watch(sandbox);
    return () => {
      this.#followers.delete(watch);
      for (const stop of stops) stop();
    };
  }

  /** Releases all held requests and stops all timers. */
  close(): void {
    this.#isClosed = true;
    this.#stopFollowingWall();
    this.#leftovers.close();
    for (const sandbox of this.all()) sandbox.close();
  }

  #judge(key: string, vendor: string): KeyVerdict {
    const registered = this.#world.store.accounts.findKey(hashKey(key));
    if (registered !== undefined) return this.#judgeRegistered(registered, vendor);
    const described = describeKey(key);
    if (described === "malformed") return { ok: false, reason: "malformed" };
    if (described !== undefined) {
      const { account: accountName } = described;
      const sandbox = this.obtain(described.sandbox);
      const isAccountNew = !sandbox.accounts.names().includes(accountName);
      if (isAccountNew && sandbox.settings.unknownAccounts === "refuse")
        return { ok: false, reason: "no-account", sandbox, accountName };
      const principal = this.#principal(described.sandbox, accountName, "owner");
      if (accountName === "revoked") return { ok: false, reason: "revoked", principal };
      return { ok: true, principal, ...(isAccountNew && { isAccountNew }) };
    }
    if (this.#options.unknownKeys === "refuse") return { ok: false, reason: "unknown" };
    return { ok: true, principal: this.#principal(DEFAULT_SANDBOX, "main", "owner") };
  }

  #judgeRegistered(key: FoundKey, vendor: string): KeyVerdict {
    if (key.vendor !== null && key.vendor !== vendor) return { ok: false, reason: "unknown" };
    const principal = this.#principal(key.sandbox, key.account, key.user);
    return key.revokedAt === null ? { ok: true, principal } : { ok: false, reason: "revoked", principal };
  }

  #principal(sandboxName: string, accountName: string, user: string): Principal {
    const sandbox = this.obtain(sandboxName);
    return { sandbox, account: sandbox.account(accountName), user };
  }

  #open(stored: StoredSandbox, settings?: SandboxSettings): Sandbox {
    const sandbox = new Sandbox(stored, this.#world, this.#shared, settings);
    this.#live.set(stored.name, sandbox);
    for (const watch of this.#followers) watch(sandbox);
    return sandbox;
  }

  #registerListedKeys(sandbox: Sandbox, template = this.#world.template?.()): void {
    const shared = sandbox.name === DEFAULT_SANDBOX ? template?.accounts : undefined;
    for (const { account, key, ...options } of [
      ...listedKeys(shared ?? {}),
      ...listedKeys(sandbox.document.accounts ?? {}),
    ])
      this.registerKey(sandbox, account, key, options);
  }

  /** Deletes a key that is not listed any more, if it still belongs to the account. */
  #forgetKey(sandbox: Sandbox, account: string, key: string): void {
    const known = this.#world.store.accounts.findKey(hashKey(key));
    if (known?.sandboxId !== sandbox.rowId || known.account !== account) return;
    this.#world.store.accounts.deleteKey(known.hash);
    this.#verdicts.clear();
  }
}

interface ListedKey {
  readonly account: string;
  readonly key: string;
  readonly vendor?: string | undefined;
  readonly user?: string | undefined;
}

function listedKeys(accounts: SandboxTemplate["accounts"]): ListedKey[] {
  return Object.entries(accounts).flatMap(([account, { keys = [] }]) =>
    keys.map((listed) => ({ account, ...(typeof listed === "string" ? { key: listed } : listed) })),
  );
}
