/** Measures the time until held requests are answered. */
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { percentile, spreadOf } from "../arithmetic.ts";
import type { Bench, Section } from "../bench-run.ts";
import { askJson, createOne, SANDBOX, waitOf } from "../fauxgen.ts";
import { fauxgenHolder, hold, letGo, referenceHolder, type Holder } from "../holding.ts";
import { stopServer } from "../process.ts";
import { BARE_PAIR, startReference } from "../references.ts";
import { figure, progress, ratioCells, spread } from "../report.ts";
import { Results } from "../results.ts";

const COUNT = 10_000;
const WARM_UP_ROUNDS = 2;
const WAITERS = 100;

/** Measures how fast held requests are answered: many requests for many jobs, and some requests for one job. */
export const releaseSection: Section = async (bench) => {
  bench.report.section("Answering held requests");
  await reportLettingGo(bench);
  await reportWaiters(bench);
};

async function reportLettingGo({ report, pace, fauxgen }: Bench): Promise<void> {
  const holders = new Map<string, Holder>([["fauxgen", fauxgenHolder(await fauxgen.start("fauxgen", []))]]);
  for (const name of Object.values(BARE_PAIR)) holders.set(name, referenceHolder(await startReference("Fastify")));
  const warmUp: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    progress(`holding ${COUNT}, to warm up`);
    for (const [name, holder] of holders) {
      const { last } = await timeLettingGo(holder);
      if (name === BARE_PAIR.reference) warmUp.push(last);
    }
  }
  const reference = { name: BARE_PAIR.reference, twin: BARE_PAIR.twin, leastInWarmUp: Math.min(...warmUp) };
  const results = new Results<"p50" | "last">("last", reference);
  for (let round = 0; round < pace.rounds; round += 1) {
    progress(`round ${round + 1} of ${pace.rounds}`);
    const order = [...holders];
    for (const [name, holder] of round % 2 === 0 ? order : order.toReversed())
      results.add(name, await timeLettingGo(holder));
  }
  report.reference(results.reference, "ms");
  report.table(
    ["server", "p50 ms", "last ms (quartiles)", "last to bare Fastify, quietest rounds", "all rounds"],
    [...holders.keys()].map((name) => [
      name,
      figure(results.of(name, "p50").median),
      spread(results.of(name, "last")),
      ...ratioCells(results.ratio(name)),
    ]),
  );
  report.say(
    `One request releases ${COUNT.toLocaleString("en")} held requests, each with its own socket and its own job. Times are from that request to the last byte of each response. All rounds use the same warmed-up processes; the previous section uses new processes.`,
  );
  for (const { server } of holders.values()) await stopServer(server);
}

async function timeLettingGo(holder: Holder): Promise<{ readonly p50: number; readonly last: number }> {
  const held = await hold(holder, await holder.prepare(COUNT));
  await pause(500);
  const times = await letGo(holder, held);
  return { p50: percentile(times, 0.5), last: percentile(times, 1) };
}

/** Reports the time for many clients that wait for one generation, which ends on a running clock. */
async function reportWaiters({ report, pace, fauxgen }: Bench): Promise<void> {
  progress(`${WAITERS} clients that wait for one generation`);
  const server = await fauxgen.start("fauxgen", ["--timing", "queued=0s,processing=1s"]);
  const holder = fauxgenHolder(server);
  const ended = z.object({ endedAt: z.iso.datetime() });
  const time = async (): Promise<number> => {
    const id = await createOne(server);
    const { answered, close } = await hold(
      holder,
      Array.from({ length: WAITERS }, () => waitOf(id)),
    );
    const last = performance.timeOrigin + Math.max(...(await answered));
    close();
    const path = `${SANDBOX}/generations/${id}`;
    const { endedAt } = ended.parse(await askJson(server, { method: "GET", path }));
    return last - Date.parse(endedAt);
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await time();
  const times: number[] = [];
  for (let round = 0; round < pace.rounds; round += 1) times.push(await time());
  report.say(
    `${WAITERS} clients wait for one generation on a running clock: ${spread(spreadOf(times))} ms (quartiles of ${pace.rounds} rounds) from its end to the last byte of the last response.`,
  );
  await stopServer(server);
}
