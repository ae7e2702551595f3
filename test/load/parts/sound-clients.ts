/** Judges the conduct of sound clients a thousand times: none of them may have a finding above a note. */
import type { LoadPart } from "../part.ts";
import { runSoundClients } from "../sound-clients.ts";

const RUNS = 1000;

export const soundClients: LoadPart = {
  name: "sound-clients",
  title: "Conduct of sound clients",
  explanation:
    "Reference clients that poll, hold reads, receive webhooks, order batches or do all of that, each written from the vendors' pages alone, run with random times, ends, faults and webhooks on their sandboxes' clocks. None may have a finding above a note about its conduct, or make more jobs than it was asked for.",
  run: async ({ seed, cli, say }) => {
    const { violations, runs, ...figures } = await runSoundClients({ runs: RUNS, seed, cli, say });
    const tried = Object.entries(runs)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([what, times]) => ({ what, times, wrong: violations.filter((each) => each.includes(`(${what},`)).length }));
    return { tried, violations, figures };
  },
};
