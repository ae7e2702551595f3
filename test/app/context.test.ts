/** Tests that a running server notices the removal and the return of its --data file. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { buildApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { vendors } from "../../src/vendors/index.ts";
import { makeFolder } from "../store/version-files.ts";
import { control } from "../support/control.ts";
import { ManualWallClock } from "../support/engine.ts";

describe("the --data file", () => {
  it.each(["sandboxes", "rule_lists"])("with a damaged page of %s ends the start with one line", async (table) => {
    const file = join(makeFolder(), "data.db");
    const config = readConfig([{ values: { data: file, logLevel: "silent" }, nameOf: String }]);
    await (await buildApp({ config, vendors })).close();
    const database = new Database(file);
    const page = database
      .prepare<[string], number>("SELECT rootpage FROM sqlite_schema WHERE name = ?")
      .pluck()
      .get(table);
    const size = Number(database.pragma("page_size", { simple: true }));
    database.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xa5, size * ((page ?? 0) - 1), size * (page ?? 0)));
    await expect(buildApp({ config, vendors })).rejects.toThrow(
      `${file} is not a usable SQLite database (database disk image is malformed). Move it away, or use another file.`,
    );
  });

  it("is missed within seconds once it is removed: in the log, by readiness and in every write, until it is back", async () => {
    const file = join(makeFolder(), "data.db");
    const wall = new ManualWallClock();
    const config = readConfig([{ values: { data: file, logLevel: "silent" }, nameOf: String }]);
    const app = await buildApp({ config, vendors, wall });
    onTestFinished(async () => {
      await app.close();
    });
    const told = vi.spyOn(app.log, "error");
    const toldOfReturn = vi.spyOn(app.log, "warn");
    const ready = async () => (await control(app, "GET", "ready")).status;
    wall.pass(60_000);
    expect([told.mock.calls.length, await ready()]).toEqual([0, 200]);

    renameSync(file, `${file}.away`);
    wall.pass(3000);
    wall.pass(60_000);
    expect(told).toHaveBeenCalledTimes(1);
    expect(told.mock.calls[0]?.[1]).toContain("the --data file was removed, replaced or cut");
    expect(await ready()).toBe(503);
    expect((await control(app, "PUT", "sandboxes/late")).body).toMatchObject({ code: "not-ready" });

    renameSync(`${file}.away`, file);
    wall.pass(3000);
    expect(toldOfReturn.mock.calls[0]?.[0]).toContain("is back");
    expect(await ready()).toBe(200);
    expect((await control(app, "PUT", "sandboxes/late")).status).toBe(201);
  });
});
