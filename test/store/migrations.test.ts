/** Tests that the migration steps turn the file of every earlier version into the present tables. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { AccountRepository } from "../../src/store/accounts.ts";
import { openDatabase } from "../../src/store/database.ts";
import { DeliveryRepository } from "../../src/store/deliveries.ts";
import { GenerationRepository } from "../../src/store/generations.ts";
import { IdempotencyRepository } from "../../src/store/idempotency.ts";
import { migrations, SCHEMA_VERSION, type Migration } from "../../src/store/migrations.ts";
import { ResourceRepository } from "../../src/store/resources.ts";
import { RuleRepository } from "../../src/store/rules.ts";
import { SandboxRepository } from "../../src/store/sandboxes.ts";
import { ScenarioRepository } from "../../src/store/scenarios.ts";
import { Store } from "../../src/store/store.ts";
import { UploadRepository } from "../../src/store/uploads.ts";
import { copyOf, makeFolder, versions } from "./version-files.ts";

const sql =
  (text: string): Migration =>
  (database) => {
    database.exec(text);
  };

const addColumn = sql("ALTER TABLE rules ADD COLUMN of_a_test TEXT NOT NULL DEFAULT 'none'");

/** Opens and closes a file. */
function openAndClose(file: string, steps: readonly Migration[] = migrations): void {
  openDatabase(file, steps).close();
}

/** Reads rows of a closed file. */
function query(file: string, text: string): unknown[] {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(text).raw().all();
  } finally {
    database.close();
  }
}

const versionOf = (file: string): unknown => query(file, "PRAGMA user_version")[0];
const tablesOf = (file: string): unknown[] => query(file, "SELECT name, sql FROM sqlite_schema ORDER BY name");

/** Returns the tables of a new file after these steps. */
function tablesAfter(steps: readonly Migration[]): unknown[] {
  const file = join(makeFolder(), "new.db");
  openAndClose(file, steps);
  return tablesOf(file);
}

/** Reads every file in this file's folder. */
const folderOf = (file: string): [string, Buffer][] =>
  readdirSync(dirname(file)).map((name) => [name, readFileSync(join(dirname(file), name))]);

describe("for the migration steps,", () => {
  it("the version of a new file is the number of steps", () => {
    const file = join(makeFolder(), "new.db");
    openAndClose(file);
    expect(versionOf(file)).toEqual([SCHEMA_VERSION]);
  });

  it.each(versions)("steps up to version %i still create the tables of that version's file", (version) => {
    expect(tablesOf(copyOf(version))).toEqual(tablesAfter(migrations.slice(0, version)));
  });

  it.each(versions)("the steps migrate the file of version %i to the tables of a new file", (version) => {
    const file = copyOf(version);
    openAndClose(file);
    expect(versionOf(file)).toEqual([SCHEMA_VERSION]);
    expect(tablesOf(file)).toEqual(tablesAfter(migrations));
  });
});

/** The tables whose documents the step to version 2 changes, with a key that is unique in the file of version 1. */
const KEYS = {
  deliveries: "id",
  delivery_attempts: "delivery_id * 1000 + number",
  generations: "id",
  sandboxes: "id",
  scenarios: "name",
} as const;

type MigratedTable = keyof typeof KEYS;

