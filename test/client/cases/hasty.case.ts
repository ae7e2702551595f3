import { expect } from "vitest";
import { test } from "../../../src/client/vitest.ts";

test("has a started server before its own timeout begins", ({ fauxgen }) => {
  expect(fauxgen.url).toMatch(/^http:/);
}, 50);
