/**
 * Restores a sandbox from a bundle whose rows arrive one after the other. They are stored under a name that nothing
 * reads, are checked as the sandbox that they will be, and then take its place in one transaction.
 */
import type { RestoredRows } from "../../store/bundles.ts";
import type { PlannedGeneration } from "../../store/generations.ts";
import type { StoredSandbox } from "../../store/sandboxes.ts";
import { UnreadableRow } from "../../store/unreadable-row.ts";
import type { Steps } from "../base/turns.ts";
import { TooManyGenerations } from "../generation/generations.ts";
import { BundleUnfit, type BundleHead } from "./bundle.ts";
import { Sandbox, type World } from "./sandbox.ts";
import type { SandboxSettings } from "./settings.ts";
import type { SharedContent } from "./world.ts";

/** Thrown when the uploads of a bundle are larger than the limit of the sandbox. */
export class BundleTooLarge extends Error {}

/** Thrown when a key is registered that belongs to another sandbox or account. */
export class KeyTaken extends Error {}

export interface RestorationParts {
  readonly world: World;
  readonly shared: SharedContent;
  /** Called when the verdicts on keys may have changed and rows are left over. */
  readonly onEnded: () => void;
}

export class Restoration {
  readonly #parts: RestorationParts;
  readonly #sandbox: Sandbox;
  readonly #prepared: number;
  readonly #rows: RestoredRows;
  #table = "";
  #uploadedAt = -1;
  #uploadedBytes = 0;
  #generations = 0;
  #isOver = false;

  constructor(parts: RestorationParts, sandbox: Sandbox) {
    this.#parts = parts;
    this.#sandbox = sandbox;
    const { store } = parts.world;
    // The document and the clock may come last.
    this.#prepared = store.sandboxes.prepare("{}", "{}");
    this.#rows = store.bundles.restore(this.#prepared);
  }

  /** Begins a table; its rows follow. Throws `BundleUnfit`. */
  begin(table: string, columns: readonly string[]): void {
    this.#rows.begin(table, columns);
    this.#table = table;
    this.#uploadedAt = table === "upload_chunks" ? columns.indexOf("bytes") : -1;
  }

  /**
   * Stores a row of the table that was begun last. Throws `BundleUnfit`, {@link BundleTooLarge}, `TooManyGenerations`
   * and `MemoryExhausted`.
   */
  add(row: readonly unknown[]): void {
    if (this.#table === "generations") this.#countGeneration();
    if (this.#uploadedAt >= 0) this.#countUpload(row[this.#uploadedAt]);
    this.#rows.add(row);
  }

  /**
   * Checks the rows and puts them in the sandbox's place, with pauses. Throws the same errors as {@link add}, and {@link
   * KeyTaken} for another sandbox's key; then nothing was changed.
   */
  *complete(head: BundleHead): Steps<void> {
    try {
      this.#refuseTakenKeys();
      yield* this.#rows.complete();
      const settings = JSON.stringify(head.settings);
      const clock = JSON.stringify(head.clock);
      const { name } = this.#sandbox;
      yield* this.#parts.shared.ruleLists.prepare(head.settings.rules ?? []);
      const stored = { id: this.#prepared, name, document: settings, clock, epoch: 0, latest: 0 };
      const planned = yield* this.#check(stored, head.settings);
      this.#refuseTakenKeys();
      this.#sandbox.adopt({ prepared: this.#prepared, planned }, head, () => {
        this.#rows.storeKeys();
      });
      this.#isOver = true;
      this.#parts.onEnded();
    } catch (error) {
      throw error instanceof UnreadableRow ? new BundleUnfit(`${error.message}.`) : error;
    }
  }

  /** Leaves the stored rows behind, unless they have become the sandbox's. */
  abandon(): void {
    const { shared, world, onEnded } = this.#parts;
    if (this.#isOver || !world.store.isOpen) return;
    this.#isOver = true;
    // The numbers of its rows may be used again.
    shared.cache.clear();
    world.store.deleteFromReserve(() => {
      world.store.sandboxes.retire(this.#prepared);
    });
    onEnded();
  }

  /**
   * Decodes everything in a prepared row, as the sandbox that it will be, and returns its planned transitions. Throws
   * `UnreadableRow`.
   */
  *#check(stored: StoredSandbox, settings: SandboxSettings): Steps<readonly PlannedGeneration[]> {
    const { world, shared } = this.#parts;
    const candidate = new Sandbox(stored, world, shared, settings);
    try {
      if (candidate.damage !== undefined) throw candidate.damage;
      yield* world.checkStored?.(candidate) ?? [];
      return yield* candidate.generations.planned();
    } finally {
      candidate.close();
    }
  }

  #refuseTakenKeys(): void {
    const { columns, rows } = this.#rows.keys;
    for (const row of rows) {
      const hash = row[columns.indexOf("hash")];
      const taken = typeof hash === "string" ? this.#parts.world.store.accounts.findKey(hash) : undefined;
      if (taken !== undefined && taken.sandboxId !== this.#sandbox.rowId)
        throw new KeyTaken(`The key ${taken.hint} belongs to sandbox ${taken.sandbox} here.`);
    }
  }

  #countGeneration(): void {
    const { maxGenerations = Number.POSITIVE_INFINITY } = this.#parts.world.defaults;
    this.#generations += 1;
    if (this.#generations > maxGenerations)
      throw new TooManyGenerations(
        `The bundle has more than ${maxGenerations} generations, the limit of a sandbox. Raise --max-generations.`,
      );
  }

  #countUpload(bytes: unknown): void {
    const { total } = this.#sandbox.settings.uploadLimits;
    if (typeof bytes === "object" && bytes !== null && "base64" in bytes && typeof bytes.base64 === "string")
      this.#uploadedBytes += Math.floor((bytes.base64.length * 3) / 4);
    // The end of the last group of three bytes may be padding.
    if (this.#uploadedBytes > total + 2)
      throw new BundleTooLarge(
        `The uploads of the bundle have more than ${total} bytes together, the limit of sandbox ${this.#sandbox.name}. Raise its uploadLimits or --upload-total-bytes.`,
      );
  }
}
