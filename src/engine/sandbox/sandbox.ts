/**
 * Defines a sandbox: an isolated world with its own accounts, keys, clock, ids and generations. Creation, reset,
 * restoring and closing are in one file, because a part that one of them forgets would outlive a reset.
 */
import type { BundledTables } from "../../store/bundles.ts";
import type { StoredSandbox } from "../../store/sandboxes.ts";
import type { Store } from "../../store/store.ts";
import type { UnreadableRow } from "../../store/unreadable-row.ts";
import type { Account } from "../generation/accounts.ts";
import { SandboxClock, type ClockState, type Instant, type WallClock } from "../base/clock.ts";
import { CreateAnswers } from "../generation/create-answers.ts";
import { SandboxEvents } from "../base/events.ts";
import { Generations } from "../generation/generations.ts";
import { digestOf } from "../base/ids.ts";
import { RateWindows } from "../base/rate-windows.ts";
import { PendingWorkTracker } from "./pending-work.ts";
import { SandboxAccounts } from "./sandbox-accounts.ts";
import { Rules } from "../rule/rules.ts";
import { ruleOf } from "../scenario/fault-rule.ts";
import { Scheduler, type Fired } from "../base/scheduler.ts";
import type { Turns } from "../base/turns.ts";
import type { SandboxBundle } from "./bundle.ts";
import { ClockSteering } from "./clock-steering.ts";
import { Damage } from "./damage.ts";
import { Declarations, type SandboxTemplate } from "./declarations.ts";
import { EffectiveSettings, startingClock } from "./effective-settings.ts";
import { SandboxRow } from "./sandbox-row.ts";
import { SandboxWrites } from "./sandbox-writes.ts";
import type { SandboxSettings } from "./settings.ts";
import { StoredContent } from "./stored-content.ts";
import { clockFrom, documentFrom, latestFrom } from "./stored-sandbox.ts";
import { Usage } from "./usage.ts";
import type { SharedContent, WorldOf } from "./world.ts";
import { HeldRequests } from "../generation/held-requests.ts";

export type World = WorldOf<Sandbox>;

export class Sandbox {
  readonly name: string;
  readonly clock: SandboxClock;
  readonly steering: ClockSteering;
  readonly scheduler: Scheduler;
  readonly heldRequests: HeldRequests;
  readonly generations: Generations;
  readonly events: SandboxEvents;
  readonly createAnswers = new CreateAnswers();
  readonly rates = new RateWindows();
  readonly pendingWork = new PendingWorkTracker();
  readonly usage: Usage;
  readonly rules: Rules;
  readonly accounts: SandboxAccounts;
  readonly damageRecord = new Damage();
  readonly #declarations: Declarations;
  readonly #content: StoredContent;
  readonly #writes: SandboxWrites;
  readonly #world: World;
  readonly #row: SandboxRow;
  #ending = new AbortController();
  #settings: EffectiveSettings;

