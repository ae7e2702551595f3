/** Attacks the memory of the built server with fewer of each greedy client than `npm run load`. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { attackMemory } from "../load/greed.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

it.each([false, true])(
  "no greedy client ends a process with a heap of 300 MiB, or makes it keep memory after a reset (with a file: %s)",
  { timeout: 300_000 },
  async (withData) => {
    const { attacks, violations } = await attackMemory({ scale: 0.05, withData, cli });
    expect(violations).toEqual([]);
    expect(attacks.length).toBeGreaterThan(5);
  },
);
