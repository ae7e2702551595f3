import { expect } from "vitest";
import { test } from "../../../src/client/vitest.ts";

test("has its server already", ({ fauxgen }) => {
  expect(fauxgen.url).toMatch(/^http:/);
}, 50);
