/** Stores the data of vendors and the delivery layer that belongs to an account and is not a generation. */
import type { Connection, Statement } from "./connection.ts";

/** A vendor's data besides generations: an asset, a project, a voice, a character, a batch. */
export interface StoredResource {
  readonly id: number;
  readonly sandboxId: number;
  readonly accountId: number;
  readonly vendor: string;
  readonly kind: string;
  readonly publicId: string;
  readonly createdAt: number;
  /** JSON of the layer that wrote it. */
  readonly document: string;
}

export type NewResource = Omit<StoredResource, "id">;

const SELECT = `SELECT id, sandbox_id AS sandboxId, account_id AS accountId, vendor, kind, public_id AS publicId,
  created_at AS createdAt, document FROM resources`;

/** Reads and writes `resources`. */
export class ResourceRepository {
  readonly #connection: Connection;
  readonly #insert: Statement<[NewResource], unknown>;
  readonly #find: Statement<[number, string, string, string], StoredResource>;
  readonly #ofAccount: Statement<[number, string, string], StoredResource>;
  readonly #inSandbox: Statement<[number], StoredResource>;
  readonly #update: Statement<[string, number], unknown>;
  readonly #delete: Statement<[number], unknown>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#insert =
      connection.prepare(`INSERT INTO resources (sandbox_id, account_id, vendor, kind, public_id, created_at, document)
      VALUES (@sandboxId, @accountId, @vendor, @kind, @publicId, @createdAt, @document)`);
    this.#find = connection.prepare(`${SELECT} WHERE sandbox_id = ? AND vendor = ? AND kind = ? AND public_id = ?`);
    this.#ofAccount = connection.prepare(`${SELECT} WHERE account_id = ? AND vendor = ? AND kind = ? ORDER BY id`);
    this.#inSandbox = connection.prepare(`${SELECT} WHERE sandbox_id = ? ORDER BY id`);
    this.#update = connection.prepare("UPDATE resources SET document = ? WHERE id = ?");
    this.#delete = connection.prepare("DELETE FROM resources WHERE id = ?");
  }

  insert(resource: NewResource): StoredResource {
    this.#connection.admit(resource.document.length, "a resource");
    return { ...resource, id: Number(this.#insert.run(resource).lastInsertRowid) };
  }

  find(sandboxId: number, vendor: string, kind: string, publicId: string): StoredResource | undefined {
    return this.#find.get(sandboxId, vendor, kind, publicId);
  }

  /** Lists the account's resources of one kind, oldest first. */
  ofAccount(accountId: number, vendor: string, kind: string): StoredResource[] {
    return this.#ofAccount.all(accountId, vendor, kind);
  }

  inSandbox(sandboxId: number): StoredResource[] {
    return this.#inSandbox.all(sandboxId);
  }

  update(id: number, document: string): void {
    this.#update.run(document, id);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}
