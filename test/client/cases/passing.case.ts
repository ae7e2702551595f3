/** Uses the vitest fixture as a user's passing tests do; `vitest.test.ts` runs it. */
import { describe, expect } from "vitest";
import { test } from "../../../src/client/vitest.ts";
import { generate } from "./app.ts";

const names = new Set<string>();

describe.each(["one", "other"])("the %s suite", () => {
  test("has its own sandbox", async ({ sandbox, settled }) => {
    names.add(sandbox.name);
    await generate(sandbox.vivix);
    expect(await sandbox.generations.list()).toHaveLength(1);
    await settled();
  });
});

test("deletes the sandboxes of earlier tests", async ({ fauxgen, sandbox }) => {
  expect(names.size).toBe(2);
  const present = await fauxgen.sandboxes();
  expect(present).toContain(sandbox.name);
  for (const name of names) expect(present).not.toContain(name);
});

test("uses the server of FAUXGEN_URL if it is set", ({ fauxgen }) => {
  const { FAUXGEN_URL } = process.env;
  if (FAUXGEN_URL === undefined) expect(fauxgen.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  else expect(fauxgen.url).toBe(FAUXGEN_URL);
});

describe("a suite with settings", () => {
  test.override({ sandboxSettings: { clock: { mode: "frozen" }, now: "2030-01-01T00:00:00Z" } });

  test("applies its settings to each sandbox", async ({ sandbox }) => {
    expect(await sandbox.clock.now()).toEqual(new Date("2030-01-01T00:00:00Z"));
  });
});
