/** Attacks the time of a server, while another process reads the status of another sandbox's generation. */
import type { LoadPart } from "../part.ts";
import { attackTime } from "../stalls.ts";

export const stalls: LoadPart = {
  name: "stalls",
  title: "One request that keeps others waiting",
  explanation:
    "During each attack, another process reads the status of another sandbox's generation every 5 ms, whether the reads before were answered or not. The slowest read may take 50 ms more than without the attack, and so long may a turn of the server's event loop take in processor time. An attack that exceeds is repeated twice, because other processes of the machine delay the server too.",
  run: async ({ cli }) => {
    const { attacks, violations } = await attackTime({ scale: 1, cli });
    return {
      tried: attacks.map(({ attack, attacked, longestTurnMs }) => ({
        what: `${attack} (longest turn ${Math.ceil(longestTurnMs)} ms)`,
        times: attacked.reads,
        wrong: violations.filter((violation) => violation.startsWith(`${attack}:`)).length,
      })),
      violations,
      figures: attacks,
    };
  },
};