  /** Opens a stored sandbox; a row that cannot be read becomes its {@link damage}. `known` is its decoded document. */
  constructor(stored: StoredSandbox, world: World, { cache, ruleLists }: SharedContent, known?: SandboxSettings) {
    this.name = stored.name;
    this.#row = new SandboxRow(world.store, stored);
    this.#world = world;
    const document = known ?? this.damageRecord.readOr({}, () => documentFrom(stored));
    this.#settings = new EffectiveSettings(document, world.defaults);
    this.usage = new Usage(world.wall);
    const clock = this.damageRecord.readOr(startingClock(document, world.wall), () =>
      clockFrom(stored.name, stored.clock),
    );
    this.clock = new SandboxClock(world.wall, clock);
    this.clock.continueFrom(this.damageRecord.readOr(0, () => latestFrom(stored)));
    this.events = new SandboxEvents((publish) => {
      world.store.whenEnded(publish);
    });
    const { events, forgetUnwritten: readAnew } = this;
    this.#writes = new SandboxWrites({ store: world.store, events, remember: this.#rememberUnstored, readAnew });
    this.scheduler = new Scheduler({
      clock: this.clock,
      wall: world.wall,
      transactions: this.#writes.ofDueWork,
      onError: (error) => {
        this.damageRecord.note(error);
        world.onError(error);
      },
    });
    this.steering = new ClockSteering({
      clock: this.clock,
      scheduler: this.scheduler,
      events: this.events,
      save: this.#saveClock,
      load: () => clockFrom(this.name, world.store.sandboxes.clockOf(this.rowId)),
    });
    this.heldRequests = new HeldRequests({ scheduler: this.scheduler, clock: this.clock, events: this.events });
    const rowOf = (): number => this.#row.id;
    this.generations = new Generations(rowOf, {
      store: world.store,
      cache,
      scheduler: this.scheduler,
      heldRequests: this.heldRequests,
      events: this.events,
      onTransition: (transition) => world.onTransition(this, transition),
      accountName: (accountId) => this.accounts.byId(accountId)?.name ?? "",
      addFault: ({ id }, fault) => {
        this.rules.add(ruleOf(id, fault), "scenario");
      },
      most: world.defaults.maxGenerations ?? Number.POSITIVE_INFINITY,
      write: (work) => this.write(work),
    });
    const seed = (): string => `${this.#settings.seed}\u0000${this.name}`;
    const parts = { store: world.store, lists: ruleLists, documented: () => this.document.rules };
    this.rules = new Rules({ ...parts, rowOf, seed });
    this.damageRecord.readOr(undefined, () => {
      this.rules.load();
    });
    this.accounts = new SandboxAccounts({
      rowOf,
      repository: world.store.accounts,
      defaultState: world.defaultState,
      seed,
      documented: () => this.document.accounts ?? {},
      listed: () => Object.keys({ ...world.template?.().accounts, ...this.document.accounts }),
    });
    this.#declarations = new Declarations({
      rules: this.rules,
      accounts: this.accounts,
      onAccountsListed: (accounts) => world.onAccountsListed?.(this, accounts),
    });
    const { generations, accounts, rules, damageRecord: damage } = this;
    const { onError } = world;
    this.#content = new StoredContent({ generations, accounts, rules, damage, onError });
    accounts.load();
    this.write(() => {
      accounts.makeListed();
    });
  }

  /** The first stored row that could not be read; undefined in a sandbox that is sound. Only a reset repairs it. */
  get damage(): UnreadableRow | undefined {
    return this.damageRecord.found;
  }

  /** The row that it is stored under, which a reset replaces. */
  get rowId(): number {
    return this.#row.id;
  }

  /** Raised by every reset and by deletion: work that began in an earlier epoch must not write any more. */
  get epoch(): number {
    return this.#row.epoch;
  }

  /** Aborted by the next reset, deletion or shutdown: work that takes real time and then writes must stop with it. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  get settings(): EffectiveSettings {
    return this.#settings;
  }

  /** The document as it was written, which {@link saveSettings} stores. */
  get document(): SandboxSettings {
    return this.#settings.document;
  }

  get store(): Store {
    return this.#world.store;
  }

  get wall(): WallClock {
    return this.#world.wall;
  }

  /** Whether the sandbox is unused since an instant of real time and has no pending work. */
  isIdleSince(instant: Instant): boolean {
    const isBusy = this.usage.hasStayers || this.heldRequests.count > 0 || this.pendingWork.size > 0;
    return !isBusy && this.usage.lastAt < instant;
  }

  /** Reads the clock once, runs all work due by then, and returns the instant; every request begins with this. */
  settle(): Instant {
    const now = this.clock.now();
    this.usage.note();
    this.scheduler.settle(now);
    return now;
  }

  /** Runs all work due by a known instant, or as much as a turn allows, and returns what ran. */
  readonly settleAt = (now: Instant, turns?: Turns): Fired[] => this.scheduler.settle(now, turns);

  /** Runs `work` as one transaction. When it is undone, memory shows what is stored again. */
  write<Result>(work: () => Result): Result {
    return this.#writes.write(work);
  }

  /** Runs `work` in a transaction that may be stored together with others; see {@link SandboxWrites}. */
  writeWithOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    return this.#writes.writeWithOthers(work);
  }

  /** Returns a function to call when a transaction of several sandboxes, which begins now, is undone. */
  readonly remember = (): (() => void) => this.#writes.remember();

  /** Reloads the parts of memory that an undone transaction may have changed. */
  readonly forgetUnwritten = (): void => {
    this.#content.loadUndone();
  };

  /** Returns the account of this name; creates it on first use. */
  account(name: string): Account {
    return this.accounts.obtain(name);
  }

  /** Returns a digest that names a thing of the sandbox rather than of an account, such as a media file. */
  digest(...parts: readonly (string | number)[]): string {
    return digestOf(this.#settings.seed, this.name, ...parts);
  }

  /** Replaces the document. Accounts and clock change only at the next {@link reset}. */
  saveSettings(document: SandboxSettings): void {
    this.#world.store.sandboxes.saveDocument(this.rowId, JSON.stringify(document));
    this.#settings = new EffectiveSettings(document, this.#world.defaults);
  }

  /**
   * Replaces the document and applies the parts that need no reset: the clock's mode and rate, and the state of listed
   * accounts. `changed` holds the parts to apply, the whole document by default. Call it inside a transaction.
   */
  configure(document: SandboxSettings, changed: SandboxSettings = { rules: [], ...document }): void {
    this.saveSettings(document);
    this.#declarations.applyDocument(changed);
    this.steering.apply(changed.clock ?? {});
  }

  /**
   * Resets the sandbox to its seeded state, in one transaction that `complete` ends: all data is left behind, held requests
   * are answered with their last state, and work begun before writes nothing. `document` replaces its own.
   */
  reset(document: SandboxSettings, complete: () => void): void {
    this.#beginAnew({ document, clock: startingClock(document, this.#world.wall) }, () => {
      this.#content.load();
      this.accounts.makeListed();
      this.applyDeclarations();
      complete();
    });
    this.#announceReset();
  }

  /**
   * Replaces the sandbox's data by a bundle's, which a prepared row holds, in one transaction that `complete` ends; the
   * clock continues from where it was saved.
   */
  adopt(prepared: number, { settings, clock, rates, lastRule }: SandboxBundle, complete: () => void): void {
    const last = Math.max(lastRule, this.rules.lastNumber);
    this.#beginAnew({ document: settings, clock, prepared }, () => {
      this.#world.store.rules.saveLastNumber(this.rowId, last);
      this.#content.load();
      this.accounts.makeListed();
      complete();
    });
    this.rates.restore(rates);
    this.generations.resume();
    this.#world.onResume?.(this);
    this.#announceReset();
  }

  /** Gives the sandbox another row; `refill` loads or stores the new content in the same transaction. */
  #beginAnew(
    { document, clock, prepared }: { document: SandboxSettings; clock: ClockState; prepared?: number },
    refill: () => void,
  ): void {
    // First, because a held request reads the state that it is answered with.
    this.heldRequests.releaseAll("reset");
    try {
      this.write(() => {
        this.#row.replace(document, clock, prepared);
        this.#saveClock(clock);
        this.clock.restore(clock);
        this.saveSettings(document);
        refill();
      });
    } catch (error) {
      this.generations.forgetAll();
      throw error;
    }
    this.damageRecord.forget();
    this.#ending.abort();
    this.#ending = new AbortController();
    this.scheduler.clear();
    this.rates.clear();
    this.#world.onReset?.(this);
  }

  #announceReset(): void {
    this.scheduler.arm();
    this.events.publish({ kind: "sandbox.reset", at: this.clock.now(), epoch: this.epoch });
  }

  /** Returns everything stored of the sandbox, as of now. */
  save(): BundledTables {
    this.accounts.storeCounters();
    return this.#world.store.bundles.save(this.rowId, this.rules.ofTemplate());
  }

  /** Applies its document and the template, as part of its creation or reset. */
  applyDeclarations(): void {
    this.#declarations.apply(this.document, this.#world.template?.());
  }

  /** Applies a template to a sandbox that existed before it; `previous` was in force until now. */
  applyTemplate(template: SandboxTemplate, previous?: SandboxTemplate): void {
    this.#declarations.applyTemplate(template, this.document, previous);
  }

  /** Stops its timer, after which it writes nothing. */
  close(): void {
    this.heldRequests.close();
    this.#ending.abort();
    this.scheduler.close();
  }

  /** Closes a sandbox that is not stored any more. */
  closeDeleted(): void {
    this.#row.end();
    this.close();
  }

  readonly #saveClock = (state: ClockState): void => {
    this.#world.store.sandboxes.saveClock(this.rowId, JSON.stringify(state), state.virtualAnchor);
  };

  /** Returns a function that puts back the parts of memory that are not read from the store. */
  readonly #rememberUnstored = (): (() => void) => {
    const settings = this.#settings;
    const clock = this.clock.state;
    const putRowBack = this.#row.remember();
    const putListsBack = this.rules.remember();
    return () => {
      putRowBack();
      putListsBack();
      this.#settings = settings;
      if (this.clock.state === clock) return;
      this.clock.restore(clock);
      this.scheduler.arm();
    };
  };
}
