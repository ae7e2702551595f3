import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AccountRepository } from "../../../src/store/accounts.ts";
import { vivix } from "../../../src/vendors/vivix/index.ts";
import { buildTestWorld } from "../../support/app.ts";

describe("a full disk", () => {
  it("fails a request that triggers due work with the vendor's own error, which the journal keeps", async () => {
    const world = await buildTestWorld();
    await world.send(vivix, "main", { method: "GET", url: "/api/v1/credits" });
    const { sandbox } = world;
    let isFull = true;
    sandbox.scheduler.schedule({
      at: sandbox.clock.now(),
      kind: "delivery",
      id: "due",
      run: () => {
        if (isFull) throw new Database.SqliteError("database or disk is full", "SQLITE_FULL");
        return undefined;
      },
    });
    const refused = await world.send(vivix, "main", { method: "GET", url: "/api/v1/credits" });
    isFull = false;
    expect(refused.statusCode).toBe(500);
    expect(refused.json()).toHaveProperty("error");
    expect(refused.headers["x-fauxgen-diagnostic"]).toContain("STORE_UNWRITABLE");
    const last = world.app.httpContext.journals.of(sandbox).entries().at(-1);
    expect(last).toMatchObject({ operation: "getCredits", status: 500 });
  });

  it("replaces a create's success with an error if the generation cannot be written", async () => {
    const world = await buildTestWorld();
    const { sandbox } = world;
    vi.spyOn(sandbox, "writeWithOthers").mockImplementation((work) => ({
      result: sandbox.write(work),
      written: Promise.reject(new Database.SqliteError("database or disk is full", "SQLITE_FULL")),
    }));
    const body = { model: "grok-imagine-image-quality", prompt: "a lighthouse" };
    const refused = await world.send(vivix, "main", { method: "POST", url: "/api/v1/generate", body });
    expect(refused.statusCode).toBe(500);
    expect(refused.headers).not.toHaveProperty("x-credits-balance");
    expect(refused.json()).toMatchObject({ request_id: refused.headers["x-request-id"] });
    const [entry] = world.app.httpContext.journals.of(sandbox).entries();
    expect(entry).toMatchObject({ status: 500, responseBody: refused.body, generations: undefined });
  });

  it("does not fail answers that only need a request id, and the ids stay unique", async () => {
    const world = await buildTestWorld();
    const credits = async () => world.send(vivix, "main", { method: "GET", url: "/api/v1/credits" });
    const before = (await credits()).headers["x-request-id"];
    const full = vi.spyOn(AccountRepository.prototype, "saveCounter").mockImplementation(() => {
      throw new Database.SqliteError("database or disk is full", "SQLITE_FULL");
    });
    onTestFinished(() => {
      full.mockRestore();
    });
    const ids = new Set([before]);
    for (let sent = 0; sent < 150; sent += 1) {
      const answer = await credits();
      expect(answer.statusCode).toBe(200);
      ids.add(answer.headers["x-request-id"]);
    }
    expect(ids.size).toBe(151);
    expect(full).toHaveBeenCalled();
    full.mockRestore();
    ids.add((await credits()).headers["x-request-id"]);
    expect(ids.size).toBe(152);
  });
});
