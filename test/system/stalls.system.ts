/** Attacks the time of the built server with smaller numbers than `npm run load`. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { attackTime } from "../load/stalls.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** The attacks that need little preparation; `npm run load` runs all of them. */
const SHORT = [
  "regular expressions that backtrack",
  "paths with many wildcards",
  "JSON and YAML with many keys",
  "thousands of rules",
  "bundles, lists and reports of many generations",
];

it("no attack keeps another sandbox's requests waiting", { timeout: 120_000 }, async () => {
  const { attacks, violations } = await attackTime({ scale: 0.05, cli, only: SHORT });
  expect(violations).toEqual([]);
  expect(attacks.map(({ attack }) => attack)).toEqual(SHORT);
});
