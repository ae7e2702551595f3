/** Tests the room on the disk that deletions may use. */
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { Reserve } from "../../src/store/reserve.ts";
import { Store } from "../../src/store/store.ts";
import { makeFolder } from "./version-files.ts";

const full = () => new Database.SqliteError("database or disk is full", "SQLITE_FULL");

function openStore() {
  const file = join(makeFolder(), "data.db");
  const store = new Store(file);
  onTestFinished(() => {
    store.close();
  });
  return { store, reserve: `${file}-reserve` };
}

describe("the reserve", () => {
  it("is taken when a file is opened, and only once", () => {
    const { store, reserve } = openStore();
    expect(statSync(reserve).size).toBe(4 * 1024 * 1024);
    writeFileSync(reserve, "a part");
    store.fillReserve();
    expect(statSync(reserve).size).toBe(6);
  });

  it("is given to a deletion that a full disk refuses, which runs again", () => {
    const { store, reserve } = openStore();
    const seen: boolean[] = [];
    store.deleteFromReserve(() => {
      seen.push(existsSync(reserve));
      if (existsSync(reserve)) throw full();
    });
    expect(seen).toEqual([true, false]);
    store.fillReserve();
    expect(existsSync(reserve)).toBe(true);
  });

  it("changes nothing for another error, and lets a second refusal through", () => {
    const { store, reserve } = openStore();
    expect(() => {
      store.deleteFromReserve(() => {
        throw new Error("broken");
      });
    }).toThrow("broken");
    expect(existsSync(reserve)).toBe(true);
    expect(() => {
      store.deleteFromReserve(() => {
        throw full();
      });
    }).toThrow("disk is full");
    expect(existsSync(reserve)).toBe(false);
  });

  it("is not left in part where the folder cannot be written", () => {
    const reserve = new Reserve("/proc/nowhere/data.db");
    reserve.fill();
    expect(reserve.release()).toBe(false);
  });
});
