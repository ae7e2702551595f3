/**
 * Tests for minutes what the emulator withstands (`npm run load`): a soak without a file and one with a file, kills, a
 * full disk, generated requests and garbage. Prints an account, and fails if anything was wrong.
 *
 * Options: `--minutes N` of soak (default 3), `--rounds N` of kills (200), `--requests N` generated (100000), `--seed
 * N`, `--cli FILE` to run instead of the sources: `dist/cli.js` for the packed build.
 */
import { parseArgs } from "node:util";
import { bombard } from "../fuzz/bombard.ts";
import { apis } from "../fuzz/documents.ts";
import { fire, rehearse, type FireOptions, type Fired } from "../fuzz/fire.ts";
import { survive } from "../fuzz/survive.ts";
import type { World } from "../fuzz/world.ts";
import { crashAgainAndAgain } from "./crash.ts";
import { soak } from "./soak.ts";
import { starve } from "./starve.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "3" },
    rounds: { type: "string", default: "200" },
    requests: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    cli: { type: "string" },
  },
});
const minutes = Number(values.minutes);
const rounds = Number(values.rounds);
const requests = Number(values.requests);
const seed = Number(values.seed);
const { cli } = values;
/** The length of a round of a soak; between rounds it pauses, and is compared with its account and measured. */
const ROUND_SECONDS = 30;
/** How many generated requests run at once; a tenth of them is held for a moment. */
const FUZZ_AT_ONCE = 16;
const GARBAGE_AT_ONCE = 64;
const wrong: string[] = [];
const began = performance.now();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a part, and prints its account and duration. */
async function account(
  title: string,
  part: () => Promise<{ readonly violations: readonly string[]; readonly [figure: string]: unknown }>,
): Promise<void> {
  say(`## ${title}`);
  const start = performance.now();
  const { violations, ...figures } = await part();
  const seconds = Math.round((performance.now() - start) / 1000);
  say(`${JSON.stringify(figures, null, 2)}\n${violations.length} violations, in ${seconds} s\n`);
  for (const each of violations) say(`- ${each}`);
  wrong.push(...violations);
}

/** The number of requests to each API. */
const share = Math.ceil(requests / apis.length);

async function attack(
  title: string,
  options: FireOptions,
  send: (world: World, options: FireOptions) => Promise<Fired>,
  rehearsal?: (options: FireOptions) => void,
): Promise<void> {
  const halves = { ...options, warmingUp: Math.ceil(options.count / 2) };
  await account(title, async () => ({ ...(await survive(send, halves, rehearsal)) }));
}

if (minutes > 0) {
  const soaking = { seconds: minutes * 60, rounds: Math.max(3, Math.round((minutes * 60) / ROUND_SECONDS)), cli, say };
  await account("Soak", async () => ({ ...(await soak({ ...soaking, sandboxes: 50, seed })) }));
  const short = { ...soaking, seconds: minutes * 15, rounds: 3 };
  await account("Soak with a file", async () => ({
    ...(await soak({ ...short, sandboxes: 50, seed: seed + 1, withData: true })),
  }));
}
if (rounds > 0)
  for (const isFollowed of [true, false])
    await account(isFollowed ? "Kills" : "Kills while commits are shared, without a follower", async () => ({
      ...(await crashAgainAndAgain({ rounds, seed, cli, isFollowed, say })),
    }));
await account("A full disk and other troubles with the file", async () => ({ ...(await starve({ cli })) }));
if (share > 0) {
  for (const api of apis)
    await attack(
      `Generated requests: ${api}`,
      { count: share, seed, atOnce: FUZZ_AT_ONCE },
      async (world, options) => fire(world, api, options),
      (options) => {
        rehearse(api, options);
      },
    );
  await attack("Garbage", { count: share, seed, atOnce: GARBAGE_AT_ONCE }, bombard);
}
say(
  `${wrong.length === 0 ? "Nothing was wrong" : `${wrong.length} things were wrong`}, in ${Math.round((performance.now() - began) / 1000)} s.`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
