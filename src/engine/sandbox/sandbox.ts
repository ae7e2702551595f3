/**
 * An isolated world: its own accounts, keys, clock, ids and generations. Nothing crosses from one to another.
 *
 * Birth, settings, reset, restoring and closing are in one file, long as it is: whatever one of them forgets would
 * outlive a reset, and is seen best beside the others.
 */
import type { z } from "zod";
import type { BundledTables } from "../../store/bundles.ts";
import type { SandboxRow } from "../../store/sandboxes.ts";
import type { Store } from "../../store/store.ts";
import type { GenerationCache } from "../generation/generation-cache.ts";
import { Account, defaultAccounts, type DefaultState } from "../generation/accounts.ts";
import { ClockBusy, SandboxClock, type ClockState, type Instant, type WallClock } from "../base/clock.ts";
import { CreateAnswers } from "../generation/create-answers.ts";
import { SandboxEvents } from "../base/events.ts";
import { Generations, type Transition } from "../generation/generations.ts";
import { digestOf } from "../base/ids.ts";
import { RateWindows, type RateWindowsState } from "../base/rate-windows.ts";
import { Rules, type RuleDocument } from "../rule/rules.ts";
import { Scheduler, type Fired } from "../base/scheduler.ts";
import type { AccountSettings, SandboxSettings } from "./settings.ts";
import type { Progression } from "../model/timeline.ts";
import type { Timing } from "../model/timing.ts";
import { HeldRequests, type Release } from "../generation/held-requests.ts";

/** Server-wide defaults for whatever a sandbox's document leaves out. */
interface SandboxDefaults {
  readonly seed: string;
  readonly timing: Timing;
  readonly progression: Progression;
  readonly scenario: string;
  readonly mediaUrl?: string | undefined;
  readonly vintages: Readonly<Record<string, string>>;
  readonly catalogue?: "open" | "strict" | undefined;
  readonly uploadLimits: UploadLimits;
  /** How many generations a sandbox keeps at most; no bound when absent. */
  readonly maxGenerations?: number | undefined;
}

/** Bytes that clients may upload into one sandbox. */
export interface UploadLimits {
  readonly perFile: number;
  readonly total: number;
}

/** What every sandbox has from the user's own folder, beneath what its document says. */
export interface SandboxTemplate {
  readonly rules: readonly RuleDocument[];
  readonly accounts: Readonly<Record<string, AccountSettings>>;
}

/** What the engine is told from outside, once: the wall clock, the store, and what vendors do at transitions. */
export interface World {
  readonly wall: WallClock;
  readonly store: Store;
  readonly defaults: SandboxDefaults;
  readonly defaultState: DefaultState;
  readonly onTransition: (sandbox: Sandbox, transition: Transition) => (() => void) | undefined;
  /** Takes up again what a stored sandbox had still to send when the process ended. */
  readonly onResume?: (sandbox: Sandbox) => void;
  /** Drops what is kept of a sandbox outside the engine (its journal, its own scenarios), as part of its reset. */
  readonly onReset?: (sandbox: Sandbox) => void;
  /** Has what is listed of accounts and kept outside the engine (their webhook endpoints) be as listed. */
  readonly onAccountsListed?: (sandbox: Sandbox, accounts: Readonly<Record<string, AccountSettings>>) => void;
  /** What the user's folder gives every sandbox; nothing when absent. */
  readonly template?: () => SandboxTemplate;
  readonly onError: (error: unknown) => void;
}

/** Something that takes real time, by kind (`reply`, `delivery`) and public id. */
export interface SetOff {
  readonly kind: string;
  readonly id: string;
  /** Row of the generation that it is about, where it is about one. */
  readonly generation?: number | undefined;
  /** Ends it as if its time were up, and says whether it had begun; absent for what cannot be ended. */
  readonly giveUp?: () => boolean;
}

