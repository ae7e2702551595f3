/** Provides one repository for each group of tables, and transactions over them. */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { AccountRepository } from "./accounts.ts";
import { BundleRepository } from "./bundles.ts";
import type { Connection } from "./connection.ts";
import { ConsistencyRepository } from "./consistency.ts";
import { isUnwritable, openDatabase } from "./database.ts";
import { DeliveryRepository } from "./deliveries.ts";
import { GenerationRepository } from "./generations.ts";
import type { MemoryBudget } from "../platform/memory-budget.ts";
import { IdempotencyRepository } from "./idempotency.ts";
import { LeftoverRepository } from "./leftovers.ts";
import { migrations } from "./migrations.ts";
import { Reserve } from "./reserve.ts";
import { ResourceRepository } from "./resources.ts";
import { RuleListRepository, RuleRepository } from "./rules.ts";
import { SandboxRepository } from "./sandboxes.ts";
import { Snapshots } from "./snapshots.ts";
import { ScenarioRepository } from "./scenarios.ts";
import { TemplateRepository } from "./template.ts";
import { UploadRepository } from "./uploads.ts";

/** The number of bytes that one request must be able to write. */
const PROBE_BYTES = 65_536;

/**
 * Stores everything that outlives a request, in SQLite. Calls are synchronous and short; a transaction awaits nothing.
 */
export class Store {
  readonly #connection: Connection;
  readonly sandboxes: SandboxRepository;
  readonly rules: RuleRepository;
  readonly ruleLists: RuleListRepository;
  readonly bundles: BundleRepository;
  readonly snapshots: Snapshots;
  readonly scenarios: ScenarioRepository;
  readonly accounts: AccountRepository;
  readonly generations: GenerationRepository;
  readonly resources: ResourceRepository;
  readonly idempotency: IdempotencyRepository;
  readonly deliveries: DeliveryRepository;
  readonly uploads: UploadRepository;
  readonly template: TemplateRepository;
  readonly leftovers: LeftoverRepository;
  readonly consistency: ConsistencyRepository;
  /** Whether the store outlives the process. */
  readonly isPersistent: boolean;
  readonly #path: string | undefined;
  readonly #reserve: Reserve | undefined;

  /** Opens `file`, or memory (bounded by `budget`) when it is undefined. Throws `StoreUnusable` with a one-line reason. */
  constructor(file?: string, budget?: MemoryBudget) {
    this.#reserve = file === undefined ? undefined : new Reserve(file);
    this.#connection = open(file, this.#reserve, budget);
    this.isPersistent = file !== undefined;
    this.#path = file;
    this.sandboxes = new SandboxRepository(this.#connection);
    this.rules = new RuleRepository(this.#connection);
    this.ruleLists = new RuleListRepository(this.#connection);
    this.scenarios = new ScenarioRepository(this.#connection);
    this.accounts = new AccountRepository(this.#connection);
    this.generations = new GenerationRepository(this.#connection);
    this.bundles = new BundleRepository(this.#connection, () => {
      this.generations.forgetLastId();
    });
    this.resources = new ResourceRepository(this.#connection);
    this.idempotency = new IdempotencyRepository(this.#connection);
    this.deliveries = new DeliveryRepository(this.#connection);
    this.uploads = new UploadRepository(this.#connection);
    this.template = new TemplateRepository(this.#connection);
    this.snapshots = new Snapshots(this.#connection);
    this.leftovers = new LeftoverRepository(this.#connection, (id) => this.snapshots.has(id));
    this.consistency = new ConsistencyRepository(this.#connection);
    this.deleteFromReserve(() => {
      this.#countBoot();
      this.leftovers.retirePrepared();
    });
    this.#reserve?.fill();
  }

  /**
   * Runs a deletion. If the disk is full, it runs again in the room of the reserve, which
   * is taken again as soon as the disk allows.
   */
  deleteFromReserve(deletion: () => void): void {
    try {
      this.#connection.makeRoom(deletion);
    } catch (error) {
      if (!isUnwritable(error) || this.#reserve?.release() !== true) throw error;
      this.#connection.makeRoom(deletion);
    }
  }

  /** Gives some memory of deleted rows back to the process; returns whether there is more. */
  releaseMemory(): boolean {
    return this.#connection.releasePages();
  }

  /** Takes the reserve again if it was used and the disk has room. */
  fillReserve(): void {
    this.#reserve?.fill();
  }

  /** The number of undone transactions; a cached value from before an undone transaction is no longer valid. */
  get undone(): number {
    return this.#connection.undone;
  }

  /** Runs `work` as one transaction, which an error of `work` undoes; a nested call joins the outer one. */
  transaction<Result>(work: () => Result): Result {
    return this.#connection.transaction(work);
  }

  get isOpen(): boolean {
    return this.#connection.isOpen;
  }

  get isInTransaction(): boolean {
    return this.#connection.isInTransaction;
  }

  /**
   * Calls `stored` once the current transaction, the outer one of nested calls, is stored, and `undone` when it is
   * undone. Outside of a transaction, calls `stored` at once.
   */
  whenEnded(stored: () => void, undone: () => void = () => undefined): void {
    this.#connection.whenEnded(stored, undone);
  }

  /** Makes the deferred writes at once, of which `written` are some. Throws when these are refused. */
  flushAwaited(written: Promise<unknown> | undefined): void {
    this.#connection.flushAwaited(written);
  }

  /**
   * Runs `work` like {@link transaction}, but writes to the file together with other transactions: await `written`
   * before acknowledging.
   */
  transactionAwaitingOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    return this.#connection.transactionAwaitingOthers(work);
  }

  /**
   * Throws the reason when the store cannot be written. It checks the file and the disk and writes nothing, unless the
   * latest write failed: then only another write can tell whether the cause is gone.
   */
  checkWritable(): void {
    this.checkFile();
    if (isUnwritable(this.#connection.lastRefusal)) this.#probe();
    if (this.#path === undefined) return;
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    if (bavail * bsize < PROBE_BYTES) throw new Error(`the disk has ${bavail * bsize} bytes left`);
  }

  /** Throws `FileGone` when the file was removed, replaced or cut. */
  checkFile(): void {
    this.#connection.checkFile();
  }

  /**
   * Writes as much as a request may and deletes it again, because a small write still succeeds on an almost full disk.
   */
  #probe(): void {
    this.#connection.exec(
      `INSERT OR REPLACE INTO store_facts (name, value) VALUES ('probe', printf('%.*c', ${PROBE_BYTES}, 'x'))`,
    );
    this.#connection.exec("DELETE FROM store_facts WHERE name = 'probe'");
  }

  close(): void {
    this.#connection.close();
  }

  /** Counts how often the store was opened. So the table is never empty, which `#probe` needs. */
  #countBoot(): void {
    this.#connection.exec(
      "INSERT INTO store_facts (name, value) VALUES ('boot', '1') ON CONFLICT DO UPDATE SET value = value + 1",
    );
  }
}

/** Opens the database, if need be in the room of the reserve. Throws `StoreUnusable`. */
function open(file: string | undefined, reserve: Reserve | undefined, budget: MemoryBudget | undefined): Connection {
  try {
    return openDatabase(file, migrations, budget);
  } catch (error) {
    const isFull = error instanceof Error && isUnwritable(error.cause);
    if (!isFull || reserve?.release() !== true) throw error;
    return openDatabase(file);
  }
}
