/**
 * `npm run load`: what the emulator stands, for minutes: a soak, kills, a full disk, generated requests and garbage.
 * Prints an account, and fails when anything was wrong.
 *
 * Options: `--minutes N` of soak (default 3), `--rounds N` of kills (200), `--requests N` generated (100000), `--seed N`,
 * `--cli FILE` to run instead of the sources.
 */
import { parseArgs } from "node:util";
import { bombard } from "../fuzz/bombard.ts";
import { apis } from "../fuzz/documents.ts";
import { fire } from "../fuzz/fire.ts";
import { openWorld, residueOf } from "../fuzz/world.ts";
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
const seed = Number(values.seed);
const { cli } = values;
const wrong: string[] = [];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function account(
  title: string,
  { violations, ...figures }: { readonly violations: readonly string[]; readonly [figure: string]: unknown },
): void {
  say(`## ${title}\n${JSON.stringify(figures, null, 2)}\n${violations.length} violations`);
  for (const each of violations) say(`- ${each}`);
  wrong.push(...violations);
}

if (Number(values.minutes) > 0)
  account("Soak", { ...(await soak({ seconds: Number(values.minutes) * 60, sandboxes: 50, seed, cli })) });
if (Number(values.rounds) > 0)
  account("Kills", { ...(await crashAgainAndAgain({ rounds: Number(values.rounds), seed, cli, say })) });
account("A full disk and other troubles with the file", { ...(await starve({ cli })) });
const share = Math.ceil(Number(values.requests) / apis.length);
if (share > 0) {
  for (const api of apis) {
    const world = await openWorld();
    account(`Generated requests: ${api}`, { ...(await fire(world, api, { count: share, seed })) });
    const { held, sockets } = await residueOf(world);
    account("What they left", { held, sockets, violations: held + sockets > 0 ? ["something was left behind"] : [] });
    await world.close();
  }
  const world = await openWorld();
  account("Garbage", { ...(await bombard(world, { count: share, seed })) });
  await world.close();
}
say(wrong.length === 0 ? "Nothing was wrong." : `${wrong.length} things were wrong.`);
process.exitCode = wrong.length === 0 ? 0 : 1;
