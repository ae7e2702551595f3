/** Attacks the memory of a server with greedy clients, in memory and with a file. */
import { attackMemory } from "../greed.ts";
import type { LoadPart } from "../part.ts";

function greedPart(name: string, title: string, withData: boolean): LoadPart {
  return {
    name,
    title,
    explanation:
      "Each client attacks a process of its own, whose heap is limited to 300 MiB. The process must live, and its resident memory must stay below 700 MiB. After the deletion of every sandbox, its live memory must return to its earlier level.",
    run: async ({ cli }) => {
      const { attacks, violations } = await attackMemory({ scale: 1, withData, cli });
      return {
        tried: attacks.map(({ attack, peakMiB }) => ({
          what: `${attack} (at most ${peakMiB} MiB resident)`,
          times: 1,
          wrong: violations.filter((violation) => violation.startsWith(`${attack}:`)).length,
        })),
        violations,
        figures: attacks,
      };
    },
  };
}

export const greedParts: readonly LoadPart[] = [
  greedPart("greed", "Greedy clients, in memory", false),
  greedPart("greed-with-file", "Greedy clients, with a file", true),
];
