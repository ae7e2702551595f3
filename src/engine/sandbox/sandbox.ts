/**
 * Defines a sandbox: an isolated world with its own accounts, keys, clock, ids and generations. Sandboxes share
 * nothing.
 *
 * Creation, reset, restoring and closing are in one file, because a part that one of them forgets would outlive a
 * reset.
 */
import type { BundledTables } from "../../store/bundles.ts";
import type { StoredSandbox } from "../../store/sandboxes.ts";
import type { Store } from "../../store/store.ts";
import { readRow, UnreadableRow } from "../../store/unreadable-row.ts";
import type { Generation } from "../model/generation.ts";
import type { GenerationCache } from "../generation/generation-cache.ts";
import type { Account, DefaultState } from "../generation/accounts.ts";
import { SandboxClock, type ClockState, type Instant, type WallClock } from "../base/clock.ts";
import { CreateAnswers } from "../generation/create-answers.ts";
import { clockState } from "../base/time-codecs.ts";
import { SandboxEvents } from "../base/events.ts";
import { Generations, type Transition } from "../generation/generations.ts";
import { digestOf } from "../base/ids.ts";
import { RateWindows } from "../base/rate-windows.ts";
import { PendingWorkTracker } from "./pending-work.ts";
import { SandboxAccounts } from "./sandbox-accounts.ts";
import { Rules } from "../rule/rules.ts";
import { Scheduler, type Fired } from "../base/scheduler.ts";
import { BundleUnfit, type SandboxBundle } from "./bundle.ts";
import { ClockSteering } from "./clock-steering.ts";
import { Declarations, type SandboxTemplate } from "./declarations.ts";
import { EffectiveSettings, startingClock, type SandboxDefaults } from "./effective-settings.ts";
import { sandboxSettings, type AccountSettings, type SandboxSettings } from "./settings.ts";
import { Usage } from "./usage.ts";
import { HeldRequests, type Release } from "../generation/held-requests.ts";

/** The parts that the engine gets from outside: the wall clock, the store, and what vendors do at transitions. */
export interface World {
  readonly wall: WallClock;
  readonly store: Store;
  readonly defaults: SandboxDefaults;
  readonly defaultState: DefaultState;
  readonly onTransition: (sandbox: Sandbox, transition: Transition) => (() => void) | undefined;
  /** Resumes the deliveries that a stored sandbox still had to send when the process ended. */
  readonly onResume?: (sandbox: Sandbox) => void;
  /**
   * Drops the data of a sandbox that lives outside the engine (its journal, its own scenarios), as part of its reset.
   */
  readonly onReset?: (sandbox: Sandbox) => void;
  /** Applies account settings that live outside the engine: webhook endpoints. */
  readonly onAccountsListed?: (sandbox: Sandbox, accounts: Readonly<Record<string, AccountSettings>>) => void;
  /** Returns what the user's folder gives every sandbox; nothing when absent. */
  readonly template?: () => SandboxTemplate;
  /** Decodes what a vendor keeps in a generation that came from elsewhere; throws where it cannot be read. */
  readonly checkGeneration?: (generation: Generation) => void;
  /** Decodes the rows that came from elsewhere and that other layers wrote; throws where one cannot be read. */
  readonly checkStored?: (sandbox: Sandbox) => void;
  readonly onError: (error: unknown) => void;
}

export class Sandbox {
  readonly name: string;
  readonly rowId: number;
  readonly clock: SandboxClock;
  readonly steering: ClockSteering;
  readonly scheduler: Scheduler;
  readonly heldRequests: HeldRequests;
  readonly generations: Generations;
  readonly events = new SandboxEvents();
  readonly createAnswers = new CreateAnswers();
  readonly rates = new RateWindows();
  readonly pendingWork = new PendingWorkTracker();
  readonly usage: Usage;
  readonly rules: Rules;
  readonly accounts: SandboxAccounts;
  readonly #declarations: Declarations;
  readonly #world: World;
  #ending = new AbortController();
  #settings: EffectiveSettings;
  #epoch: number;
  #damage: UnreadableRow | undefined;

