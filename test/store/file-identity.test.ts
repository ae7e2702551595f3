/** Tests that the store changes only files of fauxgen, and notices a file that is taken away. */
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { isUnwritable, openDatabase, StoreUnusable } from "../../src/store/database.ts";
import { APPLICATION_ID, readHeader } from "../../src/store/file-identity.ts";
import { Store } from "../../src/store/store.ts";

function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-identity-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Creates another program's file with SQL. */
function otherFile(sql: string): string {
  const file = join(folderForTest(), "other.db");
  const database = new Database(file);
  database.exec(sql);
  database.close();
  return file;
}

describe("for a file of another program,", () => {
  it.each([
    ["without an application id", "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')"],
    ["with a table of a name that ours has too", "CREATE TABLE accounts (id INTEGER)"],
    ["with only a view", "CREATE VIEW v AS SELECT 1"],
    ["with an application id", "PRAGMA application_id = 1196444487"],
    ["with a version that ours have too", "CREATE TABLE notes (text TEXT); PRAGMA user_version = 1"],
    ["with a write-ahead log", "PRAGMA journal_mode = WAL; CREATE TABLE notes (text TEXT)"],
  ])("a file %s is refused and not changed", (_case, sql) => {
    const file = otherFile(sql);
    const before = readFileSync(file);
    expect(() => openDatabase(file)).toThrow(StoreUnusable);
    expect(() => openDatabase(file)).toThrow(
      `${file} is another program's database. It was not touched; use another file.`,
    );
    expect(readFileSync(file)).toEqual(before);
  });
});

describe("for a file of fauxgen,", () => {
  it("a file that was emptied beside its log is refused, and the log is not deleted", () => {
    const file = join(folderForTest(), "ours.db");
    const store = new Store(file);
    store.transaction(() => store.sandboxes.insert("kept", "{}", "{}"));
    copyFileSync(`${file}-wal`, `${file}-wal-kept`);
    const log = readFileSync(`${file}-wal`);
    store.close();
    writeFileSync(file, "");
    renameSync(`${file}-wal-kept`, `${file}-wal`);
    expect(() => new Store(file)).toThrow(
      `${file} was emptied, but ${file}-wal still has data. Put the file back, or move both away to begin anew.`,
    );
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true);
  });

  it("the file has the application id of fauxgen", () => {
    const file = join(folderForTest(), "ours.db");
    openDatabase(file).close();
    expect(readHeader(file).applicationId).toBe(APPLICATION_ID);
  });

  it("a file from before the application id is adopted", () => {
    const file = join(folderForTest(), "ours.db");
    copyFileSync(new URL("files/version-1.db", import.meta.url), file);
    expect(readHeader(file)).toEqual({ applicationId: 0, version: 1 });
    openDatabase(file).close();
    expect(readHeader(file).applicationId).toBe(APPLICATION_ID);
  });

  it.each([
    ["that is empty", ""],
    ["that has no tables yet", undefined],
  ])("a file %s is accepted", (_case, content) => {
    const file = content === undefined ? otherFile("VACUUM") : join(folderForTest(), "empty.db");
    if (content !== undefined) writeFileSync(file, content);
    openDatabase(file).close();
    expect(readHeader(file).applicationId).toBe(APPLICATION_ID);
  });
});

describe("when an open file is taken away,", () => {
  const openStore = (): { store: Store; file: string } => {
    const file = join(folderForTest(), "ours.db");
    const store = new Store(file);
    onTestFinished(() => {
      store.close();
    });
    return { store, file };
  };
  const insert = (store: Store, name: string): void => {
    store.transaction(() => store.sandboxes.insert(name, "{}", "{}"));
  };

  it("a removed file gets no more writes until it is put back", () => {
    const { store, file } = openStore();
    renameSync(file, `${file}.away`);
    const gone = `${file} was removed while it was in use. Put it back, or start again.`;
    expect(() => {
      insert(store, "lost");
    }).toThrow(gone);
    expect(() => {
      store.checkWritable();
    }).toThrow(gone);
    renameSync(`${file}.away`, file);
    insert(store, "kept");
    store.checkWritable();
    expect(store.sandboxes.all().map(({ name }) => name)).toEqual(["kept"]);
  });

  it("a replaced file gets no more writes", () => {
    const { store, file } = openStore();
    copyFileSync(file, `${file}.copy`);
    renameSync(file, `${file}.away`);
    renameSync(`${file}.copy`, file);
    const replaced = `${file} was replaced by another file while it was in use. Put the first one back, or start again.`;
    expect(() => {
      insert(store, "lost");
    }).toThrow(replaced);
    expect(() => store.sandboxes.saveClock(1, "{}", 0)).toThrow(replaced);
  });

  it("a file of which a part was cut off gets no more writes", () => {
    const { file, store: first } = openStore();
    first.close();
    const store = new Store(file);
    onTestFinished(() => {
      store.close();
    });
    const whole = readFileSync(file);
    expect(whole.length).toBeGreaterThan(3 * 4096);
    for (const left of [0, 4096, whole.length - 4096]) {
      truncateSync(file, left);
      const cut = `${file} was cut while it was in use. Stop the server, put the whole file back, and start again.`;
      expect(() => {
        insert(store, "lost");
        // SQLite may notice first.
      }).toThrow(/was cut while it was in use|malformed|disk I\/O error/);
      expect(() => {
        store.checkWritable();
      }).toThrow(cut);
      writeFileSync(file, whole);
    }
  });

  it("a deferred write to a removed file rejects for the caller that awaits it", async () => {
    const { store, file } = openStore();
    insert(store, "here");
    const { written } = store.transactionAwaitingOthers(() => {
      store.accounts.insert(1, "main");
    });
    await written;
    const { written: lost } = store.transactionAwaitingOthers(() => {
      store.accounts.saveCounterDeferred(1, "acme", "generation", 1);
    });
    rmSync(file);
    await expect(lost).rejects.toSatisfy(isUnwritable);
  });
});

describe("when the store is checked for writing,", () => {
  it("the check writes nothing while writes succeed", () => {
    const file = join(folderForTest(), "ours.db");
    const store = new Store(file);
    onTestFinished(() => {
      store.close();
    });
    const sizes = (): number[] => [file, `${file}-wal`].map((each) => readFileSync(each).length);
    const before = sizes();
    for (let asked = 0; asked < 100; asked += 1) store.checkWritable();
    expect(sizes()).toEqual(before);
  });
});
