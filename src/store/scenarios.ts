/** Stores the scenarios that tests add to a sandbox. */
import type { Connection, Statement } from "./connection.ts";

export interface StoredScenario {
  readonly name: string;
  /** A JSON text of the engine. */
  readonly document: string;
}

/** Reads and writes `scenarios`. */
export class ScenarioRepository {
  readonly #connection: Connection;
  readonly #save: Statement<[number, string, string], unknown>;
  readonly #bySandbox: Statement<[number], StoredScenario>;
  readonly #delete: Statement<[number, string], unknown>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#save = connection.prepare(
      "INSERT INTO scenarios (sandbox_id, name, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document",
    );
    this.#bySandbox = connection.prepare("SELECT name, document FROM scenarios WHERE sandbox_id = ? ORDER BY name");
    this.#delete = connection.prepare("DELETE FROM scenarios WHERE sandbox_id = ? AND name = ?");
  }

  save(sandboxId: number, name: string, document: string): void {
    this.#connection.admitDocument(document.length, "a scenario");
    this.#save.run(sandboxId, name, document);
  }

  inSandbox(sandboxId: number): StoredScenario[] {
    return this.#bySandbox.all(sandboxId);
  }

  delete(sandboxId: number, name: string): void {
    this.#delete.run(sandboxId, name);
  }
}
