/** Needs a server within a timeout shorter than the server's start; `vitest.test.ts` runs it. */
import { expect } from "vitest";
import { test } from "../../../src/client/vitest.ts";

test("has a started server before its own timeout begins", ({ fauxgen }) => {
  expect(fauxgen.url).toMatch(/^http:/);
}, 50);
