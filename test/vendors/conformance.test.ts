/** Tests what every vendor must do; the rules of one vendor are tested in its own folder. */
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/http/errors/outcome.ts";
import { vendors } from "../../src/vendors/index.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { deadUrls } from "../support/own-urls.ts";
import { provokeInWorld } from "../support/provoke.ts";

const title = (vendor: Vendor, { operation, status, code, phase, vintage }: Outcome): string =>
  [vendor.name, operation, status, code, phase, vintage].filter((part) => part !== undefined).join(" ");

describe.each(vendors.map((vendor) => ({ vendor, name: vendor.name })))("$name", ({ vendor }) => {
  it.each(vendor.outcomes.map((outcome) => ({ outcome, title: title(vendor, outcome) })))(
    "a request provokes the outcome $title",
    async ({ outcome }) => {
      const { world, response } = await provokeInWorld(vendor, outcome);
      const { table, run } = world.app.httpContext.coverage;
      const row = table.rowOf(vendor.name, outcome);
      expect({ row, counted: run.all().map(([answer]) => answer) }).toMatchObject({ row: { isListed: true } });
      expect(row === undefined ? 0 : run.countOf(row)).toBeGreaterThan(0);
      expect({ status: response.statusCode, body: response.body.slice(0, 500) }).toMatchObject({
        status: outcome.status,
      });
      if (outcome.code !== undefined) expect(response.body).toContain(outcome.code);
      // A deletion also removes the files.
      if (!outcome.operation.startsWith("delete")) expect(await deadUrls(world, response)).toEqual([]);
    },
  );
});
