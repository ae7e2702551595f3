/** Tests how an answer is found among the listed answers of its operation. */
import { describe, expect, it } from "vitest";
import { OutcomeTable } from "../../../src/http/errors/outcome-table.ts";
import type { Outcome } from "../../../src/http/errors/outcome.ts";

const provoke: Outcome["provoke"] = { account: "main", method: "GET", path: "/acme/jobs/{id}" };
const read = (rest: Pick<Outcome, "status"> & Partial<Outcome>): Outcome => ({
  operation: "getGeneration",
  source: "doc",
  provoke,
  ...rest,
});

const tableOf = (...outcomes: Outcome[]): OutcomeTable =>
  new OutcomeTable([{ name: "acme", outcomes, vintages: ["1", "2"] }]);

const match = (table: OutcomeTable, status: number, ...rest: Parameters<ReturnType<typeof answersOf>["match"]>) =>
  answersOf(table, status).match(...rest);

function answersOf(table: OutcomeTable, status: number) {
  const answers = table.answersOf("acme", "getGeneration", status);
  if (answers === undefined) throw new Error("Acme is not in the table.");
  return answers;
}

describe("the table of listed answers", () => {
  it("has one row for several requests with the same answer, with the strongest source and the first request", () => {
    const other = { ...provoke, path: "/acme/jobs/unknown" };
    const table = tableOf(
      read({ status: 404, source: "inferred" }),
      read({ status: 404, source: "seed", provoke: other }),
    );
    expect(table.rowsOf("acme")).toEqual([
      { vendor: "acme", operation: "getGeneration", status: 404, isListed: true, source: "seed", provoke },
    ]);
  });

  it("finds the row with the phase that the answer shows", () => {
    const table = tableOf(read({ status: 200, phase: "queued" }), read({ status: 200, phase: "succeeded" }));
    expect(match(table, 200, "succeeded", "{}", undefined)).toMatchObject({ phase: "succeeded", isListed: true });
    expect(match(table, 200, "failed", "{}", undefined)).toMatchObject({ phase: "failed", isListed: false });
  });

  it("finds the row whose code the body has, before a row without a code", () => {
    const table = tableOf(
      read({ status: 400 }),
      read({ status: 400, code: "bad" }),
      read({ status: 400, code: "bad_size" }),
    );
    expect(match(table, 400, undefined, '{"code":"bad_size"}', undefined)).toMatchObject({ code: "bad_size" });
    expect(match(table, 400, undefined, '{"code":"bad"}', undefined)).toMatchObject({ code: "bad" });
    expect(match(table, 400, undefined, '{"code":"other"}', undefined)).not.toHaveProperty("code");
    expect(match(table, 400, undefined, undefined, undefined)).toMatchObject({ isListed: true });
  });

  it("counts no answer as one whose code its body does not have", () => {
    const table = tableOf(read({ status: 400, code: "bad" }));
    expect(match(table, 400, undefined, "<h1>Bad gateway</h1>", undefined)).toMatchObject({ isListed: false });
  });

  it("knows an answer by its sign where the code is a text of the example alone", () => {
    const table = tableOf(
      read({ status: 404, code: "No job called hat", sign: "No job called" }),
      read({ status: 200, code: "hat", sign: "" }),
    );
    expect(match(table, 404, undefined, "No job called shoe", undefined)).toMatchObject({ code: "No job called" });
    expect(match(table, 200, undefined, "shoe", undefined)).toMatchObject({ isListed: true });
    expect(match(table, 200, undefined, "shoe", undefined)).not.toHaveProperty("code");
  });

  it("tells versions of the API apart where an answer is one version's own", () => {
    const table = tableOf(
      read({ status: 404 }),
      read({ status: 404, vintage: "2" }),
      read({ status: 400, code: "bad_id", vintage: "2" }),
    );
    expect(table.rowsOf("acme").map(({ status, vintage }) => [status, vintage])).toEqual([
      [404, undefined],
      [400, "2"],
    ]);
    expect(match(table, 400, undefined, "bad_id", "2")).toMatchObject({ isListed: true });
    expect(match(table, 400, undefined, "bad_id", "1")).toMatchObject({ isListed: false });
  });

  it("has one answer for all that are in no row with the same status and phase", () => {
    const table = tableOf(read({ status: 200 }));
    const first = match(table, 418, undefined, "a", undefined);
    expect(match(table, 418, undefined, "b", undefined)).toBe(first);
    expect(match(table, 418, "queued", "b", undefined)).not.toBe(first);
  });

  it("finds the row of an answer that another server counted, and keeps an answer that it does not list", () => {
    const table = tableOf(read({ status: 200, phase: "queued" }));
    const [row] = table.rowsOf("acme");
    expect(table.sameAs({ vendor: "acme", operation: "getGeneration", status: 200, phase: "queued" })).toBe(row);
    const unlisted = { vendor: "bolt", operation: "getInk", status: 200 };
    expect(table.sameAs(unlisted)).toEqual({ ...unlisted, isListed: false });
    expect(table.sameAs({ ...unlisted, vendor: "acme" })).toBe(table.sameAs({ ...unlisted, vendor: "acme" }));
  });
});
