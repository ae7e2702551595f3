import { expect, test as plain } from "vitest";
import { test } from "../../../src/client/vitest.ts";

plain("needs no server", () => {
  expect(test).toBeTypeOf("function");
});