  /** Opens a stored sandbox. A row that cannot be read becomes its {@link damage}, and costs no other sandbox. */
  constructor(stored: StoredSandbox, world: World, cache: GenerationCache) {
    this.name = stored.name;
    this.rowId = stored.id;
    this.#world = world;
    const document = this.#readOr({}, () => documentFrom(stored));
    this.#settings = new EffectiveSettings(document, world.defaults);
    this.#epoch = stored.epoch;
    this.usage = new Usage(world.wall);
    const clock = this.#readOr(startingClock(document, world.wall), () => clockFrom(stored.name, stored.clock));
    this.clock = new SandboxClock(world.wall, clock);
    this.clock.continueFrom(stored.latest);
    this.scheduler = new Scheduler(
      this.clock,
      world.wall,
      (work) => {
        const { result: isHeard, written } = this.writeWithOthers(work);
        if (!isHeard) return written;
        world.store.flush();
        return undefined;
      },
      (error) => {
        if (error instanceof UnreadableRow) this.#damage ??= error;
        world.onError(error);
      },
    );
    this.steering = new ClockSteering({
      clock: this.clock,
      scheduler: this.scheduler,
      events: this.events,
      save: this.#saveClock,
      load: () => clockFrom(this.name, world.store.sandboxes.clockOf(this.rowId)),
    });
    this.heldRequests = new HeldRequests({ scheduler: this.scheduler, clock: this.clock, events: this.events });
    this.generations = new Generations(this.rowId, {
      store: world.store,
      cache,
      scheduler: this.scheduler,
      heldRequests: this.heldRequests,
      events: this.events,
      onTransition: (transition) => world.onTransition(this, transition),
      accountName: (accountId) => this.accounts.byId(accountId)?.name ?? "",
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
    const seed = (): string => `${this.#settings.seed}\u0000${this.name}`;
    this.rules = new Rules(world.store.rules, this.rowId, seed);
    this.#readOr(undefined, () => {
      this.rules.load();
    });
    this.accounts = new SandboxAccounts({
      sandboxId: this.rowId,
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
    this.accounts.load();
    this.write(() => {
      this.accounts.makeListed();
    });
  }

  /** The first stored row that could not be read; undefined in a sandbox that is sound. Only a reset repairs it. */
  get damage(): UnreadableRow | undefined {
    return this.#damage;
  }

  /** Raised by every reset and by deletion: work that began in an earlier epoch must not write any more. */
  get epoch(): number {
    return this.#epoch;
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

  /** Whether nothing has used it since an instant of real time, and no work is pending. */
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

  /** Runs all work due by a known instant, and returns what ran. */
  settleAt(now: Instant): Fired[] {
    return this.scheduler.settle(now);
  }

  /** Runs `work` as one transaction. When it is undone, memory shows what is stored again. */
  write<Result>(work: () => Result): Result {
    const settings = this.#settings;
    const clock = this.clock.state;
    try {
      return this.#world.store.transaction(work);
    } catch (error) {
      this.#settings = settings;
      if (this.clock.state !== clock) {
        this.clock.restore(clock);
        this.scheduler.arm();
      }
      this.forgetUnwritten();
      throw error;
    }
  }

  /**
   * Runs `work` in a transaction that may be stored a little later, together with the writes of other requests.
   * `written` settles once it is stored, or rejects when all of it is undone: await it before acknowledging. It is
   * undefined when nothing needs to be awaited.
   */
  writeWithOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    // Followers see events at once, so the work must be stored at once.
    if (this.events.isFollowed) return { result: this.write(work), written: undefined };
    try {
      const { result, written } = this.#world.store.transactionAwaitingOthers(work);
      written?.catch(() => {
        this.forgetUnwritten();
      });
      return { result, written };
    } catch (error) {
      this.forgetUnwritten();
      throw error;
    }
  }

  /** Reads anew what a transaction that was undone may have changed in memory. */
  forgetUnwritten(): void {
    try {
      this.generations.forgetCount();
      this.accounts.forgetUndone();
      this.rules.load();
    } catch (error) {
      // The caller has an error to report already.
      if (error instanceof UnreadableRow) this.#damage ??= error;
      this.#world.onError(error);
    }
  }

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
    const { mode, rate } = changed.clock ?? {};
    if (mode === undefined && rate === undefined) return;
    this.steering.change(() => {
      if (rate !== undefined) this.clock.setRate(rate);
      if (mode === "frozen") this.clock.freeze();
      if (mode === "running") this.clock.resume();
    });
  }

  /**
   * Resets the sandbox to its seeded state, in one transaction: all data is deleted, held requests are answered with
   * their last state, and work begun before writes nothing. `document` replaces its own; `complete` ends the
   * transaction.
   */
  reset(document: SandboxSettings, complete: () => void): void {
    this.#beginAnew(startingClock(document, this.#world.wall), () => {
      this.saveSettings(document);
      this.accounts.makeListed();
      this.applyDeclarations();
      complete();
    });
    this.#announceReset();
  }

  /**
   * Replaces the sandbox's data with a bundle, in one transaction; the clock continues from where it was saved. Throws
   * `BundleUnfit` for rows that could not be used, and then changes nothing.
   */
  restore({ settings, clock, tables, rates, lastRule }: SandboxBundle): void {
    this.#beginAnew(clock, () => {
      this.saveSettings(settings);
      this.#world.store.bundles.restore(this.rowId, tables);
      this.#world.store.rules.saveLastNumber(this.rowId, lastRule);
      try {
        this.#readStored();
        this.accounts.makeListed();
        this.#checkStored();
      } catch (error) {
        throw error instanceof UnreadableRow ? new BundleUnfit(`${error.message}.`) : error;
      }
    });
    this.rates.restore(rates);
    this.generations.resume();
    this.#world.onResume?.(this);
    this.#announceReset();
  }

  /** Empties the sandbox; `refill` stores the new content in the same transaction. */
  #beginAnew(clock: ClockState, refill: () => void): void {
    // First, because a held request reads the state that it is answered with.
    this.releaseHeld("reset");
    try {
      this.write(() => {
        this.#world.store.sandboxes.empty(this.rowId);
        this.#saveClock(clock);
        this.clock.restore(clock);
        this.#readStored();
        refill();
      });
    } catch (error) {
      this.generations.forgetAll();
      throw error;
    }
    this.#damage = undefined;
    this.#epoch += 1;
    this.#ending.abort();
    this.#ending = new AbortController();
    this.scheduler.clear();
    this.rates.clear();
    this.#world.onReset?.(this);
  }

  #announceReset(): void {
    this.scheduler.arm();
    this.events.publish({ kind: "sandbox.reset", at: this.clock.now(), epoch: this.#epoch });
  }

  /** Decodes every row that came from elsewhere. Throws `UnreadableRow`. */
  #checkStored(): void {
    for (const generation of this.generations.list({}, { order: "oldest" })) this.#world.checkGeneration?.(generation);
    this.#world.checkStored?.(this);
  }

  /** Reads everything that memory has of the store. */
  #readStored(): void {
    this.generations.forgetAll();
    this.accounts.load();
    this.rules.load();
  }

  /** Returns everything stored of the sandbox, as of now. */
  save(): BundledTables {
    this.accounts.storeCounters();
    return this.#world.store.bundles.save(this.rowId);
  }

  /** Applies its document and the user's folder, as part of its creation or reset. */
  applyDeclarations(): void {
    this.#declarations.apply(this.document, this.#world.template?.());
  }

  /** Applies the user's folder to a sandbox that existed before the folder was read. */
  applyTemplate(template: SandboxTemplate): void {
    this.#declarations.applyTemplate(template);
  }

  releaseHeld(reason: Release): void {
    this.heldRequests.releaseAll(reason);
  }

  /** Stops its timer, after which it writes nothing. */
  close(): void {
    this.heldRequests.close();
    this.#ending.abort();
    this.scheduler.close();
  }

  /** Closes a sandbox that is not stored any more. */
  closeDeleted(): void {
    this.#epoch += 1;
    this.close();
  }

  readonly #saveClock = (state: ClockState): void => {
    this.#world.store.sandboxes.saveClock(this.rowId, JSON.stringify(state));
  };

  #readOr<Value>(fallback: Value, read: () => Value): Value {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      this.#damage ??= error;
      return fallback;
    }
  }
}

/** Decodes the document of a stored sandbox. Throws `UnreadableRow`. */
function documentFrom({ name, document }: StoredSandbox): SandboxSettings {
  return readRow("sandboxes", name, () => sandboxSettings.parse(JSON.parse(document)));
}

/** Decodes the clock of a stored sandbox. Throws `UnreadableRow`. */
function clockFrom(name: string, text: string): ClockState {
  return readRow("sandboxes", name, () => clockState.parse(JSON.parse(text)));
}
