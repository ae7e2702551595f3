/** Tests that deferred writes of the store are visible, ordered, and undone with their transaction. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Connection, DeferredWrite, Statement } from "../../src/store/connection.ts";
import { openDatabase } from "../../src/store/database.ts";

const places = ["memory", "file"] as const;

interface Table {
  readonly connection: Connection;
  readonly deferred: DeferredWrite<[string, number]>;
  readonly direct: Statement<[string, number], unknown>;
  readonly all: () => unknown[];
}

function openTable(place: (typeof places)[number]): Table {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-connection-"));
  const connection = openDatabase(place === "memory" ? undefined : join(folder, "store.db"));
  onTestFinished(() => {
    connection.close();
    rmSync(folder, { recursive: true });
  });
  connection.exec("CREATE TABLE t (name TEXT UNIQUE, value INTEGER)");
  const insert = "INSERT INTO t VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";
  const rows = connection.prepare<[], [string, number]>("SELECT name, value FROM t ORDER BY rowid").raw();
  return {
    connection,
    deferred: connection.prepareDeferred(insert),
    direct: connection.prepare("INSERT INTO t VALUES (?, ?)"),
    all: () => rows.all(),
  };
}

describe.for(places)("for deferred writes in %s,", (place) => {
  it("a read finds deferred writes", () => {
    const { connection, deferred, all } = openTable(place);
    connection.transactionAwaitingOthers(() => {
      deferred.run(undefined, ["a", 1]);
    });
    expect(all()).toEqual([["a", 1]]);
  });

  it("only the last write of each key is made, and the order of the others is kept", () => {
    const { connection, deferred, all } = openTable(place);
    connection.transactionAwaitingOthers(() => {
      deferred.run("counter", ["n", 1]);
      deferred.run(undefined, ["a", 0]);
      deferred.run("counter", ["n", 2]);
    });
    expect(all()).toEqual([
      ["a", 0],
      ["n", 2],
    ]);
  });

  it("deferred writes are undone with their transaction, and those of other transactions stay", () => {
    const { connection, deferred, all } = openTable(place);
    connection.transactionAwaitingOthers(() => {
      deferred.run(undefined, ["a", 1]);
    });
    const before = connection.undone;
    const failing = (): void => {
      deferred.run(undefined, ["b", 2]);
      throw new Error("refused");
    };
    expect(() => connection.transactionAwaitingOthers(failing)).toThrow("refused");
    expect(connection.undone).toBe(before + 1);
    expect(all()).toEqual([["a", 1]]);
  });

  it("deferred writes become part of a transaction that goes on to write at once", () => {
    const { connection, deferred, direct, all } = openTable(place);
    connection.transactionAwaitingOthers(() => {
      deferred.run(undefined, ["a", 1]);
    });
    const failing = (): void => {
      deferred.run(undefined, ["b", 2]);
      direct.run("c", 3);
      deferred.run(undefined, ["d", 4]);
      expect(all()).toHaveLength(4);
      throw new Error("refused");
    };
    expect(() => connection.transaction(failing)).toThrow("refused");
    expect(all()).toEqual([["a", 1]]);
  });

  it("a failed transaction without writes does not count as undone", () => {
    const { connection } = openTable(place);
    const before = connection.undone;
    expect(() =>
      connection.transaction(() => {
        throw new Error("refused");
      }),
    ).toThrow("refused");
    expect(connection.undone).toBe(before);
  });
});

describe("for deferred writes in a file,", () => {
  it("deferred writes are made together at the end of the turn, and can be awaited", async () => {
    const { connection, deferred, all } = openTable("file");
    const ends = [1, 2, 3].map(
      (value) =>
        connection.transactionAwaitingOthers(() => {
          deferred.run(undefined, [`row ${value}`, value]);
        }).written,
    );
    expect(ends[0]).toBeInstanceOf(Promise);
    await Promise.all(ends);
    expect(all()).toHaveLength(3);
  });

  it("an ordinary transaction makes all deferred writes at once, also those of others", async () => {
    const { connection, deferred, all } = openTable("file");
    const { written } = connection.transactionAwaitingOthers(() => {
      deferred.run(undefined, ["a", 1]);
    });
    connection.transaction(() => {
      deferred.run(undefined, ["b", 2]);
    });
    await written;
    expect(all()).toHaveLength(2);
  });

  it("a deferred write that fails undoes its own transaction only", async () => {
    const { connection, deferred, all } = openTable("file");
    connection.exec("CREATE TABLE narrow (value INTEGER NOT NULL)");
    const refused = connection.prepareDeferred<[null]>("INSERT INTO narrow VALUES (?)");
    const before = connection.undone;
    const good = connection.transactionAwaitingOthers(() => {
      deferred.run(undefined, ["a", 1]);
    });
    const bad = connection.transactionAwaitingOthers(() => {
      deferred.run(undefined, ["b", 2]);
      refused.run(undefined, [null]);
    });
    expect(all()).toEqual([["a", 1]]);
    await expect(good.written).resolves.toBeUndefined();
    await expect(bad.written).rejects.toThrow("NOT NULL");
    expect(connection.undone).toBeGreaterThan(before);
  });
});

describe("when memory refuses a deferred write,", () => {
  it("only the refused write is undone, and the transaction that meets the error stays open", () => {
    const { connection, deferred, direct, all } = openTable("memory");
    connection.exec("CREATE TABLE narrow (value INTEGER NOT NULL)");
    const refused = connection.prepareDeferred<[null]>("INSERT INTO narrow VALUES (?)");
    connection.transactionAwaitingOthers(() => {
      deferred.run(undefined, ["a", 1]);
    });
    connection.transactionAwaitingOthers(() => {
      refused.run(undefined, [null]);
    });
    const failing = (): void => {
      deferred.run(undefined, ["b", 2]);
      expect(() => all()).toThrow("NOT NULL");
      direct.run("c", 3);
      throw new Error("refused");
    };
    expect(() => connection.transaction(failing)).toThrow("refused");
    expect(all()).toEqual([["a", 1]]);
  });
});
