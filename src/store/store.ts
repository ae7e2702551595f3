/** Gives the layers above one repository for each group of tables, and their transactions. */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { AccountRepository } from "./accounts.ts";
import { BundleRepository } from "./bundles.ts";
import type { Connection } from "./connection.ts";
import { isUnwritable, openDatabase } from "./database.ts";
import { DeliveryRepository } from "./deliveries.ts";
import { GenerationRepository } from "./generations.ts";
import { IdempotencyRepository } from "./idempotency.ts";
import { ResourceRepository } from "./resources.ts";
import { RuleRepository } from "./rules.ts";
import { SandboxRepository } from "./sandboxes.ts";
import { ScenarioRepository } from "./scenarios.ts";
import { UploadRepository } from "./uploads.ts";

/** What one request may write at least. */
const PROBE_BYTES = 65_536;

/** Keeps everything that outlives a request, in SQLite. Calls are synchronous and short; a transaction awaits nothing. */
export class Store {
  readonly #connection: Connection;
  readonly sandboxes: SandboxRepository;
  readonly rules: RuleRepository;
  readonly bundles: BundleRepository;
  readonly scenarios: ScenarioRepository;
  readonly accounts: AccountRepository;
  readonly generations: GenerationRepository;
  readonly resources: ResourceRepository;
  readonly idempotency: IdempotencyRepository;
  readonly deliveries: DeliveryRepository;
  readonly uploads: UploadRepository;
  /** Whether the store outlives the process. */
  readonly isPersistent: boolean;
  readonly #path: string | undefined;

  /** Opens `file`, or memory when it is undefined. Throws `StoreUnusable` with a one-line reason. */
  constructor(file?: string) {
    this.#connection = openDatabase(file);
    this.isPersistent = file !== undefined;
    this.#path = file;
    this.sandboxes = new SandboxRepository(this.#connection);
    this.rules = new RuleRepository(this.#connection);
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
    this.#countBoot();
  }

  /** Counts the transactions that were undone; what was remembered of the database before one is no longer valid. */
  get undone(): number {
    return this.#connection.undone;
  }

  /** Runs `work` as one transaction, which an error of `work` undoes; a nested call joins the outer one. */
  transaction<Result>(work: () => Result): Result {
    return this.#connection.transaction(work);
  }

  /** Makes the deferred writes; does nothing inside a transaction. */
  flush(): void {
    this.#connection.flush();
  }

  /**
   * The same as {@link transaction}, but the file gets the writes together with those of other transactions: await
   * `written` before acknowledging them.
   */
  transactionAwaitingOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    return this.#connection.transactionAwaitingOthers(work);
  }

  /**
   * Throws when the store cannot be written, with the reason. Looks at the file and the disk and writes nothing, unless
   * the latest write failed: only another one can tell that its cause is gone.
   */
  checkWritable(): void {
    this.#connection.checkFile();
    if (isUnwritable(this.#connection.lastRefusal)) this.#probe();
    if (this.#path === undefined) return;
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    if (bavail * bsize < PROBE_BYTES) throw new Error(`the disk has ${bavail * bsize} bytes left`);
  }

  /** Writes as much as a request may, and removes it again: a small write still succeeds on a disk that is almost full. */
  #probe(): void {
    this.#connection.exec(
      `INSERT OR REPLACE INTO store_facts (name, value) VALUES ('probe', printf('%.*c', ${PROBE_BYTES}, 'x'))`,
    );
    this.#connection.exec("DELETE FROM store_facts WHERE name = 'probe'");
  }

  close(): void {
    this.#connection.close();
  }

  /** Counts how often the store was opened. The table is never empty then, as `#probe` needs. */
  #countBoot(): void {
    this.#connection.exec(
      "INSERT INTO store_facts (name, value) VALUES ('boot', '1') ON CONFLICT DO UPDATE SET value = value + 1",
    );
  }
}