describe("the step to version 2", () => {
  /** Opens a file of version 1 that holds these documents; answers what it holds then. */
  function migrated(table: MigratedTable, documents: readonly string[]): unknown[] {
    const file = copyOf(1);
    const database = new Database(file);
    const key = KEYS[table];
    const rows = database.prepare<[], unknown>(`SELECT ${key} FROM ${table} ORDER BY ${key}`).pluck().all();
    documents.forEach((document, index) => {
      database.prepare(`UPDATE ${table} SET document = ? WHERE ${key} = ?`).run(document, rows[index]);
    });
    database.close();
    openAndClose(file);
    return query(file, `SELECT document FROM ${table} ORDER BY ${key} LIMIT ${documents.length}`).flat();
  }

  it("renames a delivery's twist to webhookFaults, and keeps the rest of its document to the byte", () => {
    const document = (name: string) =>
      `{"account":"main","body":"{\\"at\\":1.0,\\"twist\\":\\"é\\"}","${name}":{"delay":5}}`;
    expect(migrated("deliveries", [document("twist"), '{"body":"twist"}', "{"])).toEqual([
      document("webhookFaults"),
      '{"body":"twist"}',
      "{",
    ]);
  });

  it("renames a sandbox's limits born to default, and no other limits", () => {
    expect(migrated("sandboxes", ['{"limits":"born"}', '{"limits":"off"}', '{"seed":"born"}', "{"])).toEqual([
      '{"limits":"default"}',
      '{"limits":"off"}',
      '{"seed":"born"}',
      "{",
    ]);
  });

  it("renames the outcome of a generation's outputs to result, and no other outcome", () => {
    const document = (name: string) =>
      `{"request":{"outputs":[{"outcome":"é"}]},"outputs":[{"id":"a","${name}":"failed","leadMs":0},{"${name}":"censored"}]}`;
    const others = ['{"outcome":1,"outputs":"outcome"}', '{"outputs":{"outcome":1}}', '{"outcome"'];
    expect(migrated("generations", [document("outcome"), ...others])).toEqual([document("result"), ...others]);
  });

  it("renames the outcome of a scenario's outputs to result, also in the document of a sandbox", () => {
    const scenario = (name: string) =>
      `{"extends":"fail","outputs":[{"${name}":"failed","lead":5},{"${name}":"failed"}]}`;
    const sandbox = (name: string) => `{"outputs":[{"outcome":1}],"scenarios":{"one":${scenario(name)},"outcome":{}}}`;
    expect(migrated("scenarios", [scenario("outcome")])).toEqual([scenario("result")]);
    expect(migrated("sandboxes", [sandbox("outcome"), '{"outcome"'])).toEqual([sandbox("result"), '{"outcome"']);
  });

  it("renames the outcome of a delivery's attempt to ending", () => {
    const attempt = (name: string) => `{"${name}":"answered","status":200,"response":{"body":"{\\"outcome\\":1}"}}`;
    const others = ['{"response":{"headers":{"outcome":"kept"}}}', '"outcome"', "{"];
    expect(migrated("delivery_attempts", [attempt("outcome"), ...others])).toEqual([attempt("ending"), ...others]);
  });
});

