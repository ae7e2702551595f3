/** Stores the template that was sent to the server, and its media files, each under its hash, in chunks. */
import type { Connection, Statement } from "./connection.ts";

/** Reads and writes `template`, which has at most one row, and `template_chunks`. */
export class TemplateRepository {
  readonly #connection: Connection;
  readonly #find: Statement<[], { document: string }>;
  readonly #save: Statement<[string], unknown>;
  readonly #delete: Statement<[], unknown>;
  readonly #saveChunk: Statement<[string, number, Uint8Array], unknown>;
  readonly #chunk: Statement<[string, number], { bytes: Buffer }>;
  readonly #files: Statement<[], { sha256: string }>;
  readonly #deleteFile: Statement<[string], unknown>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#find = connection.prepare("SELECT document FROM template");
    this.#save = connection.prepare(
      "INSERT INTO template (id, document) VALUES (1, ?) ON CONFLICT DO UPDATE SET document = excluded.document",
    );
    this.#delete = connection.prepare("DELETE FROM template");
    this.#saveChunk = connection.prepare(
      "INSERT INTO template_chunks (sha256, position, bytes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
    );
    this.#chunk = connection.prepare("SELECT bytes FROM template_chunks WHERE sha256 = ? AND position = ?");
    this.#files = connection.prepare("SELECT DISTINCT sha256 FROM template_chunks");
    this.#deleteFile = connection.prepare("DELETE FROM template_chunks WHERE sha256 = ?");
  }

  /** Returns the JSON text of the template; undefined when none was sent. */
  find(): string | undefined {
    const document = this.#find.get()?.document;
    this.#connection.countShared(document?.length ?? 0);
    return document;
  }

  /** Replaces the template; `undefined` deletes it. */
  save(document: string | undefined): void {
    if (document === undefined) this.#delete.run();
    else {
      this.#connection.admitDocument(document.length, "the template");
      this.#save.run(document);
    }
    this.#connection.countShared(document?.length ?? 0);
  }

  saveChunk(sha256: string, position: number, bytes: Uint8Array): void {
    this.#connection.admit(bytes.length, "a media file of the template");
    this.#saveChunk.run(sha256, position, bytes);
  }

  chunk(sha256: string, position: number): Buffer | undefined {
    return this.#chunk.get(sha256, position)?.bytes;
  }

  /** Deletes every file except those with these hashes. */
  keepFiles(hashes: ReadonlySet<string>): void {
    for (const { sha256 } of this.#files.all()) if (!hashes.has(sha256)) this.#deleteFile.run(sha256);
  }
}
