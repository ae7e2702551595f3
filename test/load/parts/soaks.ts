/** Loads the server with a mix of jobs for minutes, in memory and with a file. */
import type { LoadOptions, LoadPart } from "../part.ts";
import { soak } from "../soak.ts";

/** The length of a round of a soak; between rounds it pauses, and is compared with its account and measured. */
const ROUND_SECONDS = 30;
const SANDBOXES = 50;

function soakPart(
  part: Pick<LoadPart, "name" | "title">,
  shape: (minutes: number) => { seconds: number; rounds: number },
  withData: boolean,
): LoadPart {
  return {
    ...part,
    explanation: `A mixed load of creates, reads, held requests, webhooks, faults, cancels and resets runs in ${SANDBOXES} sandboxes. A follower of the events counts every transition: none may be lost or repeated, and no client may get a 5xx that no fault caused. After a reset of every sandbox, memory must return to its earlier level.`,
    run: async ({ minutes, seed, cli, say }: LoadOptions) => {
      const options = { ...shape(minutes), seed: withData ? seed + 1 : seed, sandboxes: SANDBOXES, withData, cli, say };
      const { violations, ...figures } = await soak(options);
      const requests = Object.values(figures.statuses).reduce((sum, count) => sum + count, 0);
      return {
        tried: [{ what: "requests of the mixed load", times: requests, wrong: violations.length }],
        violations,
        figures,
      };
    },
  };
}

export const soakParts: readonly LoadPart[] = [
  soakPart(
    { name: "soak", title: "Minutes of load in memory" },
    (minutes) => ({ seconds: minutes * 60, rounds: Math.max(3, Math.round((minutes * 60) / ROUND_SECONDS)) }),
    false,
  ),
  soakPart(
    { name: "soak-with-file", title: "Minutes of load with a file" },
    (minutes) => ({ seconds: minutes * 15, rounds: 3 }),
    true,
  ),
];
