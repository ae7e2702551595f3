/** Fails in each way that the vitest fixture reports; `vitest.test.ts` runs it and reads the reports. */
import { expect } from "vitest";
import { test } from "../../../src/client/vitest.ts";
import { generate } from "./app.ts";

test("fails", async ({ sandbox }) => {
  await generate(sandbox.vivix);
  expect(1).toBe(2);
});

test("verifies what was not sent", async ({ sandbox }) => {
  await generate(sandbox.vivix);
  await sandbox.requests.verify({ vendor: "vivix", body: { prompt: "something else" } });
});

test("leaves a rule unused", async ({ sandbox, settled }) => {
  await sandbox.rules.add({ when: { vendor: "oxen" }, scenario: "fail" });
  await settled();
});

test("calls a route that does not exist", async ({ sandbox, settled }) => {
  await generate(sandbox.vivix, "/api/v1/generat");
  await settled();
});

test("leaves a request held", async ({ sandbox, settled }) => {
  await sandbox.rules.add({ when: { vendor: "vivix" }, fault: "NEVER_ANSWER" });
  generate(sandbox.vivix).catch(() => undefined);
  await sandbox.waiters.atLeast(1);
  await settled();
});