export class Sandbox {
  readonly name: string;
  readonly rowId: number;
  readonly clock: SandboxClock;
  readonly scheduler: Scheduler;
  readonly heldRequests: HeldRequests;
  readonly generations: Generations;
  readonly events = new SandboxEvents();
  readonly createAnswers = new CreateAnswers();
  readonly rates = new RateWindows();
  readonly rules: Rules;
  readonly #world: World;
  readonly #accounts = new Map<string, Account>();
  readonly #accountNames = new Map<number, string>();
  /** Replies that were let go and are not on the wire yet: an advance waits for them. */
  readonly #flushing = new Map<Promise<unknown>, SetOff>();
  readonly #flushListeners = new Set<() => void>();
  #ending = new AbortController();
  #isSteered = false;
  readonly #parsedSettings = new Map<string, { readonly document: SandboxSettings; readonly settings: unknown }>();
  #settings: SandboxSettings;
  #epoch: number;
  #lastUsedAt: Instant;
  #users = 0;

  constructor(row: SandboxRow, settings: SandboxSettings, world: World, cache: GenerationCache) {
    this.name = row.name;
    this.rowId = row.id;
    this.#world = world;
    this.#settings = settings;
    this.#epoch = row.epoch;
    this.#lastUsedAt = world.wall.now();
    this.clock = new SandboxClock(world.wall, JSON.parse(row.clock) as ClockState);
    this.scheduler = new Scheduler(
      this.clock,
      world.wall,
      (work) => {
        const { result: isHeard, written } = this.writeWithOthers(work);
        if (!isHeard) return written;
        world.store.flush();
        return undefined;
      },
      world.onError,
    );
    this.heldRequests = new HeldRequests(this.scheduler, (held, release) => {
      if (!this.events.isFollowed) return;
      const { vendor, generationId, id, account, label } = held;
      const kind = release === undefined ? "waiter.held" : "waiter.released";
      this.events.publish({
        kind,
        at: this.clock.now(),
        vendor,
        generationId,
        id,
        account,
        label,
        ...(release && { release }),
      });
    });
    this.generations = new Generations(this.rowId, {
      store: world.store,
      cache,
      scheduler: this.scheduler,
      heldRequests: this.heldRequests,
      events: this.events,
      onTransition: (transition) => world.onTransition(this, transition),
      accountName: (accountId) => this.#accountNames.get(accountId) ?? "",
      addFault: ({ id: generation }, { operation, method, ...fault }) => {
        const when = {
          generation,
          ...(operation !== undefined && { operation }),
          ...(method !== undefined && { method }),
        };
        this.rules.add({ when, ...fault }, "scenario");
      },
      most: world.defaults.maxGenerations ?? Number.POSITIVE_INFINITY,
    });
    this.rules = new Rules(world.store.rules, this.rowId, () => `${this.seed}\u0000${this.name}`);
    this.rules.load();
    this.#loadAccounts();
  }

  /** Raised by every reset: asynchronous work that began under an earlier one must not write any more. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Aborted by the next reset, deletion or shutdown: what takes real time and is to write something ends with it. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  get settings(): SandboxSettings {
    return this.#settings;
  }

  get seed(): string {
    return this.#settings.seed ?? this.#world.defaults.seed;
  }

  get timing(): Timing {
    return this.#settings.timing ?? this.#world.defaults.timing;
  }

  get progression(): Progression {
    return this.#settings.progression ?? this.#world.defaults.progression;
  }

  /** The origin that media URLs are built on, where the sandbox or the server pins one. */
  get mediaUrl(): string | undefined {
    return this.#settings.mediaUrl ?? this.#world.defaults.mediaUrl;
  }

  get uploadLimits(): UploadLimits {
    const { perFile, total } = this.#world.defaults.uploadLimits;
    return {
      perFile: this.#settings.uploadLimits?.perFile ?? perFile,
      total: this.#settings.uploadLimits?.total ?? total,
    };
  }

  get store(): Store {
    return this.#world.store;
  }

  get wall(): WallClock {
    return this.#world.wall;
  }

