/** Tests what clients see while the disk of the --data file is full. */
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AccountRepository } from "../../../src/store/accounts.ts";
import { buildAcmeWorld, postGeneration, readCredits } from "../../support/acme.ts";

describe("a full disk", () => {
  it("fails a request that triggers due work with the vendor's own error, which the journal keeps", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
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
    const refused = await readCredits(world);
    isFull = false;
    expect(refused.statusCode).toBe(500);
    expect(refused.json()).toHaveProperty("code");
    expect(refused.headers["x-fauxgen-diagnostic"]).toContain("STORE_UNWRITABLE");
    const last = world.app.httpContext.journals.of(sandbox).entries().at(-1);
    expect(last).toMatchObject({ operation: "getCredits", status: 500 });
  });

  it("replaces a create's success with an error if the generation cannot be written", async () => {
    const world = await buildAcmeWorld();
    const { sandbox } = world;
    vi.spyOn(sandbox, "writeWithOthers").mockImplementation((work) => ({
      result: sandbox.write(work),
      written: Promise.reject(new Database.SqliteError("database or disk is full", "SQLITE_FULL")),
    }));
    const refused = await postGeneration(world);
    expect(refused.statusCode).toBe(500);
    expect(refused.headers).not.toHaveProperty("x-acme-credits");
    expect(refused.json()).toMatchObject({ request: refused.headers["x-acme-request"] });
    const [entry] = world.app.httpContext.journals.of(sandbox).entries();
    expect(entry).toMatchObject({ status: 500, responseBody: refused.body, generations: undefined });
  });

  it("does not fail answers that only need a request id, and the ids stay unique", async () => {
    const world = await buildAcmeWorld();
    const credits = async () => readCredits(world);
    const before = (await credits()).headers["x-acme-request"];
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
      ids.add(answer.headers["x-acme-request"]);
    }
    expect(ids.size).toBe(151);
    expect(full).toHaveBeenCalled();
    full.mockRestore();
    ids.add((await credits()).headers["x-acme-request"]);
    expect(ids.size).toBe(152);
  });
});
