import { AccountRepository } from "./accounts.ts";
import { BundleRepository } from "./bundles.ts";
import type { Connection } from "./connection.ts";
import { openDatabase } from "./database.ts";
import { DeliveryRepository } from "./deliveries.ts";
import { GenerationRepository } from "./generations.ts";
import { IdempotencyRepository } from "./idempotency.ts";
import { ResourceRepository } from "./resources.ts";
import { RuleRepository } from "./rules.ts";
import { SandboxRepository } from "./sandboxes.ts";
import { ScenarioRepository } from "./scenarios.ts";
import { UploadRepository } from "./uploads.ts";

/** Everything that outlives a request, in SQLite. Calls are synchronous and short; nothing awaits inside a transaction. */
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

  /** Opens `file`, or memory when it is undefined. Throws `StoreUnusable` with a one-line reason. */
  constructor(file?: string) {
    this.#connection = openDatabase(file);
    this.isPersistent = file !== undefined;
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

  /** How many transactions were undone: what was remembered of them before is worth nothing now. */
  get undone(): number {
    return this.#connection.undone;
  }

  /** Runs `work` as one indivisible step; nested calls join the outer one. Whatever `work` throws undoes it all. */
  transaction<Result>(work: () => Result): Result {
    return this.#connection.transaction(work);
  }

  /** Has all that was written be in the file; inside a transaction, that one does so at its end. */
  flush(): void {
    this.#connection.flush();
  }

  /**
   * The same as {@link transaction}, in the file together with what others write in this turn: await `written` before it
   * is acknowledged.
   */
  transactionAwaitingOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    return this.#connection.transactionAwaitingOthers(work);
  }

  /**
   * Writes as much as a request may and removes it again: on a disk that is all but full the smallest of writes would
   * still find its place. Throws when the store cannot be written.
   */
  probe(): void {
    this.#connection.exec(
      "INSERT OR REPLACE INTO store_facts (name, value) VALUES ('probe', printf('%.*c', 65536, 'x'))",
    );
    this.#connection.exec("DELETE FROM store_facts WHERE name = 'probe'");
  }

  close(): void {
    this.#connection.close();
  }

  /** How often it was opened: a row that there always is, for {@link probe}. */
  #countBoot(): void {
    this.#connection.exec(
      "INSERT INTO store_facts (name, value) VALUES ('boot', '1') ON CONFLICT DO UPDATE SET value = value + 1",
    );
  }
}