  /** The sandbox's own default scenario and the server's, as text. */
  get scenarioDefaults(): { readonly sandbox: string | undefined; readonly configured: string } {
    return { sandbox: this.#settings.scenario, configured: this.#world.defaults.scenario };
  }

  /** When a request last used it, in real time. */
  get lastUsedAt(): Instant {
    return this.#lastUsedAt;
  }

  /** Whether a request stays with it, an answer is still on its way, or a webhook is being sent. */
  get isInUse(): boolean {
    return this.#users > 0 || this.heldRequests.count > 0 || this.#flushing.size > 0;
  }

  /** Counts somebody who stays with it, such as a follower of its events; the answer says that they have left. */
  inUse(): () => void {
    this.#users += 1;
    let isHere = true;
    return () => {
      if (!isHere) return;
      isHere = false;
      this.#users -= 1;
      this.#lastUsedAt = this.#world.wall.now();
    };
  }

  vintage(vendor: string, fallback: string): string {
    return this.#settings.vintages?.[vendor] ?? this.#world.defaults.vintages[vendor] ?? fallback;
  }

  /** Whether only catalogued models of this vendor are taken. */
  isCatalogueStrict(vendor: string): boolean {
    const { catalogue } = this.#settings;
    const chosen = typeof catalogue === "object" ? catalogue[vendor] : catalogue;
    return (chosen ?? this.#world.defaults.catalogue) === "strict";
  }

  /** Settings of one vendor, as the sandbox's document has them. */
  vendorSettings(vendor: string): Readonly<Record<string, unknown>> {
    return this.#settings.vendors?.[vendor] ?? {};
  }

  /** The same, as the vendor's schema reads it; read once for as long as the document stays. */
  vendorSettingsAs<Settings>(vendor: string, schema: z.ZodType<Settings>): Settings {
    const known = this.#parsedSettings.get(vendor);
    if (known?.document === this.#settings) return known.settings as Settings;
    const settings = schema.parse(this.vendorSettings(vendor));
    this.#parsedSettings.set(vendor, { document: this.#settings, settings });
    return settings;
  }

  /** Whether limits of this account are enforced, or only counted. */
  enforcesLimits(account: Account): boolean {
    const mode = this.#settings.limits ?? "born";
    return mode === "born" ? account.name === "limited" : mode === "enforced";
  }

  /** Reads the clock once, runs all work due by then, and answers the instant: how every request begins. */
  settle(): Instant {
    const now = this.clock.now();
    this.#lastUsedAt = this.#world.wall.now();
    this.scheduler.settle(now);
    return now;
  }

  /** The same for a known instant, answering what was done. */
  settleAt(now: Instant): Fired[] {
    return this.scheduler.settle(now);
  }

  /** Runs `work` as one transaction. What is remembered of accounts is dropped when it is undone. */
  write<Result>(work: () => Result): Result {
    try {
      return this.#world.store.transaction(work);
    } catch (error) {
      this.#forgetUnwritten();
      throw error;
    }
  }

  /**
   * The same for what may be in the file a little later, together with what other requests write. `written` settles
   * once it is, or rejects, with all undone: await it before it is acknowledged. Undefined when there is nothing to await.
   */
  writeWithOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    // Followers hear of it as it happens.
    if (this.events.isFollowed) return { result: this.write(work), written: undefined };
    try {
      const { result, written } = this.#world.store.transactionAwaitingOthers(work);
      written?.catch(() => {
        try {
          this.#forgetUnwritten();
        } catch (error) {
          this.#world.onError(error);
        }
      });
      return { result, written };
    } catch (error) {
      this.#forgetUnwritten();
      throw error;
    }
  }

  /**
   * Drops what is remembered of a transaction that was undone: accounts that it made are none, the others may have
   * changed in it, and rules may have been used.
   */
  #forgetUnwritten(): void {
    this.generations.forgetCount();
    const stored = new Set(this.#world.store.accounts.inSandbox(this.rowId).map(({ id }) => id));
    for (const account of this.#accounts.values()) {
      account.forget();
      if (stored.has(account.id)) continue;
      this.#accounts.delete(account.name);
      this.#accountNames.delete(account.id);
    }
    if (this.rules.haveFaults || this.rules.haveScenarios) this.rules.load();
  }

  /** The account of this name, made on first use. */
  account(name: string): Account {
    return this.#accounts.get(name) ?? this.#makeAccount(name);
  }

  accountById(id: number): Account | undefined {
    return [...this.#accounts.values()].find((account) => account.id === id);
  }

  accountNames(): string[] {
    return [...this.#accounts.keys()];
  }

  /** A digest that names a thing of the sandbox and not of an account, such as a media file. */
  digest(...parts: readonly (string | number)[]): string {
    return digestOf(this.seed, this.name, ...parts);
  }

  /** Whether the clock is being advanced. */
  get isSteered(): boolean {
    return this.#isSteered;
  }

  /** Claims the clock for an advance; the answer gives it back. Throws `ClockBusy` while somebody has it. */
  steerClock(): () => void {
    if (this.#isSteered) throw new ClockBusy("The clock is being advanced.");
    this.#isSteered = true;
    return () => {
      this.#isSteered = false;
    };
  }

  /**
   * Puts the clock at an instant and stores it, in the mode that it is to have after a restart, so that nothing
   * announced there can be unsaid by a killed process.
   */
  moveClock(instant: Instant, mode: ClockState["mode"]): void {
    this.clock.moveTo(instant);
    this.#world.store.sandboxes.saveClock(this.rowId, JSON.stringify({ ...this.clock.state, mode }));
  }

  /** Stores the clock after it was steered, and has the timer armed anew. */
  clockChanged(): void {
    this.#world.store.sandboxes.saveClock(this.rowId, JSON.stringify(this.clock.state));
    this.scheduler.arm();
    if (this.events.isFollowed) this.events.publish({ kind: "clock.moved", at: this.clock.now(), ...this.clock.state });
  }

  /** Replaces the document. Accounts and clock follow it only at the next {@link reset}. */
  saveSettings(settings: SandboxSettings): void {
    this.#settings = settings;
    this.#world.store.sandboxes.saveDocument(this.rowId, JSON.stringify(settings));
  }

  /**
   * Replaces the document and puts it into effect as far as that needs no reset: the clock's mode and rate, and the
   * state of listed accounts; `changed` are the parts to put into effect, all of it by default. Call it inside a
   * transaction.
   */
  configure(settings: SandboxSettings, changed: SandboxSettings = { rules: [], ...settings }): void {
    this.saveSettings(settings);
    if (changed.rules !== undefined) {
      this.rules.deleteOf("document");
      this.addRules(changed.rules);
    }
    for (const [name, { vendors }] of Object.entries(changed.accounts ?? {})) {
      const account = this.account(name);
      for (const [vendor, state] of Object.entries(vendors ?? {})) account.updateState(vendor, state);
    }
    this.#world.onAccountsListed?.(this, changed.accounts ?? {});
    const { mode, rate } = changed.clock ?? {};
    if (mode === undefined && rate === undefined) return;
    const release = this.steerClock();
    if (rate !== undefined) this.clock.setRate(rate);
    if (mode === "frozen") this.clock.freeze();
    if (mode === "running") this.clock.resume();
    release();
    this.clockChanged();
  }

  /**
   * Back to the seeded state: everything that happened is gone, held requests are answered with their last state,
   * and work begun before writes nothing.
   */
  reset(): void {
    const clock = clockStateOf(this.#settings, this.#world.wall);
    this.#beginAnew(clock, () => undefined);
    this.fill();
    this.scheduler.arm();
    this.events.publish({ kind: "sandbox.reset", at: this.clock.now(), epoch: this.#epoch });
  }

  /** Everything that a bundle saved in place of what is here; its clock goes on from where it was saved. */
  restore(settings: SandboxSettings, clock: ClockState, tables: BundledTables, rates: RateWindowsState): void {
    this.#beginAnew(clock, () => {
      this.saveSettings(settings);
      this.#world.store.bundles.restore(this.rowId, tables);
    });
    this.rates.restore(rates);
    this.generations.resume();
    this.#world.onResume?.(this);
    this.scheduler.arm();
    this.events.publish({ kind: "sandbox.reset", at: this.clock.now(), epoch: this.#epoch });
  }

  #beginAnew(clock: ClockState, fill: () => void): void {
    this.releaseHeld("reset");
    const before = this.#settings;
    try {
      this.write(() => {
        this.#world.store.sandboxes.empty(this.rowId);
        this.#world.store.sandboxes.saveClock(this.rowId, JSON.stringify(clock));
        fill();
      });
    } catch (error) {
      this.#settings = before;
      throw error;
    }
    this.#epoch += 1;
    this.#ending.abort();
    this.#ending = new AbortController();
    this.scheduler.clear();
    this.generations.forgetAll();
    this.rates.clear();
    this.#accounts.clear();
    this.#accountNames.clear();
    this.clock.restore(clock);
    this.#loadAccounts();
    this.rules.load();
    this.#world.onReset?.(this);
  }

  /** Everything stored, as it is at this moment. */
  save(): BundledTables {
    for (const account of this.#accounts.values()) account.storeCounters();
    return this.#world.store.bundles.save(this.rowId);
  }

  /** Adds what its document and the user's folder list, as part of its birth or reset; its own rules are asked first. */
  fill(): void {
    const template = this.#world.template?.();
    for (const rule of template?.rules.toReversed() ?? []) this.rules.add(rule, "fixtures");
    this.addRules(this.#settings.rules ?? []);
    if (template !== undefined) this.#world.onAccountsListed?.(this, template.accounts);
    this.#world.onAccountsListed?.(this, this.#settings.accounts ?? {});
  }

  /**
   * Has the user's folder in effect in a sandbox that was there before it was read: rules anew where they are others
   * than it has, accounts that it lacks.
   */
  applyTemplate({ rules, accounts }: SandboxTemplate): void {
    const present = this.rules.list().filter(({ origin }) => origin === "fixtures");
    const sorted = (documents: readonly RuleDocument[]): string =>
      documents
        .map((each) => JSON.stringify(each))
        .sort()
        .join();
    if (sorted(present.map(({ document }) => document)) !== sorted(rules)) {
      this.rules.deleteOf("fixtures");
      for (const rule of rules.toReversed()) this.rules.add(rule, "fixtures");
    }
    for (const name of Object.keys(accounts)) this.account(name);
    this.#world.onAccountsListed?.(this, accounts);
  }

  /** Adds the rules that its document lists; the first listed is asked first. */
  addRules(documents: readonly RuleDocument[]): void {
    for (const document of documents.toReversed()) this.rules.add(document, "document");
  }

  /** Has `advance` and shutdown wait for something that was set off and takes real time. */
  awaitFlush(flushed: Promise<unknown>, what: SetOff): void {
    this.#flushing.set(flushed, what);
    void flushed.finally(() => {
      this.#flushing.delete(flushed);
      for (const listener of this.#flushListeners) listener();
    });
  }

  /** Calls back whenever something that {@link awaitFlush} was told of is done; the answer stops it. */
  onFlushed(listener: () => void): () => void {
    this.#flushListeners.add(listener);
    return () => {
      this.#flushListeners.delete(listener);
    };
  }

  /** Everything that {@link awaitFlush} was told of and that is not done. */
  get flushing(): ReadonlyMap<Promise<unknown>, SetOff> {
    return this.#flushing;
  }

  releaseHeld(reason: Release): void {
    this.heldRequests.releaseAll(reason);
  }

  /** Stops its timer; nothing is written any more. */
  close(): void {
    this.releaseHeld("shutdown");
    this.#ending.abort();
    this.scheduler.close();
  }

  #loadAccounts(): void {
    for (const row of this.#world.store.accounts.inSandbox(this.rowId)) this.#remember(row.id, row.name);
    this.write(() => {
      const listed = { ...this.#world.template?.().accounts, ...this.#settings.accounts };
      for (const name of [...defaultAccounts, ...Object.keys(listed)]) {
        if (!this.#accounts.has(name)) this.#makeAccount(name);
      }
    });
  }

  #makeAccount(name: string): Account {
    const account = this.#remember(this.#world.store.accounts.insert(this.rowId, name).id, name);
    for (const [vendor, state] of Object.entries(this.#settings.accounts?.[name]?.vendors ?? {}))
      account.updateState(vendor, state);
    return account;
  }

  #remember(id: number, name: string): Account {
    const account = new Account(
      id,
      name,
      this.#world.store.accounts,
      `${this.seed}\u0000${this.name}`,
      this.#world.defaultState,
    );
    this.#accounts.set(name, account);
    this.#accountNames.set(id, name);
    return account;
  }
}

/** The clock that a sandbox with this document is born with. */
export function clockStateOf(settings: SandboxSettings, wall: WallClock): ClockState {
  const { now, clock } = settings;
  return SandboxClock.starting(wall, {
    ...(now !== undefined && { now }),
    ...(clock?.mode !== undefined && { mode: clock.mode }),
    ...(clock?.rate !== undefined && { rate: clock.rate }),
  });
}