describe("when a step adds a column,", () => {
  const longer = [...migrations, addColumn];

  it("a file of version 1 gets the column and keeps its rows", () => {
    const file = copyOf(1);
    const rules = "SELECT id, sandbox_id, public_id, document, hits, matches FROM rules";
    const before = query(file, rules);
    expect(before).not.toHaveLength(0);
    openAndClose(file, longer);
    expect(versionOf(file)).toEqual([longer.length]);
    expect(query(file, rules)).toEqual(before);
    expect(query(file, "SELECT DISTINCT of_a_test FROM rules")).toEqual([["none"]]);
  });

  it("a new file gets the column, and keeps it when it is opened again", () => {
    const file = join(makeFolder(), "new.db");
    openAndClose(file, longer);
    openAndClose(file, longer);
    expect(tablesOf(file)).toEqual(tablesAfter(longer));
  });

  it("a statement that does not name the new column works unchanged, for every table", () => {
    const file = join(makeFolder(), "new.db");
    openAndClose(file);
    const names = query(file, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
    const steps = names.flat().map((name) => sql(`ALTER TABLE ${String(name)} ADD COLUMN of_a_test TEXT`));
    const connection = openDatabase(undefined, [...migrations, ...steps]);
    onTestFinished(() => {
      connection.close();
    });
    for (const Repository of [
      AccountRepository,
      DeliveryRepository,
      GenerationRepository,
      IdempotencyRepository,
      ResourceRepository,
      RuleRepository,
      SandboxRepository,
      ScenarioRepository,
      UploadRepository,
    ])
      expect(() => new Repository(connection), Repository.name).not.toThrow();
  });
});

describe("when a step fails,", () => {
  const failing = sql("CREATE TABLE half (id INTEGER); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES (1)");

  it.each([
    ["alone", [failing]],
    ["after another", [addColumn, failing]],
  ])("version, tables and rows stay unchanged if a step fails %s", (_, steps) => {
    const file = copyOf(1);
    const contents = (): unknown[] => [versionOf(file), tablesOf(file), query(file, "SELECT * FROM rules")];
    const before = contents();
    expect(() => {
      openAndClose(file, [...migrations.slice(0, 1), ...steps]);
    }).toThrow(`${file} cannot be opened: no such table: nowhere`);
    expect(contents()).toEqual(before);
  });

  it("a new file stays empty", () => {
    const file = join(makeFolder(), "new.db");
    expect(() => {
      openAndClose(file, [...migrations, failing]);
    }).toThrow("no such table: nowhere");
    expect([versionOf(file), tablesOf(file)]).toEqual([[0], []]);
  });
});

describe("when a step replaces a table,", () => {
  it("rows that refer to the table are kept", () => {
    const file = copyOf(1);
    const counts = `SELECT ${["accounts", "keys", "generations", "upload_chunks"].map((table) => `(SELECT count(*) FROM ${table})`).join()}`;
    const before = query(file, counts);
    const replace = sql(`
      CREATE TABLE replacement (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL,
        clock TEXT NOT NULL, epoch INTEGER NOT NULL DEFAULT 0) STRICT;
      INSERT INTO replacement SELECT id, name, document, clock, epoch FROM sandboxes;
      DROP TABLE sandboxes;
      ALTER TABLE replacement RENAME TO sandboxes;`);
    openAndClose(file, [...migrations.slice(0, 1), replace]);
    expect(query(file, counts)).toEqual(before);
  });

  it("a step that leaves rows with missing references is undone", () => {
    const file = copyOf(1);
    expect(() => {
      openAndClose(file, [...migrations, sql("DELETE FROM sandboxes")]);
    }).toThrow(/rows of \w+ would refer to missing rows of sandboxes\. The file was not changed\.$/);
    expect(query(file, "SELECT count(*) > 0 FROM sandboxes")).toEqual([[1]]);
  });

  it("foreign keys are enforced again after the step", () => {
    const file = copyOf(1);
    const connection = openDatabase(file, [...migrations, addColumn]);
    onTestFinished(() => {
      connection.close();
    });
    connection.exec("DELETE FROM sandboxes");
    expect(connection.prepare("SELECT 1 FROM generations").all()).toEqual([]);
  });
});

describe("for a file of a newer version,", () => {
  /** Returns a file that has had one step more than this version has. */
  function makeNewer(): string {
    const file = copyOf(1);
    openAndClose(file, [...migrations, addColumn]);
    return file;
  }

  const expectRefused = (file: string): void => {
    const before = folderOf(file);
    expect(() => new Store(file)).toThrow(
      `${file} was written by a newer fauxgen (schema ${SCHEMA_VERSION + 1}, this one knows ${SCHEMA_VERSION}). Use that version, or another file.`,
    );
    expect(folderOf(file)).toEqual(before);
  };

  it("a program with fewer steps refuses the file and does not change it", () => {
    expectRefused(makeNewer());
  });

  it("a refused file in another journal mode is not changed", () => {
    const file = makeNewer();
    const database = new Database(file);
    database.pragma("journal_mode = DELETE");
    database.close();
    expectRefused(file);
  });

  it("a refused file with the log of a killed process is not changed", () => {
    const file = makeNewer();
    const connection = openDatabase(file, [...migrations, addColumn]);
    connection.exec("DELETE FROM rules");
    const left = join(dirname(file), "left");
    mkdirSync(left);
    for (const name of ["copy.db", "copy.db-wal"]) copyFileSync(join(dirname(file), name), join(left, name));
    connection.close();
    expectRefused(join(left, "copy.db"));
  });

  it("a file is refused even if only its log has the newer version", () => {
    const file = copyOf(1);
    const connection = openDatabase(file, [...migrations, addColumn]);
    const left = join(dirname(file), "left");
    mkdirSync(left);
    for (const name of ["copy.db", "copy.db-wal"]) copyFileSync(join(dirname(file), name), join(left, name));
    connection.close();
    const copy = join(left, "copy.db");
    expect(() => new Store(copy)).toThrow("was written by a newer fauxgen");
    expect([versionOf(copy), tablesOf(copy)]).toEqual([[SCHEMA_VERSION + 1], tablesOf(file)]);
  });
});
