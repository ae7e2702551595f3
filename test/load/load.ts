/**
 * Tests for minutes what the emulator withstands (`npm run load`): the parts of `parts/index.ts`, one after the other.
 * Prints an account of each, and fails if anything was wrong.
 *
 * Options: `--parts NAME,…` (default all), `--minutes N` of soak, `--rounds N` of kills, `--requests N` generated,
 * `--seed N`, `--cli FILE` to run instead of the sources (`dist/cli.js` for the packed build), and `--publish` to store
 * the figures for docs/reliability.md.
 */
import { parseArgs } from "node:util";
import { FULL, type LoadOptions } from "./part.ts";
import { parts } from "./parts/index.ts";
import { storeResult } from "./reliability.ts";

const { values } = parseArgs({
  options: {
    parts: { type: "string" },
    minutes: { type: "string", default: String(FULL.minutes) },
    rounds: { type: "string", default: String(FULL.rounds) },
    requests: { type: "string", default: String(FULL.requests) },
    seed: { type: "string", default: "1" },
    cli: { type: "string" },
    publish: { type: "boolean", default: false },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const options: LoadOptions = {
  minutes: Number(values.minutes),
  rounds: Number(values.rounds),
  requests: Number(values.requests),
  seed: Number(values.seed),
  cli: values.cli,
  say,
};
const names = values.parts?.split(",");
const unknown = names?.filter((name) => !parts.some((part) => part.name === name)) ?? [];
if (unknown.length > 0)
  throw new Error(`No such part: ${unknown.join(", ")}. Parts: ${parts.map(({ name }) => name).join(", ")}.`);
if (
  values.publish &&
  (options.minutes < FULL.minutes || options.rounds < FULL.rounds || options.requests < FULL.requests)
)
  throw new Error("A shortened run says too little to be published.");

const wrong: string[] = [];
const began = performance.now();
for (const part of parts) {
  if (names !== undefined && !names.includes(part.name)) continue;
  say(`## ${part.title} (${part.name})`);
  const start = performance.now();
  const account = await part.run(options);
  const seconds = Math.round((performance.now() - start) / 1000);
  const { tried, violations, figures } = account;
  say(JSON.stringify({ tried, figures }, null, 2));
  say(`${violations.length} violations, in ${seconds} s\n`);
  for (const each of violations) say(`- ${each}`);
  wrong.push(...violations);
  if (values.publish) storeResult(part, { seed: options.seed, seconds }, account);
}
say(
  `${wrong.length === 0 ? "Nothing was wrong" : `${wrong.length} things were wrong`}, in ${Math.round((performance.now() - began) / 1000)} s.`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
