/** Imports the vitest fixture and does not use it; `vitest.test.ts` runs it to see that no server starts. */
import { expect, test as plain } from "vitest";
import { test } from "../../../src/client/vitest.ts";

plain("needs no server", () => {
  expect(test).toBeTypeOf("function");
});
